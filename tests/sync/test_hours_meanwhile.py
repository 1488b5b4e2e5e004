"""A batch sees its interventions before it may lock their plans. What somebody changes in between frees no hours of a day twice."""

import asyncio
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.delivered import active_plan, seen
from tests.factories import Json, World
from tests.sync.batches import consultation, item, send, sent, wrong
from tests.sync.waiting import until_wait

Meanwhile = Callable[[httpx.AsyncClient, World, Json, str], Coroutine[Any, Any, httpx.Response]]


def key(plan: Json, place: int) -> str:
    return f"{plan['id']}-{place}"


async def deleted(http: httpx.AsyncClient, world: World, plan: Json, record_id: str) -> httpx.Response:
    assert plan
    return await http.delete(f"/v1/interventions/{record_id}", headers=seen(world.coordinator(world.school), 1))


async def patched(http: httpx.AsyncClient, world: World, plan: Json, record_id: str, **changes: str) -> httpx.Response:
    assert plan
    headers = seen(world.coordinator(world.school), 1)
    return await http.patch(f"/v1/interventions/{record_id}", json=changes, headers=headers)


async def missed(http: httpx.AsyncClient, world: World, plan: Json, record_id: str) -> httpx.Response:
    return await patched(http, world, plan, record_id, attendance="DID_NOT_COME")


async def raised(http: httpx.AsyncClient, world: World, plan: Json, record_id: str) -> httpx.Response:
    return await patched(http, world, plan, record_id, hours="6")


async def sent_by_another(http: httpx.AsyncClient, world: World, plan: Json, record_id: str) -> httpx.Response:
    assert record_id
    return await send(
        http, world, [item("intervention", key(plan, 0), consultation(plan, hours="6", attendance="ILL"))]
    )


async def after(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, meanwhile: Meanwhile, was: str, hours: list[str]
) -> tuple[Decimal, set[tuple[int, str, str]]]:
    """The hours of the day, and what was wrong, when a batch of interventions with these hours has waited for what was
    done to the first of them, which had `was`.
    """
    plan = await active_plan(http, world, owner)
    await sent(http, world, [item("intervention", key(plan, 0), consultation(plan, hours=was))])
    of_plan = "FROM intervention WHERE plan_id = $1::text::uuid"
    record_id = str(await owner.fetchval(f"SELECT id {of_plan}", plan["id"]))
    batch = [item("intervention", key(plan, place), consultation(plan, hours=each)) for place, each in enumerate(hours)]
    async with owner.transaction():
        await owner.execute("SELECT FROM plan WHERE id = $1::text::uuid FOR NO KEY UPDATE", plan["id"])
        first = asyncio.create_task(meanwhile(http, world, plan, record_id))
        await until_wait(owner, 1)
        second = asyncio.create_task(send(http, world, batch))
        await until_wait(owner, 2)
    assert (await first).is_success
    report = (await second).json()
    attended = "attendance = (SELECT id FROM code WHERE list = 'attendances' AND code = 'ATTENDED')"
    kept = await owner.fetchval(f"SELECT sum(hours) {of_plan} AND {attended}", plan["id"])
    return kept, set(wrong(report))


@pytest.mark.parametrize("meanwhile", [deleted, missed, sent_by_another])
async def test_what_is_gone_meanwhile_leaves_its_hours_once(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, meanwhile: Meanwhile
) -> None:
    kept, refused = await after(http, world, owner, meanwhile, "6", ["0.5", "6", "6"])
    assert (kept, refused) == (Decimal("6.5"), {(3, "/data/hours", "too-many-hours")})


async def test_what_is_raised_meanwhile_and_lowered_by_the_batch_leaves_room(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    assert await after(http, world, owner, raised, "1", ["0.5", "6"]) == (Decimal("6.5"), set())
