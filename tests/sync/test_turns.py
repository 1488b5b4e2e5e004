"""Batches arrive and are applied in turns: one client keeps nobody else waiting, and who it is is asked when its turn has come."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.api.sync import body
from app.api.turns import Turns
from app.domain.errors import Unavailable
from tests.api.clients import a_system, bearer_of, operator
from tests.api.delivered import active_plan
from tests.factories import World
from tests.sync.batches import consultation, item, ndjson, send, sent, wrong

HEADERS = {"Content-Type": "application/x-ndjson"}


async def test_of_one_client_few_at_a_time_and_others_beside_it() -> None:
    turns, running, most = Turns(total=3, each=2, patience=5), {"one": 0, "two": 0}, {"one": 0, "two": 0}

    async def work(client: str) -> None:
        async with turns.turn(client):
            running[client] += 1
            most[client] = max(most[client], running[client])
            await asyncio.sleep(0.01)
            running[client] -= 1

    await asyncio.gather(*(work("one") for _ in range(10)), *(work("two") for _ in range(3)))
    assert most["one"] == 2
    assert 1 <= most["two"] <= 2


async def test_who_waits_too_long_is_told_to_come_again_and_leaves_nothing_behind() -> None:
    turns = Turns(total=1, each=1, patience=0.05)
    async with turns.turn("one"):
        for client in ("one", "two"):
            with pytest.raises(Unavailable):
                async with turns.turn(client):
                    pytest.fail("its turn had not come")
    async with turns.turn("two"):
        pass


@pytest.mark.parametrize("path", ["batches", "snapshots"])
async def test_a_client_that_is_revoked_while_its_body_arrives_records_nothing(
    app: FastAPI, http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, path: str
) -> None:
    system = await a_system(app, world.school)
    plan = await active_plan(http, world, owner)
    headers = await bearer_of(http, system)

    async def slowly() -> AsyncIterator[bytes]:
        yield ndjson([item("intervention", "late", consultation(plan))])
        await operator(app).revoke(system.issued.client.id)
        yield b"\n"

    answer = await http.post(
        f"/v1/sync/{path}",
        content=slowly(),
        params={"type": "intervention", "semester": "2021-1"} if path == "snapshots" else {},
        headers={**HEADERS, **headers, "Idempotency-Key": "late"},
    )
    assert answer.status_code == httpx.codes.UNAUTHORIZED, answer.text
    assert await owner.fetchval("SELECT count(*) FROM intervention WHERE plan_id = $1::text::uuid", plan["id"]) == 0


async def test_a_body_that_comes_too_slowly_is_not_waited_for(
    http: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "GRACE", 0.05)

    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    answer = await http.post(
        "/v1/sync/batches",
        content=never(),
        headers={**HEADERS, **world.sync(world.school), "Idempotency-Key": "slow"},
    )
    assert answer.status_code == httpx.codes.REQUEST_TIMEOUT
    assert answer.json()["type"] == "/problems/request-timeout"


async def test_a_small_body_of_many_lines_that_are_no_items_is_refused_as_a_whole(
    http: httpx.AsyncClient, world: World
) -> None:
    many = gzip.compress(b"1\n" * 400_000)
    answer = await send(http, world, many, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert [each["code"] for each in answer.json()["violations"]] == ["body-invalid"]
    few = await sent(http, world, b"1\n" * 1_000)
    assert few["counts"]["unreadable"]["rejected"] == 1_000


async def test_a_key_that_stands_there_twice_however_it_is_written(http: httpx.AsyncClient, world: World) -> None:
    twice = b'{"type": "risk", "external_id" : "a", "external_id":"b"}\n'
    assert wrong(await sent(http, world, twice)) == [(1, "", "repeated-key")]


async def test_true_is_no_institution(http: httpx.AsyncClient, world: World) -> None:
    report = await sent(
        http,
        world,
        [item("enrolment", "E-true", {"student": "S", "institution": True, "grade": 7, "from": "2021-09-01"})],
    )
    assert wrong(report) == [(1, "/data/institution", "string-type")]
