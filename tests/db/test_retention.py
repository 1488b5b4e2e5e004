"""What is due is erased, one student at a time; what is not is left alone, however often it runs."""

import asyncio
from datetime import date
from uuid import UUID

import asyncpg
import httpx
import pytest

from app.db import erasure, retention
from app.db.reference import packaged
from app.db.retention import Run
from app.db.scopes import RETENTION
from app.db.session import Database
from app.domain.actors import Actor, Role
from app.domain.deeds import Action, Deed
from app.domain.erasures import Erasable, Tombstone
from app.domain.ids import StudentId
from tests.factories import World, draft_plan, end_enrolment, enrol, identify_risk, register_student

DEED = Deed(
    actor=Actor(subject="night", role=Role.ADMINISTRATOR), action=Action.ERASE, noun="student", correlation_id="a-run"
)
PERSON_DUE, RECORDS_DUE = date(2024, 10, 30), date(2034, 1, 1)
"""For a student who left and whose plan ended on 2021-10-29, under the packaged rules."""


@pytest.fixture(autouse=True)
async def nobody_else(owner: asyncpg.Connection) -> None:
    await owner.execute(
        "TRUNCATE student, student_alias, student_access, enrolment, risk, plan, plan_risk, planned_measure, plan_provider, plan_step,"
        " intervention, outcome, outcome_result, erasure_tombstone, person.person, person.personal_code, person.stated_code"
    )


async def run(database: Database, on: date, *, dry: bool = False) -> Run:
    told = [each async for each in retention.run(database, packaged().retention, DEED, on=on, dry=dry)]
    return told[-1]


async def left(http: httpx.AsyncClient, world: World, on: str = "2021-10-29") -> str:
    """The id of a student with a risk and a plan, who left on that day."""
    student_id = await register_student(http, world, world.school)
    risk = await identify_risk(http, world, student_id, world.school)
    enrolment = await enrol(http, world, student_id, world.school)
    await draft_plan(http, world, enrolment, risk_ids=[risk["id"]])
    await end_enrolment(http, world, enrolment, on=on)
    return student_id


async def there(owner: asyncpg.Connection) -> tuple[set[str], set[str]]:
    """Whose person is there, and whose records."""
    persons = {str(row[0]) for row in await owner.fetch("SELECT student_id FROM person.person")}
    return persons, {str(row[0]) for row in await owner.fetch("SELECT student_id FROM plan")}


async def test_a_dry_run_tells_and_changes_nothing(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, database: Database
) -> None:
    student_id = await left(http, world)
    for on, due in ((date(2024, 10, 29), {}), (PERSON_DUE, {"rule-1": 1}), (RECORDS_DUE, {"rule-4": 1})):
        told = await run(database, on, dry=True)
        assert (told.looked_at, dict(told.due), dict(told.erased)) == (1, due, {})
    assert await there(owner) == ({student_id}, {student_id})
    assert await owner.fetchval("SELECT count(*) FROM erasure_tombstone") == 0


async def test_the_person_goes_first_and_the_records_years_later(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, database: Database
) -> None:
    student_id = await left(http, world)
    assert dict((await run(database, PERSON_DUE)).erased) == {"rule-1": 1}
    assert await there(owner) == (set(), {student_id})
    assert (await http.get(f"/v1/students/{student_id}", headers=world.head(world.school))).status_code == 200
    assert dict((await run(database, RECORDS_DUE)).erased) == {"rule-4": 1}
    assert await there(owner) == (set(), set())
    stones = await owner.fetch("SELECT student_id::text, what, erased_on, reason FROM erasure_tombstone ORDER BY what")
    assert [tuple(each) for each in stones] == [
        (student_id, "PERSON", PERSON_DUE, "rule-1"),
        (student_id, "RECORDS", RECORDS_DUE, "rule-4"),
    ]
    audited = await owner.fetch(
        "SELECT subject, reason FROM audit_event WHERE action = 'ERASE' AND record_id = $1", student_id
    )
    assert [tuple(each) for each in audited] == [("night", "rule-1"), ("night", "rule-4")]


