"""One look for all who wait: reading the same anew for each of many at once would only make all of them wait longer."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Seen = TypeVar("Seen")


class Looks(Generic[Seen]):
    """Of each thing one look is under way at a time. Whoever asks meanwhile is answered by the next one, which begins after they have
    asked: nobody is told what was true before they came.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[Seen]] = {}
        self._next: dict[Hashable, asyncio.Task[Seen]] = {}

    async def look(self, at: Hashable, read: Callable[[], Awaitable[Seen]]) -> Seen:
        """What a `read` says that has not begun before this call. Raises what it raises. All who name the same `at` must be content
        with each other's `read`.
        """
        task = self._next.get(at)
        if task is None:
            task = asyncio.create_task(self._turn(at, read, self._under_way.get(at)))
            self._next[at] = task
        # It is nobody's own: who goes away takes nothing from the others.
        return await asyncio.shield(task)

    async def _turn(self, at: Hashable, read: Callable[[], Awaitable[Seen]], before: asyncio.Task[Seen] | None) -> Seen:
        if before is not None:
            await asyncio.wait([before])
        # Whoever comes from here on waits for the one after this.
        self._under_way[at] = self._next.pop(at)
        try:
            return await read()
        finally:
            del self._under_way[at]
