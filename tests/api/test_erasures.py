"""Erasure on request: what is gone, what stays, and who the same person is afterwards."""

import asyncpg
import httpx
import pytest

from tests.api.delivered import active_plan, consultation, recorded
from tests.api.outcomes import of_plan, of_year_before
from tests.factories import Json, World, a_person, draft_plan, enrol, identify_risk, register_student

REASON = "Decision 1.9-23/118: recorded without a basis."
ABSENT = "00000000-0000-4000-8000-000000000000"
SEALED = ("person.person", "person.personal_code", "person.stated_code", "identity_disclosure")
RECORDS = (
    "enrolment",
    "risk",
    "plan",
    "plan_risk",
    "planned_measure",
    "plan_provider",
    "plan_step",
    "intervention",
    "outcome",
    "outcome_result",
    "statistics_plan",
    "statistics_risk",
    "statistics_delivery",
    "statistics_student",
)


WITH_STUDENTS = """
SELECT c.oid::regclass::text AS name FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND a.attname = 'student_id' AND c.relnamespace::regnamespace::text IN ('public', 'person')
"""
KEPT = {"erasure_tombstone"}
GOES_ALONG = {"student_alias"}
"""Tables of which not every student has a row."""


async def test_no_table_with_students_is_forgotten(owner: asyncpg.Connection) -> None:
    """A new one is erased, too: in app/db/erasure.py, or with what it hangs on. Then add it to the lists above."""
    found = {row["name"] for row in await owner.fetch(WITH_STUDENTS)}
    assert found - GOES_ALONG == {*SEALED, *RECORDS, "student", "student_access", *KEPT}


async def erase(http: httpx.AsyncClient, world: World, student_id: str, scope: str) -> httpx.Response:
    body = {"scope": scope, "reason": REASON}
    return await http.post(f"/v1/students/{student_id}/erasure", json=body, headers=world.authority())


async def rows(owner: asyncpg.Connection, student_id: str) -> dict[str, int]:
    """How many rows of the student lie in each table, past every policy."""
    tables = (*SEALED, *RECORDS, "student", "student_access")
    query = "SELECT count(*) FROM {} WHERE student_id = $1"
    return {table: await owner.fetchval(query.format(table), student_id) for table in tables}


@pytest.fixture
async def person() -> Json:
    return a_person()


