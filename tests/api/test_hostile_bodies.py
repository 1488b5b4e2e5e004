"""Whatever is sent as a body is answered plainly, soon and shortly, and the service is as before."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.api.hostile_bodies import BODIES, plan
from tests.api.serving import on_a_socket
from tests.factories import World

PATH = "/v1/plans"
JSON = {"Content-Type": "application/json"}
PLAIN = {400, 404, 413, 415, 422}
LARGEST_ANSWER = 30_000
LONGEST = 2.0
"""Seconds, on a machine that others use as well: a body of one MiB is read in a tenth of a second."""


@pytest.mark.parametrize("name", BODIES)
async def test_a_hostile_body_is_answered_plainly_and_soon(http: httpx.AsyncClient, world: World, name: str) -> None:
    headers = {**world.coordinator(world.school), **JSON}
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        answer = await http.post(PATH, content=BODIES[name], headers=headers)
        taken.append(time.perf_counter() - started)
        assert answer.status_code in PLAIN, answer.text[:500]
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert len(answer.content) < LARGEST_ANSWER
        if min(taken) < LONGEST:
            break
    assert min(taken) < LONGEST
    assert (await http.get("/readyz")).status_code in (200, 503)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_nothing_is_unpacked(http: httpx.AsyncClient, world: World, encoding: str) -> None:
    headers = {**world.coordinator(world.school), **JSON, "Content-Encoding": encoding}
    answer = await http.post(PATH, content=BODIES["a bomb of gzip"], headers=headers)
    assert answer.status_code == 422
    assert answer.json()["violations"][0]["code"] == "json-invalid"


async def test_a_stranger_is_answered_as_soon(http: httpx.AsyncClient) -> None:
    for body in BODIES.values():
        assert (await http.post(PATH, content=body, headers=JSON)).status_code in PLAIN | {401}


async def test_the_service_is_as_before(http: httpx.AsyncClient, world: World, app: FastAPI) -> None:
    headers = {**world.coordinator(world.school), **JSON}
    await asyncio.gather(*(http.post(PATH, content=body, headers=headers) for body in BODIES.values()))
    assert (await http.get(PATH, headers=headers)).json() == {"items": [], "next": None}
    assert (await http.get("/healthz")).status_code == 200
    assert app.state.register.database.engine.pool.checkedout() == 0


async def test_a_body_that_stops_half_way_holds_nothing(app: FastAPI, settings: Settings, world: World) -> None:
    """Whoever announces a body and never sends it keeps a connection of the server, and none of the database."""
    assert settings.pool_size < 50
    token = world.coordinator(world.school)["Authorization"]
    async with on_a_socket(app) as port:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
        for _, writer in slow:
            writer.write(
                f"POST {PATH} HTTP/1.1\r\nHost: r\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
                f"Content-Length: 1000\r\n\r\n".encode()
                + plan()[:50]
            )
            await writer.drain()
        await asyncio.sleep(0.2)
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"http://127.0.0.1:{port}{PATH}", headers={"Authorization": token})
        assert answer.status_code == 200
        assert app.state.register.database.engine.pool.checkedout() == 0
        for _, writer in slow:
            writer.close()
        await asyncio.sleep(0.1)
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200


async def test_a_body_that_never_ends_is_ended(http: httpx.AsyncClient, world: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"[" * 65_536
            await asyncio.sleep(0)

    headers = {**world.coordinator(world.school), **JSON}
    async with asyncio.timeout(20):
        assert (await http.post(PATH, content=endless(), headers=headers)).status_code == 413
