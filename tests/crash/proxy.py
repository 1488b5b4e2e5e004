"""Stands between two sides on loopback, and cuts connections where it hurts: around a COMMIT, and around an answer."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Cut(StrEnum):
    """What never arrives, and whether the other side did what it was told."""

    COMMIT = "COMMIT is lost"
    COMMITTED = "the answer to COMMIT is lost"
    REQUEST = "the request is cut"
    ANSWER = "the answer is lost"


OF_COMMIT, OF_REQUEST = frozenset({Cut.COMMIT, Cut.COMMITTED}), frozenset({Cut.REQUEST, Cut.ANSWER})


@dataclass(slots=True, kw_only=True)
class Proxy:
    """`reach` connects to the other side, wherever that is by now. While `armed`, every second chance to cut is taken, `left` times."""

    reach: Callable[[], Awaitable[Pair]]
    random: Random
    armed: Cut | None = None
    left: int = 0
    port: int = 0
    made: Counter[Cut] = field(default_factory=Counter)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def arm(self, cut: Cut, times: int) -> None:
        self.armed, self.left = cut, times

    def disarm(self) -> None:
        self.armed, self.left = None, 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):  # asyncio would complain of a task that is cancelled
                there, back = await self.reach()
                try:
                    await self._join(_Link(self, writer, back), reader, there)
                finally:
                    back.transport.abort()
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    @staticmethod
    async def _join(link: "_Link", near: asyncio.StreamReader, far: asyncio.StreamReader) -> None:
        ways = [asyncio.create_task(link.forth(near)), asyncio.create_task(link.back(far))]
        try:
            # Whichever side ends, or is cut off, the other one hears of it.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    def cuts(self, *those: Cut) -> Cut | None:
        if self.armed not in those or self.left == 0 or self.random.random() < 0.5:
            return None
        self.left -= 1
        self.made[self.armed] += 1
        return self.armed


@dataclass(slots=True)
class _Link:
    proxy: Proxy
    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    is_answered: bool = False

    async def forth(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65_536):
            self.is_answered = False
            if b"COMMIT\x00" in data:
                cut = self.proxy.cuts(Cut.COMMIT, Cut.COMMITTED)
                if cut is Cut.COMMIT:
                    return
                if cut is Cut.COMMITTED:
                    await self._send(self.far, data)
                    await asyncio.sleep(0.05)  # long enough for the server to do it
                    return
            if b"POST /v1/sync" in data and self.proxy.cuts(Cut.REQUEST):
                await self._send(self.far, data[: len(data) // 2])
                return
            await self._send(self.far, data)

    async def back(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65_536):
            if not self.is_answered and data.startswith(b"HTTP/1.1 200") and self.proxy.cuts(Cut.ANSWER):
                return
            self.is_answered = True
            await self._send(self.near, data)

    @staticmethod
    async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(data)
        await writer.drain()
