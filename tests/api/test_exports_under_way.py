"""Exports on a real socket: read no faster than they are fetched, broken off from either side, and never more than a few at a time."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any
from unittest.mock import patch

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pyarrow import parquet

from app.db import audit
from app.db.exports import PART
from app.db.parquet import ROWS as RECORDS
from app.domain.errors import Unavailable
from app.main import create_app
from app.settings import Settings
from tests.api.delivered import active_plan, consultation, recorded
from tests.api.serving import on_a_socket
from tests.api.test_audit import kept
from tests.factories import World

ROWS = 90_000
PATH = "/v1/interventions/export"


@pytest.fixture(scope="module", autouse=True)
async def many(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    """So many interventions that no buffer on the way holds them all."""
    plan = await active_plan(http, world, owner)
    body = consultation(plan, mode="REMOTE", head_order="x" * 200, confirmed_on="2021-10-11")
    made = await recorded(http, "/v1/interventions", body, world.coordinator(world.school))
    columns = await owner.fetchval(
        "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
        " WHERE table_name = 'intervention' AND column_name <> 'id'"
    )
    await owner.execute(
        f"INSERT INTO intervention (id, {columns}) SELECT gen_random_uuid(), {columns}"  # noqa: S608 - our own columns
        f" FROM intervention CROSS JOIN generate_series(2, {ROWS}) WHERE id = $1::text::uuid",
        made["id"],
    )
    await owner.execute("SELECT statistics_rebuild()")


PATIENCE = 5.0


@asynccontextmanager
async def begun(port: int, headers: dict[str, str], correlation_id: str) -> AsyncIterator[asyncio.StreamReader]:
    """An export whose beginning has been read."""
    fields = {**headers, "Host": "r", "X-Correlation-Id": correlation_id}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    status, began = b"", time.monotonic()
    # Of one that was broken off the service hears a moment after PostgreSQL has: until then its caller has none to spare.
    while not status.startswith(b"HTTP/1.1 200"):
        assert time.monotonic() - began < PATIENCE, status
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=65_536)
        writer.write(f"GET {PATH} HTTP/1.1\r\n{head}\r\n".encode())
        status = await reader.readuntil(b"\r\n\r\n")
        if status.startswith(b"HTTP/1.1 409"):
            writer.transport.abort()
            await asyncio.sleep(0.05)
    assert b"transfer-encoding: chunked" in status.lower()
    try:
        yield reader
    finally:
        writer.transport.abort()


@asynccontextmanager
async def served(settings: Settings, **others: Any) -> AsyncIterator[tuple[FastAPI, int]]:
    app = create_app(settings.model_copy(update=others))
    async with app.router.lifespan_context(app), on_a_socket(app) as port:
        yield app, port


async def reading(owner: asyncpg.Connection) -> int:
    """Exports that hold a transaction."""
    return int(
        await owner.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY (SELECT%' AND state <> 'idle'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


async def until_nobody_reads(owner: asyncpg.Connection, seconds: float) -> None:
    began = time.monotonic()
    while await reading(owner):
        assert time.monotonic() - began < seconds
        await asyncio.sleep(0.05)


async def test_an_export_of_many_is_whole(settings: Settings, world: World, owner: asyncpg.Connection) -> None:
    async with served(settings) as (_app, port), httpx.AsyncClient(timeout=60) as client:
        headers = {**world.head(world.school), "X-Correlation-Id": "export-of-many"}
        answer = await client.get(f"http://127.0.0.1:{port}{PATH}", headers=headers)
    ids = {line[:36] for line in answer.text.split("\r\n")[1:] if line}
    assert len(ids) == ROWS
    parts = -(-len(answer.content) // PART)
    assert parts / 2 <= len(await kept(owner, "export-of-many")) <= parts


async def test_parquet_of_many_comes_in_row_groups(settings: Settings, world: World, owner: asyncpg.Connection) -> None:
    async with served(settings) as (_app, port), httpx.AsyncClient(timeout=60) as client:
        headers = {**world.head(world.school), "X-Correlation-Id": "parquet-of-many"}
        answer = await client.get(f"http://127.0.0.1:{port}{PATH}?format=parquet", headers=headers)
    file = parquet.ParquetFile(BytesIO(answer.content))
    assert len(file.read(["id"]).column("id").unique()) == ROWS
    assert [file.metadata.row_group(each).num_rows >= RECORDS for each in range(file.num_row_groups)] == [True, False]
    columns = {name: index for index, name in enumerate(file.schema_arrow.names)}
    for group in (file.metadata.row_group(each) for each in range(file.num_row_groups)):
        # Codes are in a dictionary all through; ids, of which there are no two, are in none.
        assert set(group.column(columns["purpose"]).encodings) == {"PLAIN", "RLE", "RLE_DICTIONARY"}
        assert group.column(columns["purpose"]).total_uncompressed_size < group.num_rows
        assert not group.column(columns["id"]).has_dictionary_page
    # The parts that were read are in the audit, as those of a table are.
    assert len(await kept(owner, "parquet-of-many")) > ROWS * 400 / 2 / PART


async def test_it_is_read_no_faster_than_it_is_fetched(
    settings: Settings, world: World, owner: asyncpg.Connection
) -> None:
    async with served(settings) as (_app, port):
        async with begun(port, world.head(world.school), "slow-fetch") as reader:
            await asyncio.sleep(1)
            assert await reading(owner) == 1
            before = await kept(owner, "slow-fetch")
            got = 0
            while got < 3 * PART:
                got += len(await reader.read(65_536))
            assert await reading(owner) == 1
        entries = await kept(owner, "slow-fetch")
        # What lies in the buffers of sockets is kept as well: it may have left. And nothing has left that is not kept.
        assert len(before) * PART < ROWS * 400 / 2
        assert len(entries) >= 3


async def test_whoever_goes_away_ends_it(settings: Settings, world: World, owner: asyncpg.Connection) -> None:
    async with served(settings) as (app, port):
        for _ in range(3):
            async with begun(port, world.head(world.school), "gone-away") as reader:
                await reader.readexactly(10_000)
                assert await reading(owner) == 1
            await until_nobody_reads(owner, 5)
        # Connections are whole, and the caller's turn is over.
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.get(f"http://127.0.0.1:{port}{PATH}", headers=world.head(world.school))
            assert answer.text.count("\r\n") == ROWS + 1
        assert app.state.register.database.engine.pool.checkedout() == 0


async def test_whoever_is_too_slow_is_broken_off(settings: Settings, world: World, owner: asyncpg.Connection) -> None:
    head = world.head(world.school)
    async with served(settings, export_seconds=1) as (_app, port), begun(port, head, "too-slow") as reader:
        assert await reading(owner) == 1
        await until_nobody_reads(owner, 10)
        # Its turn is over, though it has still not read what was sent.
        async with begun(port, head, "the-next") as other:
            await other.readexactly(1_000)
        rest = b""
        while data := await reader.read(2**20):
            rest = (rest + data)[-100:]
        # The end that says that it is whole is missing.
        assert not rest.endswith(b"0\r\n\r\n")


async def test_a_few_at_a_time_and_one_of_each_caller(settings: Settings, world: World) -> None:
    async with served(settings, pool_size=8) as (_app, port), httpx.AsyncClient(timeout=60) as client:
        one, two, three = world.head(world.school), world.coordinator(world.school), world.municipality(world.madona)
        address = f"http://127.0.0.1:{port}"
        async with begun(port, one, "first-of-two"):
            again = await client.get(f"{address}{PATH}", headers=one)
            assert (again.status_code, again.json()["type"]) == (409, "/problems/export-under-way")
            async with begun(port, two, "second-of-two"):
                answer = await client.get(f"{address}{PATH}", headers=three)
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
                lists = [client.get(f"{address}/v1/risks", headers=one) for _ in range(20)]
                assert all(each.is_success for each in await asyncio.gather(*lists))


async def test_nothing_leaves_that_is_not_kept(settings: Settings, world: World) -> None:
    """The first time the audit cannot be written nothing is answered, a later time no more is sent."""
    calls, real = 0, audit.append

    async def fails_from(place: int, *arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls >= place:
            raise Unavailable
        await real(*arguments)

    async with served(settings) as (_app, port), httpx.AsyncClient(timeout=60) as client:
        address, head = f"http://127.0.0.1:{port}{PATH}", world.head(world.school)
        with patch.object(audit, "append", lambda *each: fails_from(1, *each)):
            answer = await client.get(address, headers=head)
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
        calls = 0
        with patch.object(audit, "append", lambda *each: fails_from(3, *each)):
            got = bytearray()
            with pytest.raises(httpx.RemoteProtocolError):
                await _fetch(client, address, head, got)
        assert PART <= len(got) < 3 * PART
        assert (await client.get(address, headers=head)).is_success


async def _fetch(client: httpx.AsyncClient, address: str, headers: dict[str, str], got: bytearray) -> None:
    async with client.stream("GET", address, headers=headers) as response:
        async for data in response.aiter_bytes():
            got.extend(data)
