"""Transfers (rule 9): a school that knows a personal code learns nothing by it, until the old school or the authority opens."""

from dataclasses import dataclass
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.factories import (
    Json,
    World,
    a_person,
    draft_plan,
    end_enrolment,
    enrol,
    identify_risk,
    register_student,
)

LISTS = ("enrolments", "risks", "plans")
REASON = {"reason": "Order 12 of the authority: the old school has closed its books without ending the enrolment."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One person at two schools: the old one has recorded a history, the new one has enrolled the person on its own word."""

    student_id: str
    person: Json
    old: dict[str, Json]
    new: Json


@pytest.fixture
async def case(http: httpx.AsyncClient, world: World) -> Case:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    enrolment = await enrol(http, world, student_id, world.school)
    risk = await identify_risk(http, world, student_id, world.school)
    plan = await draft_plan(http, world, enrolment, risk_ids=[risk["id"]])
    stated = {**person, "given_names": "Savādāka"}
    assert await register_student(http, world, world.other_school, stated) == student_id
    new = await enrol(http, world, student_id, world.other_school, **{"from": "2021-11-01"})
    return Case(
        student_id=student_id, person=person, old={"enrolments": enrolment, "risks": risk, "plans": plan}, new=new
    )


async def _seen(http: httpx.AsyncClient, headers: dict[str, str], student_id: str) -> dict[str, set[str]]:
    """The ids in every list, asked without a filter: nothing may slip in there either."""
    seen = {}
    for noun in LISTS:
        answer = await http.get(f"/v1/{noun}", params={"limit": 200}, headers=headers)
        seen[noun] = {each["id"] for each in answer.json()["items"] if each["student_id"] == student_id}
    return seen


def _history(case: Case) -> dict[str, set[str]]:
    return {noun: {record["id"]} for noun, record in case.old.items()}


def _with(seen: dict[str, set[str]], noun: str, record_id: str) -> dict[str, set[str]]:
    return {**seen, noun: seen[noun] | {record_id}}


NOTHING: dict[str, set[str]] = {noun: set() for noun in LISTS}


async def test_registering_a_known_person_answers_as_for_an_unknown_one(http: httpx.AsyncClient, world: World) -> None:
    known, unknown = a_person(), a_person()
    await register_student(http, world, world.school, known)
    answers = [
        await http.post(
            "/v1/students",
            json={"institution_id": world.other_school, "person": each},
            headers=world.coordinator(world.other_school),
        )
        for each in (known, unknown)
    ]
    told = [
        (each.status_code, set(each.headers), each.headers["ETag"], {**each.json(), "id": None}) for each in answers
    ]
    assert told[0] == told[1]
    assert told[0][0] == 201


async def test_the_receiver_sees_only_what_it_wrote(http: httpx.AsyncClient, world: World, case: Case) -> None:
    headers = world.head(world.other_school)
    assert await _seen(http, headers, case.student_id) == _with(NOTHING, "enrolments", case.new["id"])
    for noun, record in case.old.items():
        foreign = await http.get(f"/v1/{noun}/{record['id']}", headers=headers)
        absent = await http.get(f"/v1/{noun}/{uuid4()}", headers=headers)
        assert foreign.status_code == absent.status_code == 404
        assert {**foreign.json(), "correlation_id": ""} == {**absent.json(), "correlation_id": ""}
    person = (await http.get(f"/v1/students/{case.student_id}/person", headers=headers)).json()
    assert (person["given_names"], person["institution_id"]) == ("Savādāka", world.other_school)
    query = {"institution_id": world.school}
    theirs = await http.get(f"/v1/students/{case.student_id}/person", params=query, headers=headers)
    assert theirs.status_code == 404


async def test_the_partner_of_the_receiver_sees_no_more_than_it(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    seen = await _seen(http, world.municipality(world.riga), case.student_id)
    assert seen == _with(NOTHING, "enrolments", case.new["id"])


async def test_a_plan_at_the_old_school_does_not_hinder_the_receiver(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    await identify_risk(http, world, case.student_id, world.other_school)
    assert (await draft_plan(http, world, case.new))["state"] == "DRAFT"


async def test_the_end_of_the_old_enrolment_opens_its_history(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    await end_enrolment(http, world, case.old["enrolments"])
    headers = world.head(world.other_school)
    assert await _seen(http, headers, case.student_id) == _with(_history(case), "enrolments", case.new["id"])
    by_default = await http.get(f"/v1/students/{case.student_id}/person", headers=headers)
    assert by_default.json()["given_names"] == "Savādāka"
    query = {"institution_id": world.school}
    theirs = await http.get(f"/v1/students/{case.student_id}/person", params=query, headers=headers)
    assert theirs.json()["given_names"] == case.person["given_names"]


async def test_whoever_comes_after_the_end_sees_the_history_at_once(http: httpx.AsyncClient, world: World) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    risk = await identify_risk(http, world, student_id, world.school)
    await end_enrolment(http, world, await enrol(http, world, student_id, world.school))
    await register_student(http, world, world.other_school, person)
    headers = world.coordinator(world.other_school)
    assert await _seen(http, headers, student_id) == NOTHING
    await enrol(http, world, student_id, world.other_school, **{"from": "2021-11-01"})
    assert (await _seen(http, headers, student_id))["risks"] == {risk["id"]}


async def test_an_enrolment_recorded_by_mistake_keeps_the_history_closed_until_it_is_deleted(
    http: httpx.AsyncClient, world: World
) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    ended = await end_enrolment(http, world, await enrol(http, world, student_id, world.school))
    mistaken = await enrol(http, world, student_id, world.school, **{"from": "2021-11-01"})
    await register_student(http, world, world.other_school, person)
    new = await enrol(http, world, student_id, world.other_school, **{"from": "2021-11-01"})
    receiver = world.head(world.other_school)
    assert (await _seen(http, receiver, student_id))["enrolments"] == {new["id"]}
    headers = {**world.coordinator(world.school), "If-Match": '"1"'}
    assert (await http.delete(f"/v1/enrolments/{mistaken['id']}", headers=headers)).status_code == 204
    assert (await _seen(http, receiver, student_id))["enrolments"] == {new["id"], ended["id"]}


async def test_what_was_handed_over_is_read_and_not_changed(http: httpx.AsyncClient, world: World, case: Case) -> None:
    await end_enrolment(http, world, case.old["enrolments"])
    headers = world.coordinator(world.other_school)
    changes = {"enrolments": {"grade": 8}, "risks": {"severity": "LOW"}}
    for noun, body in changes.items():
        path = f"/v1/{noun}/{case.old[noun]['id']}"
        version = (await http.get(path, headers=headers)).headers["ETag"]
        answer = await http.patch(path, json=body, headers={**headers, "If-Match": version})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-the-author")
    person = await http.patch(
        f"/v1/students/{case.student_id}/person",
        params={"institution_id": world.school},
        json={"given_names": "Mainīta"},
        headers={**headers, "If-Match": '"1"'},
    )
    assert (person.status_code, person.json()["type"]) == (403, "/problems/not-the-author")


async def test_the_old_school_keeps_its_own_and_sees_nothing_new(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    await end_enrolment(http, world, case.old["enrolments"])
    await identify_risk(http, world, case.student_id, world.other_school)
    headers = world.head(world.school)
    assert await _seen(http, headers, case.student_id) == _history(case)
    assert (await http.get(f"/v1/enrolments/{case.new['id']}", headers=headers)).status_code == 404
    person = await http.get(f"/v1/students/{case.student_id}/person", headers=headers)
    assert person.json()["given_names"] == case.person["given_names"]


async def test_an_open_plan_ends_with_the_enrolment(
    http: httpx.AsyncClient, world: World, case: Case, owner: asyncpg.Connection
) -> None:
    await end_enrolment(http, world, case.old["enrolments"], on="2021-10-29")
    plan_id = case.old["plans"]["id"]
    plan = (await http.get(f"/v1/plans/{plan_id}", headers=world.head(world.school))).json()
    assert (plan["state"], plan["ended_on"], plan["end_reason"]) == ("DISCONTINUED", "2021-10-29", "ENROLMENT_ENDED")
    steps = await owner.fetch("SELECT step, from_state, to_state FROM plan_step WHERE plan_id = $1", plan_id)
    assert [tuple(each) for each in steps] == [("DISCONTINUE", "DRAFT", "DISCONTINUED")]


async def test_a_change_that_does_not_end_opens_nothing(http: httpx.AsyncClient, world: World, case: Case) -> None:
    headers = {**world.coordinator(world.school), "If-Match": '"1"'}
    path = f"/v1/enrolments/{case.old['enrolments']['id']}"
    assert (await http.patch(path, json={"grade": 8}, headers=headers)).status_code == 200
    seen = await _seen(http, world.head(world.other_school), case.student_id)
    assert seen == _with(NOTHING, "enrolments", case.new["id"])
    plan = await http.get(f"/v1/plans/{case.old['plans']['id']}", headers=world.head(world.school))
    assert plan.json()["state"] == "DRAFT"


async def test_an_enrolment_with_a_plan_is_not_deleted(http: httpx.AsyncClient, world: World, case: Case) -> None:
    headers = {**world.coordinator(world.school), "If-Match": '"1"'}
    answer = await http.delete(f"/v1/enrolments/{case.old['enrolments']['id']}", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enrolment-in-use")


async def test_the_authority_confirms_a_transfer(
    http: httpx.AsyncClient, world: World, case: Case, owner: asyncpg.Connection
) -> None:
    path = f"/v1/enrolments/{case.new['id']}/transfer-confirmation"
    answer = await http.post(path, json=REASON, headers=world.authority())
    confirmed = {"enrolment_id": case.new["id"], "institution_id": world.other_school}
    assert answer.json() == {**confirmed, "opened": [world.school]}
    receiver = await _seen(http, world.head(world.other_school), case.student_id)
    assert receiver == _with(_history(case), "enrolments", case.new["id"])
    assert await _seen(http, world.head(world.school), case.student_id) == _history(case)
    again = await http.post(path, json=REASON, headers=world.authority())
    assert again.json() == {**confirmed, "opened": []}
    audited = await owner.fetchrow(
        "SELECT role, reason, student_ids[1]::text, institution_ids[1] FROM audit_event"
        " WHERE action = 'CONFIRM_TRANSFER' AND record_id = $1",
        case.new["id"],
    )
    assert audited is not None
    assert tuple(audited) == ("PROGRAMME_AUTHORITY", REASON["reason"], case.student_id, world.other_school)


async def test_a_transfer_to_an_ended_enrolment_is_not_confirmed(
    http: httpx.AsyncClient, world: World, case: Case
) -> None:
    ended = await end_enrolment(http, world, case.new, on="2021-11-05")
    path = f"/v1/enrolments/{ended['id']}/transfer-confirmation"
    answer = await http.post(path, json=REASON, headers=world.authority())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enrolment-ended")


async def test_nobody_but_the_authority_confirms(http: httpx.AsyncClient, world: World, case: Case) -> None:
    path = f"/v1/enrolments/{case.new['id']}/transfer-confirmation"
    for headers in (world.head(world.other_school), world.municipality(world.riga), world.sync(world.other_school)):
        assert (await http.post(path, json=REASON, headers=headers)).status_code == 403
    without_reason = await http.post(path, json={}, headers=world.authority())
    assert [each["pointer"] for each in without_reason.json()["violations"]] == ["/reason"]
    assert (await _seen(http, world.head(world.other_school), case.student_id))["risks"] == set()


async def test_nothing_is_planned_on_an_enrolment_that_was_handed_over(http: httpx.AsyncClient, world: World) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    old = await end_enrolment(http, world, await enrol(http, world, student_id, world.school))
    await register_student(http, world, world.other_school, person)
    await enrol(http, world, student_id, world.other_school, **{"from": "2021-11-01"})
    body = {"enrolment_id": old["id"], "semester": "2021-1", "from": "2021-09-01"}
    answer = await http.post("/v1/plans", json=body, headers=world.coordinator(world.other_school))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-the-author")
