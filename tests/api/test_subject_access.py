"""Subject access: the answer holds all that its author sees, no more, in the words of the single routes."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.delivered import active_plan, consultation, meals, recorded
from tests.api.outcomes import of_plan, of_year_before
from tests.factories import Json, World, a_person, end_enrolment, enrol, identify_risk, register_student

ASKED = {"requested_by": "GUARDIAN", "requested_on": "2021-11-02", "reason": "Application 14."}


async def answered(http: httpx.AsyncClient, headers: dict[str, str], student_id: str, **stated: Any) -> httpx.Response:
    body = {**ASKED, **stated}
    return await http.post(f"/v1/students/{student_id}/subject-access", json=body, headers=headers)


@pytest.fixture
async def plan(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    """Of a student with records of every kind."""
    plan = await active_plan(http, world, owner)
    headers = world.coordinator(world.school)
    for body in (consultation(plan), meals(plan)):
        await recorded(http, "/v1/interventions", body, headers)
    for body in (of_plan(plan), of_year_before(plan["student_id"], world.school)):
        await recorded(http, "/v1/outcomes", body, headers)
    return plan


async def one_by_one(http: httpx.AsyncClient, headers: dict[str, str], student_id: str) -> dict[str, list[Json]]:
    """The same records as the single routes show them."""
    query = {"student_id": student_id, "limit": "200"}
    return {
        noun: (await http.get(f"/v1/{noun}", params=query, headers=headers)).json()["items"]
        for noun in ("enrolments", "risks", "plans", "interventions", "outcomes")
    }


def by_id(records: list[Json]) -> list[Json]:
    return sorted(records, key=lambda each: str(each["id"]))


@pytest.mark.parametrize("who", ["head", "authority"])
async def test_all_that_is_held_is_answered_as_the_single_routes_show_it(
    http: httpx.AsyncClient, world: World, plan: Json, who: str
) -> None:
    headers = world.head(world.school) if who == "head" else world.authority()
    answer = await answered(http, headers, plan["student_id"])
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    document, single = answer.json(), await one_by_one(http, headers, plan["student_id"])
    assert all(single.values())
    plans = [each["plan"] for each in document["plans"]]
    for noun in ("enrolments", "risks", "interventions", "outcomes"):
        assert by_id(document[noun]) == by_id(single[noun])
    assert by_id(plans) == by_id(single["plans"])
    steps = await http.get(f"/v1/plans/{plan['id']}/steps", headers=headers)
    assert document["plans"][0]["steps"] == steps.json()
    assert [each["id"] for each in document["institutions"]] == [world.school]


async def test_the_head_hands_out_its_statement_of_the_person_and_the_authority_no_name(
    http: httpx.AsyncClient, world: World, plan: Json
) -> None:
    headers = world.head(world.school)
    person = (await http.get(f"/v1/students/{plan['student_id']}/person", headers=headers)).json()
    assert (await answered(http, headers, plan["student_id"])).json()["persons"] == [person]
    by_authority = await answered(http, world.authority(), plan["student_id"])
    assert by_authority.json()["persons"] == []
    assert person["family_name"] not in by_authority.text


async def test_every_code_has_its_names(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    document = (await answered(http, world.head(world.school), plan["student_id"])).json()
    named = {(each["list"], each["code"]): (each["name_lv"], each["name_en"]) for each in document["codes"]}
    assert set(named) >= {
        ("risks", "LEARNING_DIFFICULTY"),
        ("severities", "MEDIUM"),
        ("identified-by", "TEACHER"),
        ("support-measures", "SUBJECT_CONSULTATION"),
        ("support-measures", "MEALS"),
        ("subjects", "MATHEMATICS"),
        ("purposes", "REMEDIAL"),
        ("attendances", "ATTENDED"),
        ("delivery-modes", "IN_PERSON"),
        ("plan-states", "ACTIVE"),
        ("plan-states", "DRAFT"),
        ("roles", "SCHOOL_HEAD"),
        ("results", "REDUCED"),
        ("improvements", "MOTIVATION"),
        ("next-steps", "CONTINUE"),
        ("year-results", "PROMOTED"),
    }
    assert named["risks", "LEARNING_DIFFICULTY"] == (
        "grūtības mācību satura apguvē",
        "difficulties in mastering the content",
    )
    assert [each["code"] for each in document["purposes"]] == ["SUPPORT", "ACCOUNTING", "EVALUATION"]
    assert len(document["recipients"]) == 4


async def test_it_is_told_how_long_it_is_kept(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    headers = world.head(world.school)
    enrolled = (await answered(http, headers, plan["student_id"])).json()["retention"]
    assert [(each["what"], each["first_day"]) for each in enrolled] == [("PERSON", None), ("RECORDS", None)]
    assert [rule["rule"] for rule in enrolled[1]["rules"]] == ["rule-3", "rule-4"]
    student_id = await register_student(http, world, world.school)
    await end_enrolment(http, world, await enrol(http, world, student_id, world.school), on="2021-10-29")
    left = (await answered(http, headers, student_id)).json()["retention"]
    assert [(each["what"], each["first_day"]) for each in left] == [("PERSON", "2024-10-30"), ("RECORDS", "2031-10-30")]


async def test_a_school_hands_out_nothing_of_another_and_does_not_tell_of_it(
    http: httpx.AsyncClient, world: World
) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    await identify_risk(http, world, student_id, world.school)
    await enrol(http, world, student_id, world.school)
    await register_student(http, world, world.other_school, person)
    known = (await answered(http, world.head(world.other_school), student_id)).json()
    stranger = await register_student(http, world, world.other_school)
    unknown = (await answered(http, world.head(world.other_school), stranger)).json()
    hidden = {"student_id": None, "persons": None}
    assert {**known, **hidden} == {**unknown, **hidden}
    assert [each["institution_id"] for each in known["persons"]] == [world.other_school]


async def test_what_was_handed_over_is_handed_out_unless_it_is_restricted(
    http: httpx.AsyncClient, world: World
) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    risk = await identify_risk(http, world, student_id, world.school)
    await end_enrolment(http, world, await enrol(http, world, student_id, world.school))
    await register_student(http, world, world.other_school, person)
    await enrol(http, world, student_id, world.other_school, **{"from": "2021-11-01"})
    receiver = world.head(world.other_school)
    document = (await answered(http, receiver, student_id)).json()
    assert [each["id"] for each in document["risks"]] == [risk["id"]]
    assert [each["institution_id"] for each in document["persons"]] == [world.school, world.other_school]
    path = f"/v1/students/{student_id}/restriction"
    await http.post(path, json={"reason": "X"}, headers=world.head(world.school))
    closed = (await answered(http, receiver, student_id)).json()
    assert (closed["risks"], len(closed["persons"]), closed["restrictions"]) == ([], 1, [])
    own = (await answered(http, world.head(world.school), student_id)).json()
    assert ([each["id"] for each in own["risks"]], len(own["restrictions"])) == ([risk["id"]], 1)


async def test_from_18_the_student_alone_asks(http: httpx.AsyncClient, world: World) -> None:
    adult = await register_student(http, world, world.school, a_person(birth_date="2003-11-02", personal_code=None))
    headers = world.head(world.school)
    refused = await answered(http, headers, adult)
    assert [(each["pointer"], each["code"]) for each in refused.json()["violations"]] == [("/requested_by", "of-age")]
    assert (await answered(http, headers, adult, requested_on="2021-11-01")).status_code == 200
    assert (await answered(http, headers, adult, requested_by="STUDENT")).status_code == 200
    assert (await answered(http, world.authority(), adult)).status_code == 200
    tomorrow = await answered(http, headers, adult, requested_by="STUDENT", requested_on="2021-11-16")
    assert [each["pointer"] for each in tomorrow.json()["violations"]] == ["/requested_on"]


async def test_the_answer_is_kept_in_the_audit_and_changes_nothing(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    await answered(http, world.head(world.school), plan["student_id"])
    await answered(http, world.authority(), plan["student_id"], requested_by="STUDENT")
    query = (
        "SELECT role, reason, student_ids::text[], institution_ids FROM audit_event"
        " WHERE action = 'ANSWER_SUBJECT' AND record_id = $1 ORDER BY id"
    )
    kept = [tuple(each) for each in await owner.fetch(query, plan["student_id"])]
    assert kept == [
        ("SCHOOL_HEAD", "GUARDIAN: Application 14.", [plan["student_id"]], [world.school]),
        ("PROGRAMME_AUTHORITY", "STUDENT: Application 14.", [plan["student_id"]], [world.school]),
    ]
    versions = await http.get(f"/v1/plans/{plan['id']}", headers=world.head(world.school))
    assert versions.json()["version"] == plan["version"]


async def test_of_an_erased_person_the_records_are_answered(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    body = {"scope": "PERSON", "reason": "X"}
    await http.post(f"/v1/students/{plan['student_id']}/erasure", json=body, headers=world.authority())
    document = (await answered(http, world.head(world.school), plan["student_id"])).json()
    assert (document["persons"], len(document["plans"])) == ([], 1)
