"""Batches that record the same at the same moment: each record is there once, and every batch is answered."""

import asyncio

import asyncpg
import httpx

from app.domain.actors import Role
from tests.factories import World, a_person
from tests.sync import records
from tests.sync.batches import counted, item, sent
from tests.sync.records import up_to_a_plan

TABLES = ("person.person", "enrolment", "risk", "plan", "outcome")


async def how_many(owner: asyncpg.Connection) -> dict[str, int]:
    return {each: await owner.fetchval(f"SELECT count(*) FROM {each}") for each in TABLES}  # noqa: S608 - from the line above


async def test_the_same_new_records_at_once(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    items = [each for key in ("A", "B", "C") for each in (*up_to_a_plan(key), records.year_outcome(key))]
    before = await how_many(owner)
    orders = [items, items[::-1], items, items[::-1]]
    reports = await asyncio.gather(*(sent(http, world, each) for each in orders))
    assert await how_many(owner) == {each: there + 3 for each, there in before.items()}
    created = [
        counted(each).get(noun, {}).get("created", 0) for each in reports for noun in ("student", "risk", "plan")
    ]
    assert sum(created) == 9
    assert all(each["rejected"] == [] for each in reports)


async def test_the_same_record_under_the_ids_of_two_systems(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """As when a school changes its system: the second adopts what the first has sent, whichever comes first."""
    person = a_person()
    items = [records.student("D", person), records.enrolment("D"), records.year_outcome("D")]
    other = world.named("another-system", Role.SYNC_CLIENT, institution_ids=frozenset({world.school}))
    before = await how_many(owner)
    reports = await asyncio.gather(
        *(sent(http, world, items, headers=headers) for headers in ({}, other) for _ in range(2))
    )
    there = await how_many(owner)
    for each in ("person.person", "enrolment", "outcome"):
        assert there[each] == before[each] + 1, each
    assert all(each["rejected"] == [] for each in reports)


async def test_steps_of_a_plan_at_once_are_taken_once(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    await sent(http, world, up_to_a_plan("E"))
    reports = await asyncio.gather(*(sent(http, world, [item("plan", "P-E", op="submit")]) for _ in range(4)))
    assert sorted(str(counted(each)["plan"]) for each in reports) == ["{'unchanged': 1}"] * 3 + ["{'updated': 1}"]
    plan_id = await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = 'P-E'")
    assert await owner.fetchval("SELECT count(*) FROM plan_step WHERE plan_id = $1", plan_id) == 1