async def test_it_may_run_twice(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, database: Database
) -> None:
    students = [await left(http, world) for _ in range(3)]
    assert dict((await run(database, PERSON_DUE)).erased) == {"rule-1": 3}
    again = await run(database, PERSON_DUE)
    assert (again.looked_at, dict(again.due), dict(again.erased)) == (3, {}, {})
    query = "SELECT count(*) FROM audit_event WHERE reason = 'rule-1' AND record_id = ANY ($1)"
    assert await owner.fetchval(query, students) == 3


async def test_a_run_that_dies_is_gone_on_with(
    http: httpx.AsyncClient,
    world: World,
    owner: asyncpg.Connection,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the run has committed stays; the student at whom it died is whole, and due again."""
    students = {await left(http, world) for _ in range(3)}
    real, calls = erasure.erase, []

    async def dying(*given: object) -> int:
        calls.append(given)
        erased = await real(*given)  # type: ignore[arg-type]  # handed through
        if len(calls) == 2:
            raise LookupError("the machine died")
        return erased

    monkeypatch.setattr(erasure, "erase", dying)
    with pytest.raises(LookupError):
        await run(database, RECORDS_DUE)
    monkeypatch.undo()
    persons, records = await there(owner)
    assert (len(persons), persons) == (2, records)
    assert await owner.fetchval("SELECT count(*) FROM erasure_tombstone") == 1
    assert dict((await run(database, RECORDS_DUE)).erased) == {"rule-4": 2}
    stones = await owner.fetch("SELECT student_id::text FROM erasure_tombstone")
    assert {each[0] for each in stones} == students


async def test_nothing_of_the_enrolled_and_the_restricted_is_erased(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, database: Database
) -> None:
    enrolled = await register_student(http, world, world.school)
    await enrol(http, world, enrolled, world.school)
    restricted = await left(http, world)
    path, headers = f"/v1/students/{restricted}/restriction", world.head(world.school)
    assert (await http.post(path, json={"reason": "A claim."}, headers=headers)).status_code == 200
    told = await run(database, RECORDS_DUE)
    assert (dict(told.due), dict(told.held), dict(told.erased)) == ({"rule-4": 1}, {"rule-4": 1}, {})
    assert (await there(owner))[0] == {enrolled, restricted}


async def test_whoever_is_in_use_is_left_for_the_next_run(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, database: Database
) -> None:
    student_id = await left(http, world)
    async with owner.transaction():
        await owner.execute("SELECT FROM student WHERE student_id = $1 FOR KEY SHARE", UUID(student_id))
        told = await run(database, PERSON_DUE)
        assert (dict(told.busy), dict(told.erased)) == ({"rule-1": 1}, {})
    assert dict((await run(database, PERSON_DUE)).erased) == {"rule-1": 1}


async def test_whoever_records_something_meanwhile_finds_no_student(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, database: Database
) -> None:
    """The addition waits for the erasure, so nothing is left behind of a student who is gone."""
    student_id = StudentId(UUID(await left(http, world)))
    body = {
        "student_id": str(student_id),
        "institution_id": world.school,
        "type": "LANGUAGE_BARRIER",
        "identified_on": "2021-09-20",
        "identified_by": "TEACHER",
        "severity": "LOW",
    }
    async with database.transaction(RETENTION) as connection:
        assert await erasure.lock(connection, student_id)
        adding = asyncio.create_task(http.post("/v1/risks", json=body, headers=world.coordinator(world.school)))
        await asyncio.sleep(0.3)
        assert not adding.done()
        stone = Tombstone(student_id=student_id, what=Erasable.RECORDS, on=RECORDS_DUE, reason="request")
        await erasure.erase(connection, stone, DEED)
    assert (await adding).status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM risk") == 0
