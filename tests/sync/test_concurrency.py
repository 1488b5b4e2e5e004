"""Many at once: the same record, the same person, and batches that want the same things in different orders."""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import asyncpg
import httpx
import pytest

from app.api.sync import run
from app.domain.actors import Role
from tests.api.delivered import active_plan
from tests.factories import Json, World, a_person
from tests.sync import records
from tests.sync.batches import consultation, item, ndjson, send, sent
from tests.sync.waiting import until_one_waits

MANY = 16


async def all_at_once(http: httpx.AsyncClient, world: World, batches: list[list[Json]], **how: Any) -> list[Json]:
    answers = await asyncio.gather(*(send(http, world, each, **how) for each in batches))
    assert {answer.status_code for answer in answers} == {httpx.codes.OK}, [answer.text for answer in answers]
    reports = [answer.json() for answer in answers]
    assert [report["rejected"] for report in reports] == [[]] * len(batches)
    return reports


def bare_plan(key: str) -> Json:
    """Without risks, which would be somebody's own."""
    return records.plan(key, risks=[], planned_measures=[])


def counted(reports: list[Json], item_type: str) -> dict[str, int]:
    total: Counter[str] = Counter()
    for report in reports:
        total.update(report["counts"].get(item_type, {}))
    return {verdict: number for verdict, number in total.items() if number}


