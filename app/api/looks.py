"""One look for all who wait: reading the same anew for each of many at once would only make all of them wait longer."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar

Seen = TypeVar("Seen")

AT_ONCE: Final = 4
"""Looks at one thing that may be under way: with a single one, all would stand still whenever the database is slow to answer it."""


class Looks(Generic[Seen]):
    """Of each thing a few looks are under way at a time. Whoever asks meanwhile is answered by the next one, which begins after they have
    asked: nobody is told what was true before they came.
    """

    def __init__(self, *, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._under_way: dict[Hashable, set[asyncio.Task[Seen]]] = {}
        self._next: dict[Hashable, asyncio.Task[Seen]] = {}

    async def look(self, at: Hashable, read: Callable[[], Awaitable[Seen]]) -> Seen:
        """What a `read` says that has not begun before this call. Raises what it raises. All who name the same `at` must be content
        with each other's `read`.
        """
        task = self._next.get(at)
        if task is None:
            task = self._next[at] = asyncio.create_task(self._turn(at, read))
        # It is nobody's own: who goes away takes nothing from the others.
        return await asyncio.shield(task)

    async def _turn(self, at: Hashable, read: Callable[[], Awaitable[Seen]]) -> Seen:
        under_way = self._under_way.setdefault(at, set())
        if len(under_way) >= self._at_once:
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        # Whoever comes from here on waits for the one after this.
        task = self._next.pop(at)
        under_way.add(task)
        try:
            return await read()
        finally:
            under_way.discard(task)
            if not under_way and at not in self._next:
                del self._under_way[at]
