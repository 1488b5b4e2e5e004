"""Answers of the statistics as they were sent, found again by their tag (`app/api/standings.py`): nobody is handed what would not be the
answer to the same question, of the same data, in the same scope and on the same day.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from sys import getsizeof
from typing import Final

BESIDES: Final = 400
"""Bytes that an answer takes besides its own: its tag, and its place."""
PART: Final = 8
"""What is larger than this part of all the room is not kept: it would displace too many others."""


class Answers:
    """In the memory of this process, at most `room` bytes; what was asked for least recently is forgotten first.

    A tag must have been had before the data of its answer is read. Newer data under an older tag is what anybody would get who asked a
    moment later, and nobody is given that tag any more; older data under a newer tag would be wrong.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._being_made: dict[str, asyncio.Task[bytes | None]] = {}
        self.size = 0

    def find(self, tag: str) -> bytes | None:
        body = self._kept.get(tag)
        if body is not None:
            self._kept.move_to_end(tag)
        return body

    async def of(self, tag: str, make: Callable[[], Awaitable[bytes | None]]) -> bytes | None:
        """What is kept, or what `make` says: it is asked once for all who want the same meanwhile. Raises what it raises.

        None: what it has found is for whoever asked alone, such as an error that is told with an id of the request. It is not kept, and
        all others have to ask for themselves.
        """
        if (body := self.find(tag)) is not None:
            return body
        making = self._being_made.get(tag)
        if making is None:
            making = self._being_made[tag] = asyncio.create_task(self._make(tag, make))
        # It is nobody's own: who goes away takes nothing from the others.
        return await asyncio.shield(making)

    async def _make(self, tag: str, make: Callable[[], Awaitable[bytes | None]]) -> bytes | None:
        try:
            body = await make()
            if body is not None:
                self._keep(tag, body)
            return body
        finally:
            del self._being_made[tag]

    def _keep(self, tag: str, body: bytes) -> None:
        if _size(body) > self._room // PART:
            return
        self._kept[tag] = body
        self.size += _size(body)
        while self.size > self._room:
            _, forgotten = self._kept.popitem(last=False)
            self.size -= _size(forgotten)


def _size(body: bytes) -> int:
    return getsizeof(body) + BESIDES