async def test_sixteen_say_the_same(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    plan = await active_plan(http, world, owner)
    same = [item("intervention", "S-1", consultation(plan))]
    reports = await all_at_once(http, world, [same] * MANY)
    assert counted(reports, "intervention") == {"created": 1, "unchanged": MANY - 1}
    assert await owner.fetchval("SELECT count(*) FROM intervention WHERE plan_id = $1::text::uuid", plan["id"]) == 1


async def test_sixteen_say_something_else(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    plan = await active_plan(http, world, owner)
    days = [f"2021-10-{day}" for day in range(11, 11 + MANY)]
    reports = await all_at_once(http, world, [[item("intervention", "S-2", consultation(plan, on=on))] for on in days])
    assert counted(reports, "intervention") == {"created": 1, "updated": MANY - 1}
    rows = await owner.fetch("SELECT valid_from, version FROM intervention WHERE plan_id = $1::text::uuid", plan["id"])
    assert [(str(row["valid_from"]) in days, row["version"]) for row in rows] == [(True, MANY)]


async def test_sixteen_record_and_delete(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    plan = await active_plan(http, world, owner)
    said, gone = item("intervention", "S-3", consultation(plan)), item("intervention", "S-3", op="delete")
    reports = await all_at_once(http, world, [[said], [gone]] * (MANY // 2))
    total = Counter(counted(reports, "intervention"))
    left = await owner.fetchval("SELECT count(*) FROM intervention WHERE plan_id = $1::text::uuid", plan["id"])
    assert total["created"] - total["deleted"] == left
    assert (await sent(http, world, [gone]))["counts"]["intervention"]["deleted"] == left


async def test_the_same_key_sixteen_times(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    """One of them is applied. The others hear what came of it, or that it is at work."""
    plan = await active_plan(http, world, owner)
    items = [item("intervention", "S-4", consultation(plan))]
    answers = await asyncio.gather(*(send(http, world, items, key="sixteen-times") for _ in range(MANY)))
    done = [answer for answer in answers if answer.status_code == httpx.codes.OK]
    assert len({answer.json()["id"] for answer in done}) == 1
    assert ["Idempotency-Replayed" in answer.headers for answer in done].count(False) == 1
    for answer in answers:
        if answer not in done:
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/batch-running")
            assert int(answer.headers["Retry-After"]) > 0
    assert (await sent(http, world, items, key="sixteen-times"))["id"] == done[0].json()["id"]


async def test_one_person_under_sixteen_ids(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    """The person, the enrolment and the plan are found by what they are, whatever the source calls them."""
    person, before = a_person(), await owner.fetchval("SELECT count(*) FROM student")
    batches = []
    for number in range(MANY):
        key = f"N{number}"
        batches.append([bare_plan(key), records.enrolment(key), records.student(key, person)])
    reports = await all_at_once(http, world, batches)
    for each in ("student", "enrolment", "plan"):
        assert counted(reports, each) == {"created": 1, "unchanged": MANY - 1}, each
    assert await owner.fetchval("SELECT count(*) FROM student") == before + 1
    found = await owner.fetch(
        "SELECT type, count(DISTINCT record_id) AS records, count(*) AS keys FROM source_key"
        " WHERE external_id LIKE '_-N%' GROUP BY type"
    )
    assert {tuple(row) for row in found} == {(each, 1, MANY) for each in ("student", "enrolment", "plan")}


async def test_batches_that_want_the_same_in_different_orders(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few items at a time, so that each batch holds some plans and keys while it waits for others."""
    monkeypatch.setattr(run, "AT_ONCE", 3)
    random = Random(1)
    active = [await active_plan(http, world, owner) for _ in range(3)]
    people = {f"O-{number}": a_person() for number in range(3)}
    interventions = [
        (f"O-{place}-{day}", plan, f"2021-10-{day}") for place, plan in enumerate(active) for day in range(11, 16)
    ]

    def batch() -> list[Json]:
        hours = random.choice(["1.00", "1.50", "2.00"])
        items = [item("intervention", key, consultation(plan, on=on, hours=hours)) for key, plan, on in interventions]
        for key, person in people.items():
            items += [
                records.student(key, person),
                records.enrolment(key, grade=random.choice([7, 8])),
                records.risk(key, severity=random.choice(["HIGH", "LOW"])),
                records.plan(key),
            ]
        random.shuffle(items)
        return items

    reports = await all_at_once(http, world, [batch() for _ in range(MANY)])
    for each, number in (("intervention", 15), ("student", 3), ("enrolment", 3), ("risk", 3), ("plan", 3)):
        assert counted(reports, each)["created"] == number, each
    kept = await owner.fetchval(
        "SELECT count(*) FROM intervention WHERE plan_id = ANY($1::text[]::uuid[])", [each["id"] for each in active]
    )
    assert kept == len(interventions)


async def test_two_systems_of_one_school(http: httpx.AsyncClient, world: World) -> None:
    """Each has keys of its own, and both mean the same people, enrolments and plans."""
    people = [a_person() for _ in range(5)]

    def batch(system: int) -> list[Json]:
        items = []
        for number, person in enumerate(people):
            key = f"T-{system}-{number}"
            items += [records.student(key, person), records.enrolment(key), bare_plan(key)]
        Random(system).shuffle(items)
        return items

    async def deliver(system: int) -> httpx.Response:
        bearer = world.named(f"system-{system}", Role.SYNC_CLIENT, institution_ids=frozenset({world.school}))
        return await send(http, world, ndjson(batch(system)), headers=bearer)

    answers = await asyncio.gather(*(deliver(system) for system in range(MANY)))
    assert {answer.status_code for answer in answers} == {httpx.codes.OK}
    reports = [answer.json() for answer in answers]
    assert [report["rejected"] for report in reports] == [[]] * MANY
    for each in ("student", "enrolment", "plan"):
        assert counted(reports, each) == {"created": len(people), "unchanged": len(people) * (MANY - 1)}


STUDENT = "SELECT record_id FROM source_key WHERE external_id = $1"
CHANGED: dict[str, Json] = {"enrolment": {"grade": 8}, "risk": {"severity": "LOW"}, "plan": {"to": "2021-12-01"}}


@pytest.mark.parametrize("made", [records.enrolment, records.risk, bare_plan], ids=["enrolment", "risk", "plan"])
async def test_what_is_deleted_while_it_is_sent_anew_is_recorded_anew(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, made: Callable[[str], Json]
) -> None:
    item_type = made("")["type"]
    key = f"D-{item_type}"
    items = [records.student(key), records.enrolment(key), *([] if item_type == "enrolment" else [made(key)])]
    await sent(http, world, items)
    changed = items[-1] | {"data": items[-1]["data"] | CHANGED[item_type]}
    async with asyncio.timeout(20):
        async with owner.transaction():
            await owner.execute(f"DELETE FROM {item_type} WHERE student_id = ({STUDENT})", f"S-{key}")  # noqa: S608 - names of tables
            anew = asyncio.create_task(sent(http, world, [changed]))
            await until_one_waits(owner)
        report = await anew
    assert report["rejected"] == []
    assert counted([report], item_type) == {"created": 1}
    assert (await sent(http, world, [changed]))["counts"][item_type]["unchanged"] == 1
