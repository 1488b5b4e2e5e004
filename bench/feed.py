"""The whole first load of the authority over HTTP, against COPY of the same JSON; and its first page, against a trivial request."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from app.db import feed_texts
from app.domain.changes import TYPES
from bench.house import Bench, client_of, serving_apart, the_authority
from bench.measure import Result, paired

PAGE = 10_000
AT_LEAST = 0.60
"""Rows/s of the feed to those of COPY."""
AT_MOST = 10
"""Times as long as a trivial request."""
ROUNDS, FIRST_ROUNDS = int(os.environ.get("ROUNDS", "5")), 15


async def feed(bench: Bench) -> list[Result]:
    return [
        await _load(bench),
        await _begin(bench, "feed-first-rows", limit=100, at_most=AT_MOST),
        await _begin(bench, "feed-first-page", limit=1_000, at_most=None),
    ]


async def _load(bench: Bench) -> Result:
    counts = [await bench.owner.fetchval(f"SELECT count(*) FROM {noun}") for noun in TYPES]  # noqa: S608 - our own tables
    rows = sum(counts)

    async def followed() -> None:
        cursor, items, more = "", 0, True
        # Anew each time: while the limit is measured, the service gives up a connection on which nothing is asked.
        async with _wire(apart) as wire:
            while more:
                body = await wire.get(f"/v1/changes?limit={PAGE}{cursor}")
                end = json.loads(body[body.rindex(b"\n", 0, -1) :])
                cursor, more = f"&cursor={end['cursor']}", end["more"]
                items += body.count(b"\n") - 1
        assert items == rows + 2, "the load says where it begins and where it ends, and nothing is missing in between"

    async def copied() -> None:
        found = 0
        for noun in TYPES:
            query = f"SELECT {feed_texts.item(noun, keyed=False)} FROM {noun}"  # noqa: S608 - our own expressions
            found += int((await bench.owner.copy_from_query(query, output=_nowhere)).split()[1])
        assert found == rows

    async with serving_apart(bench.house) as url, client_of(bench.house, url, the_authority()) as apart:
        ours, limit = await paired(followed, copied, rounds=ROUNDS)
    return Result(
        name="feed",
        ours=rows / ours,
        limit=rows / limit,
        unit="rows/s",
        note=f"{rows:,} rows; the authority's first load as NDJSON in pages of {PAGE:,}, against COPY (SELECT the same JSON) as the owner",
        at_least=AT_LEAST,
    )


async def _nowhere(_data: bytes) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Wire:
    """HTTP without a library: on a machine with few processors, a client that parses would be measured along."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    token: str

    async def get(self, path: str) -> bytes:
        self.writer.write(
            f"GET {path} HTTP/1.1\r\nHost: register\r\nAccept: application/x-ndjson\r\nAuthorization: {self.token}\r\n\r\n".encode()
        )
        status, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = dict(line.lower().split(": ", 1) for line in lines if line)
        assert status.split()[1] == "200", status
        return await self.reader.readexactly(int(headers["content-length"]))


@asynccontextmanager
async def _wire(client: httpx.AsyncClient) -> AsyncIterator[_Wire]:
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port, limit=2**24)
    yield _Wire(reader, writer, client.headers["Authorization"])
    writer.close()
    await writer.wait_closed()


async def _begin(bench: Bench, name: str, limit: int, at_most: float | None) -> Result:
    async def first() -> None:
        assert (await bench.authority.get("/v1/changes", params={"limit": limit})).is_success

    async def trivial() -> None:
        assert (await bench.authority.get("/v1/me")).is_success

    ours, trivially = await paired(first, trivial, rounds=FIRST_ROUNDS)
    return Result(
        name=name,
        ours=ours * 1_000,
        limit=trivially * 1_000,
        unit="ms",
        note=f"the first page of the authority's first load with limit={limit}, against GET /v1/me",
        at_most=at_most,
    )
