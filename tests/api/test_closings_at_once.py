"""A closing beside those who are writing: it waits for them, they wait for it, and nothing slips in after it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.api.register import Register
from app.db import scopes
from app.db.scopes import DatabaseRole, Scope
from app.settings import Settings
from tests.api.closing import AFTERWARDS, close, kind, reopen, service_on
from tests.api.delivered import active_plan, consultation
from tests.api.plan_chain import moved
from tests.factories import Json, World
from tests.sync.waiting import until_one_waits

OK, CREATED = httpx.codes.OK, httpx.codes.CREATED
WRITERS = 24


@pytest.fixture
async def later(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with service_on(settings, AFTERWARDS) as client:
        yield client


@pytest.fixture
async def plan(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> AsyncIterator[Json]:
    active = await active_plan(http, world, owner)
    yield await moved(http, active, "completion", world.coordinator(world.school))
    await owner.execute("DELETE FROM semester_closing")


@pytest.fixture
def register(app: FastAPI) -> Register:
    return app.state.register  # type: ignore[no-any-return]


async def record(http: httpx.AsyncClient, world: World, plan: Json, day: int) -> httpx.Response:
    body = consultation(plan, on=f"2021-10-{day:02}")
    return await http.post("/v1/interventions", json=body, headers=world.coordinator(world.school))


async def test_a_closing_waits_for_whoever_writes_and_they_wait_for_it(
    later: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json, register: Register
) -> None:
    school = Scope(role=DatabaseRole.SCHOOL, institution_ids=(world.school,))
    async with register.database.transaction(school):
        closing = asyncio.create_task(close(later, world))
        await until_one_waits(owner)
        behind = asyncio.create_task(record(later, world, plan, 12))
        done, _waiting = await asyncio.wait([closing, behind], timeout=0.3)
        assert not done
    assert (await closing).status_code == OK
    assert kind(await behind) == "semester-closed"


async def test_a_closing_does_not_wait_for_long(
    later: httpx.AsyncClient, world: World, plan: Json, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scopes, "_PATIENCE_OF_A_CLOSING", "50ms")
    async with register.database.transaction(Scope(role=DatabaseRole.PARTNER)):
        assert kind(await close(later, world)) == "busy"
    assert (await record(later, world, plan, 12)).status_code == CREATED
    assert (await close(later, world)).status_code == OK


async def test_nothing_is_recorded_after_it(
    later: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    """However it falls among them: what was answered as recorded was there when the closing was answered."""
    writers = [asyncio.create_task(record(later, world, plan, 5 + day)) for day in range(WRITERS)]
    await asyncio.wait(writers, return_when=asyncio.FIRST_COMPLETED)
    assert (await close(later, world)).status_code == OK
    count = "SELECT count(*) FROM intervention WHERE plan_id = $1::text::uuid"
    when_closed = await owner.fetchval(count, plan["id"])
    answers = await asyncio.gather(*writers)
    assert await owner.fetchval(count, plan["id"]) == when_closed
    assert [each.status_code for each in answers].count(CREATED) == when_closed
    assert {kind(each) for each in answers if each.status_code != CREATED} <= {"semester-closed"}


async def test_of_many_closings_one_is_made(later: httpx.AsyncClient, world: World, plan: Json) -> None:
    answers = await asyncio.gather(*(close(later, world) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [OK] + [httpx.codes.CONFLICT] * 7
    answers = await asyncio.gather(*(reopen(later, world) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [OK] + [httpx.codes.CONFLICT] * 7
    assert (await record(later, world, plan, 12)).status_code == CREATED
