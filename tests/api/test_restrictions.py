"""Restriction of processing: who still reads, who no longer does, that nobody changes anything, and who learns of it."""

from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from tests.api.delivered import active_plan, consultation, recorded
from tests.factories import Json, World, a_person, end_enrolment, enrol, identify_risk, register_student

REASON = {"reason": "The guardian contests the risk of 20 September."}
NOUNS = ("enrolments", "risks", "plans", "interventions", "outcomes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A student of the school with a record of each kind."""

    student_id: str
    ids: dict[str, str]
    plan: Json


@pytest.fixture
async def case(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Case:
    plan = await active_plan(http, world, owner)
    headers = world.coordinator(world.school)
    intervention = await recorded(http, "/v1/interventions", consultation(plan), headers)
    outcome = await recorded(http, "/v1/outcomes", plan_outcome(plan), headers)
    ids = {
        "enrolments": plan["enrolment_id"],
        "risks": plan["risk_ids"][0],
        "plans": plan["id"],
        "interventions": intervention["id"],
        "outcomes": outcome["id"],
    }
    return Case(student_id=plan["student_id"], ids=ids, plan=plan)


def plan_outcome(plan: Json) -> Json:
    return {
        "of": "PLAN",
        "plan_id": plan["id"],
        "recorded_on": "2021-11-15",
        "results": [{"risk_id": plan["risk_ids"][0], "result": "REDUCED"}],
        "next_step": "END",
    }


async def restrict(http: httpx.AsyncClient, headers: dict[str, str], student_id: str) -> list[Json]:
    answer = await http.post(f"/v1/students/{student_id}/restriction", json=REASON, headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def lift(http: httpx.AsyncClient, headers: dict[str, str], student_id: str) -> httpx.Response:
    return await http.post(f"/v1/students/{student_id}/restriction-lifting", json=REASON, headers=headers)


async def read(http: httpx.AsyncClient, headers: dict[str, str], case: Case) -> dict[str, int]:
    """The status of each record for this caller; whether a list shows it must say the same."""
    found = {}
    for noun, record_id in case.ids.items():
        found[noun] = (await http.get(f"/v1/{noun}/{record_id}", headers=headers)).status_code
        listed = await http.get(f"/v1/{noun}", params={"student_id": case.student_id}, headers=headers)
        assert bool(listed.json()["items"]) is (found[noun] == 200)
    return found


ALL, NONE = dict.fromkeys(NOUNS, 200), dict.fromkeys(NOUNS, 404)


async def test_its_own_school_and_the_authority_go_on_reading(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    stated = await restrict(http, world.head(world.school), case.student_id)
    assert stated == [{"institution_id": world.school, "by": "INSTITUTION", "since": "2021-11-15"}]
    for headers in (world.coordinator(world.school), world.sync(world.school), world.authority()):
        assert await read(http, headers, case) == ALL
    person = await http.get(f"/v1/students/{case.student_id}/person", headers=world.head(world.school))
    assert person.status_code == 200


async def test_partner_region_and_provider_read_nothing_of_it(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    others = {
        "partner": world.municipality(world.madona),
        "region": world.bearer(Role.REGIONAL_COORDINATOR, region_code="PR-VIDZEME"),
        "provider": world.provider(world.school),
    }
    before = {who: await read(http, headers, case) for who, headers in others.items()}
    assert before["partner"] == before["region"] == ALL
    assert before["provider"]["plans"] == 200
    await restrict(http, world.head(world.school), case.student_id)
    for headers in others.values():
        assert await read(http, headers, case) == NONE
        student = await http.get(f"/v1/students/{case.student_id}", headers=headers)
        assert student.status_code == 404
    await lift(http, world.head(world.school), case.student_id)
    assert {who: await read(http, headers, case) for who, headers in others.items()} == before


def attempts(case: Case, world: World) -> list[tuple[str, str, Any]]:
    """Every kind of change and addition."""
    student, risk = {"student_id": case.student_id, "institution_id": world.school}, case.ids["risks"]
    new_risk = {"type": "LOW_MOTIVATION", "identified_on": "2021-11-01", "identified_by": "TEACHER", "severity": "LOW"}
    year = {"of": "SCHOOL_YEAR", "school_year": "2020/21", "recorded_on": "2021-08-31", "result": "PROMOTED"}
    plan = {"enrolment_id": case.ids["enrolments"], "semester": "2021-2"}
    return [
        ("POST", "risks", {**student, **new_risk}),
        ("POST", "enrolments", {**student, "grade": 7, "from": "2021-11-15"}),
        ("POST", "outcomes", {**student, **year}),
        ("POST", "plans", plan),
        ("POST", "interventions", consultation(case.plan, on="2021-10-12")),
        ("PATCH", f"students/{case.student_id}/person", {"family_name": "Cita"}),
        ("PATCH", f"enrolments/{case.ids['enrolments']}", {"grade": 8}),
        ("PATCH", f"risks/{risk}", {"severity": "HIGH"}),
        ("PATCH", f"interventions/{case.ids['interventions']}", {"hours": "2.00"}),
        ("PATCH", f"outcomes/{case.ids['outcomes']}", {"evaluation": "Citādi."}),
        ("PATCH", f"plans/{case.ids['plans']}", {"providers": ["T-002"]}),
        ("POST", f"plans/{case.ids['plans']}/completion", None),
        ("DELETE", f"risks/{risk}", None),
        ("DELETE", f"interventions/{case.ids['interventions']}", None),
    ]


@pytest.mark.parametrize("by", ["head", "authority"])
async def test_nobody_changes_or_adds_anything(http: httpx.AsyncClient, world: World, case: Case, by: str) -> None:
    await restrict(http, world.authority() if by == "authority" else world.head(world.school), case.student_id)
    for headers in (world.coordinator(world.school), world.sync(world.school)):
        for method, path, body in attempts(case, world):
            seen = {**headers, "If-Match": '"1"'}
            answer = await http.request(method, f"/v1/{path}", json=body, headers=seen)
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/processing-restricted"), path
    seen = {**world.authority(), "If-Match": f'"{case.plan["version"]}"'}
    ended = await http.post(f"/v1/plans/{case.plan['id']}/completion", headers=seen)
    assert (ended.status_code, ended.json()["type"]) == (409, "/problems/processing-restricted")


async def test_lifted_it_is_changed_again(http: httpx.AsyncClient, world: World, case: Case) -> None:
    await restrict(http, world.head(world.school), case.student_id)
    assert (await lift(http, world.head(world.school), case.student_id)).json() == []
    await identify_risk(http, world, case.student_id, world.school, type="LOW_MOTIVATION")


async def test_what_was_handed_over_is_closed_and_opens_again(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    person = (await http.get(f"/v1/students/{case.student_id}/person", headers=world.head(world.school))).json()
    stated = {name: person[name] for name in ("given_names", "family_name", "birth_date", "personal_code")}
    await end_enrolment(http, world, {"id": case.ids["enrolments"], "institution_id": world.school, "version": 1})
    await register_student(http, world, world.other_school, stated)
    await enrol(http, world, case.student_id, world.other_school, **{"from": "2021-11-01"})
    receiver, partner = world.head(world.other_school), world.municipality(world.riga)
    path, query = f"/v1/students/{case.student_id}/person", {"institution_id": world.school}
    for headers in (receiver, partner):
        assert (await http.get(f"/v1/risks/{case.ids['risks']}", headers=headers)).status_code == 200
    await restrict(http, world.head(world.school), case.student_id)
    for headers in (receiver, partner):
        for noun, record_id in case.ids.items():
            assert (await http.get(f"/v1/{noun}/{record_id}", headers=headers)).status_code == 404, noun
    assert (await http.get(path, params=query, headers=receiver)).status_code == 404
    # What the receiver writes itself is not touched by a restriction elsewhere, and it is told of none.
    listed = await http.get(f"/v1/students/{case.student_id}/restrictions", headers=receiver)
    assert (listed.status_code, listed.json()) == (200, [])
    await identify_risk(http, world, case.student_id, world.other_school)
    await lift(http, world.head(world.school), case.student_id)
    assert (await http.get(f"/v1/risks/{case.ids['risks']}", headers=receiver)).status_code == 200
    assert (await http.get(path, params=query, headers=receiver)).status_code == 200


@pytest.mark.parametrize("way", ["settled", "confirmed"])
async def test_what_is_restricted_is_not_handed_over_until_it_is_lifted(
    http: httpx.AsyncClient, world: World, way: str
) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    risk = await identify_risk(http, world, student_id, world.school)
    old = await enrol(http, world, student_id, world.school)
    if way == "settled":
        await end_enrolment(http, world, old)
    await restrict(http, world.head(world.school), student_id)
    await register_student(http, world, world.other_school, person)
    new = await enrol(http, world, student_id, world.other_school, **{"from": "2021-11-01"})
    if way == "confirmed":
        path = f"/v1/enrolments/{new['id']}/transfer-confirmation"
        assert (await http.post(path, json=REASON, headers=world.authority())).status_code == 200
    receiver = world.head(world.other_school)
    assert (await http.get(f"/v1/risks/{risk['id']}", headers=receiver)).status_code == 404
    await lift(http, world.head(world.school), student_id)
    assert (await http.get(f"/v1/risks/{risk['id']}", headers=receiver)).status_code == 200


async def test_a_school_does_not_lift_what_the_authority_has_set(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    await restrict(http, world.head(world.school), case.student_id)
    taken_over = await restrict(http, world.authority(), case.student_id)
    assert taken_over == [{"institution_id": world.school, "by": "AUTHORITY", "since": "2021-11-15"}]
    assert await restrict(http, world.head(world.school), case.student_id) == taken_over
    refused = await lift(http, world.head(world.school), case.student_id)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/restricted-by-authority")
    assert (await lift(http, world.authority(), case.student_id)).json() == []
    again = await lift(http, world.authority(), case.student_id)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-restricted")


async def test_both_acts_are_kept_with_their_reason(
    http: httpx.AsyncClient, world: World, case: Case, owner: asyncpg.Connection
) -> None:
    await restrict(http, world.head(world.school), case.student_id)
    await lift(http, world.authority(), case.student_id)
    query = "SELECT action, role, reason, institution_ids FROM audit_event WHERE noun = 'student' AND record_id = $1 AND action ~ 'RESTRICT'"
    kept = await owner.fetch(query, case.student_id)
    assert [tuple(each) for each in kept] == [
        ("RESTRICT", "SCHOOL_HEAD", REASON["reason"], [world.school]),
        ("LIFT_RESTRICTION", "PROGRAMME_AUTHORITY", REASON["reason"], [world.school]),
    ]


async def test_statistics_go_on_counting(
    http: httpx.AsyncClient, owner: asyncpg.Connection, world: World, case: Case
) -> None:
    await owner.execute("SELECT statistics_rebuild()")
    query = {"query": "{ statistics(by: [SEMESTER]) { groups { students plans deliveredHours } totals { students } } }"}
    asking = (world.head(world.school), world.municipality(world.madona), world.authority())
    before = [(await http.post("/graphql", json=query, headers=each)).json() for each in asking]
    await restrict(http, world.authority(), case.student_id)
    after = [(await http.post("/graphql", json=query, headers=each)).json() for each in asking]
    assert [bool(each["data"]["statistics"]["totals"]["students"]) for each in before] == [True, True, True]
    assert before == after
