"""Many connections that ask the same again and again, for a time and for a number of times, whichever ends first."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 32
SECONDS = 1.0
MOST = 5_000
"""Requests of one connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A POST of JSON, and the token it is sent with."""

    url: str
    path: str
    body: bytes
    token: str = ""

    def as_sent(self) -> bytes:
        lines = (
            f"POST {self.path} HTTP/1.1",
            "Host: register",
            "Content-Type: application/json",
            f"Content-Length: {len(self.body)}",
            f"Authorization: {self.token}",
        )
        return "\r\n".join((*lines, "", "")).encode() + self.body


async def per_second(asked: Sequence[Asked], answer: bytes) -> float:
    """Answers, each of which must be this one. The connections take the requests in turns."""
    until = time.perf_counter() + SECONDS
    started = time.perf_counter()
    counts = await asyncio.gather(*(_ask(asked[n % len(asked)], answer, until) for n in range(CONNECTIONS)))
    return sum(counts) / (time.perf_counter() - started)


async def _ask(asked: Asked, answer: bytes, until: float) -> int:
    """HTTP without a library: a client that parses would take the time that it measures."""
    address, sent, count = urlsplit(asked.url), asked.as_sent(), 0
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=2**20)
    while count < MOST and time.perf_counter() < until:
        writer.write(sent)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        length = int(head.partition(b"content-length: ")[2].partition(b"\r")[0])
        assert await reader.readexactly(length) == answer
        count += 1
    writer.close()
    await writer.wait_closed()
    return count