@pytest.fixture
async def plan(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    """Of a student with at least one row in every table."""
    plan = await active_plan(http, world, owner)
    headers = world.coordinator(world.school)
    await recorded(http, "/v1/interventions", consultation(plan), headers)
    for body in (of_plan(plan), of_year_before(plan["student_id"], world.school)):
        await recorded(http, "/v1/outcomes", body, headers)
    changed = {"personal_code": a_person()["personal_code"]}
    path = f"/v1/students/{plan['student_id']}/person"
    assert (await http.patch(path, json=changed, headers={**headers, "If-Match": '"1"'})).status_code == 200
    disclosed = {"purpose": "TRANSFER_CONFIRMATION", "reason": "An example."}
    path = f"/v1/students/{plan['student_id']}/identity-disclosures"
    await recorded(http, path, disclosed, world.authority())
    return plan


async def test_of_an_erased_person_the_records_stay(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    student_id, before = plan["student_id"], await rows(owner, plan["student_id"])
    assert all(before.values())
    done = await erase(http, world, student_id, "PERSON")
    assert (done.status_code, done.json()) == (
        200,
        {"student_id": student_id, "scope": "PERSON", "on": "2021-11-15"},
    )
    assert await rows(owner, student_id) == before | dict.fromkeys(SEALED, 0)
    headers = world.head(world.school)
    assert (await http.get(f"/v1/plans/{plan['id']}", headers=headers)).status_code == 200
    erased = await http.get(f"/v1/students/{student_id}/person", headers=headers)
    absent = await http.get(f"/v1/students/{ABSENT}/person", headers=headers)
    assert (erased.status_code, erased.json()["detail"]) == (404, absent.json()["detail"])


async def test_erased_records_answer_like_what_never_was(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    assert (await erase(http, world, plan["student_id"], "RECORDS")).status_code == 200
    assert set((await rows(owner, plan["student_id"])).values()) == {0}
    paths = [f"/v1/students/{plan['student_id']}", f"/v1/plans/{plan['id']}", f"/v1/risks/{plan['risk_ids'][0]}"]
    for headers in (world.head(world.school), world.municipality(world.madona), world.authority()):
        for path in paths:
            assert (await http.get(path, headers=headers)).status_code == 404
    again = await erase(http, world, plan["student_id"], "RECORDS")
    never = await erase(http, world, ABSENT, "RECORDS")
    assert (again.status_code, again.json()["detail"]) == (never.status_code, never.json()["detail"])
    assert never.status_code == 404


@pytest.mark.parametrize("scope", ["PERSON", "RECORDS"])
async def test_the_same_person_registered_anew_is_another_student(
    http: httpx.AsyncClient, world: World, person: Json, scope: str
) -> None:
    """At the same school, and at another one that registered the person, too."""
    student_id = await register_student(http, world, world.school, person)
    assert await register_student(http, world, world.other_school, person) == student_id
    await erase(http, world, student_id, scope)
    code, headers = {"personal_code": person["personal_code"]}, world.coordinator(world.school)
    assert (await http.post("/v1/students/search", json=code, headers=headers)).status_code == 404
    anew = await register_student(http, world, world.school, person)
    assert anew != student_id
    assert await register_student(http, world, world.other_school, person) == anew


async def test_a_person_is_erased_once(http: httpx.AsyncClient, world: World, person: Json) -> None:
    student_id = await register_student(http, world, world.school, person)
    assert [(await erase(http, world, student_id, "PERSON")).status_code for _ in range(2)] == [200, 404]
    assert (await erase(http, world, student_id, "RECORDS")).status_code == 200


async def test_what_is_restricted_is_not_erased(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    path = f"/v1/students/{plan['student_id']}/restriction"
    assert (await http.post(path, json={"reason": "A claim."}, headers=world.head(world.school))).status_code == 200
    before = await rows(owner, plan["student_id"])
    refused = await erase(http, world, plan["student_id"], "RECORDS")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/processing-restricted")
    assert await rows(owner, plan["student_id"]) == before


async def test_of_everything_a_tombstone_and_the_audit_are_kept(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, person: Json
) -> None:
    student_id = await register_student(http, world, world.school, person)
    for scope in ("PERSON", "RECORDS"):
        await erase(http, world, student_id, scope)
    stones = await owner.fetch(
        "SELECT what, erased_on::text, reason FROM erasure_tombstone WHERE student_id = $1 ORDER BY what", student_id
    )
    assert [tuple(each) for each in stones] == [
        ("PERSON", "2021-11-15", "request"),
        ("RECORDS", "2021-11-15", "request"),
    ]
    query = "SELECT role, reason FROM audit_event WHERE action = 'ERASE' AND record_id = $1"
    kept = await owner.fetch(query, student_id)
    assert [tuple(each) for each in kept] == [("PROGRAMME_AUTHORITY", REASON)] * 2


async def test_nobody_but_the_authority_erases(http: httpx.AsyncClient, world: World, person: Json) -> None:
    student_id = await register_student(http, world, world.school, person)
    body = {"scope": "PERSON", "reason": REASON}
    for headers in (world.head(world.school), world.sync(world.school), world.municipality(world.madona)):
        answer = await http.post(f"/v1/students/{student_id}/erasure", json=body, headers=headers)
        assert answer.status_code == 403
    unexplained = await http.post(
        f"/v1/students/{student_id}/erasure", json={"scope": "PERSON"}, headers=world.authority()
    )
    assert [each["pointer"] for each in unexplained.json()["violations"]] == ["/reason"]


async def test_of_somebody_else_nothing_is_erased(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    other = await register_student(http, world, world.school)
    risk = await identify_risk(http, world, other, world.school)
    await draft_plan(http, world, await enrol(http, world, other, world.school), risk_ids=[risk["id"]])
    before = await rows(owner, other)
    await erase(http, world, plan["student_id"], "RECORDS")
    assert await rows(owner, other) == before
