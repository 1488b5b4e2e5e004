"""Who looked at a student: everything to the authority, what concerns its own records to the school's head, nothing to others."""

from typing import Any

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from tests.api.delivered import recorded
from tests.api.merging import merged
from tests.factories import Json, World, a_person, end_enrolment, enrol, identify_risk, register_student

REASON = "The school in Madona and the college in Valmiera each say that the student is theirs."
ABSENT = "00000000-0000-4000-8000-000000000000"


async def report(http: httpx.AsyncClient, student_id: str, headers: dict[str, str], **query: Any) -> list[Json]:
    answer = await http.get(f"/v1/students/{student_id}/access-log", headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def told(entries: list[Json]) -> list[tuple[str, str, str, str | None]]:
    return [(each["role"], each["action"], each["noun"], each["organisation"]) for each in entries]


async def test_the_report_has_reads_changes_and_itself(http: httpx.AsyncClient, world: World) -> None:
    student = await register_student(http, world, world.school)
    await enrol(http, world, student, world.school)
    await http.get(f"/v1/students/{student}", headers=world.municipality(world.madona))
    await http.get(f"/v1/enrolments?student_id={student}", headers=world.authority())
    await report(http, student, world.head(world.school))
    school = f"institution {world.school}"
    # A student as such is nobody's record: that it was looked at stands in the state's report alone.
    assert told(await report(http, student, world.head(world.school))) == [
        ("PROGRAMME_AUTHORITY", "LIST", "enrolment", None),
        ("SCHOOL_COORDINATOR", "CREATE", "enrolment", school),
        ("SCHOOL_COORDINATOR", "CREATE", "student", school),
    ]
    assert told(await report(http, student, world.authority())) == [
        ("SCHOOL_HEAD", "READ", "access log", school),
        ("SCHOOL_HEAD", "READ", "access log", school),
        ("PROGRAMME_AUTHORITY", "LIST", "enrolment", None),
        ("MUNICIPALITY_COORDINATOR", "READ", "student", f"partner {world.madona}"),
        ("SCHOOL_COORDINATOR", "CREATE", "enrolment", school),
        ("SCHOOL_COORDINATOR", "CREATE", "student", school),
    ]


async def test_a_school_is_not_told_where_else_the_student_is_known(http: httpx.AsyncClient, world: World) -> None:
    person = a_person()
    student = await register_student(http, world, world.school, person)
    await identify_risk(http, world, student, world.school)
    assert await register_student(http, world, world.other_school, person) == student
    await enrol(http, world, student, world.other_school)
    for institution in (world.school, world.other_school):
        entries = await report(http, student, world.head(institution))
        assert {each["organisation"] for each in entries} == {f"institution {institution}"}
    everything = await report(http, student, world.authority())
    assert {f"institution {world.school}", f"institution {world.other_school}"} <= {
        each["organisation"] for each in everything
    }


async def test_a_school_is_not_told_that_its_history_was_opened_or_who_reads_it(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """Else an enrolment of one's own making, ended at once, would tell whether the child is known elsewhere, and where."""
    person = a_person()
    student = await register_student(http, world, world.school, person)
    old = await enrol(http, world, student, world.school)
    await register_student(http, world, world.other_school, person)
    new = await enrol(http, world, student, world.other_school)
    await end_enrolment(http, world, old)
    before = await report(http, student, world.head(world.school))
    for reader in (
        world.coordinator(world.other_school),
        world.municipality(world.riga),
        world.sync(world.other_school),
        world.sync(world.other_school, world.college),
        world.bearer(Role.REGIONAL_COORDINATOR, region_code="PR-RIGA"),
    ):
        shown = await http.get(f"/v1/enrolments/{old['id']}", headers=reader)
        assert shown.status_code == 200, "else there was nothing to be told"
    assert await report(http, student, world.head(world.school)) == before
    assert [each["action"] for each in before] == ["CHANGE", "CREATE", "CREATE"]
    for reader in (world.municipality(world.madona), world.authority(), world.sync(world.school)):
        await http.get(f"/v1/enrolments/{old['id']}", headers=reader)
    told_of = [each["role"] for each in await report(http, student, world.head(world.school))]
    assert told_of[:3] == ["SYNC_CLIENT", "PROGRAMME_AUTHORITY", "MUNICIPALITY_COORDINATOR"]
    await end_enrolment(http, world, new)
    query = "SELECT action, institution_ids FROM audit_event WHERE action ~ 'HISTORY' AND $1 = ANY (student_ids) ORDER BY id"
    between = [world.school, world.other_school]
    assert [tuple(each) for each in await owner.fetch(query, student)] == [
        ("OPEN_HISTORY", between),
        ("CLOSE_HISTORY", between),
    ]
    for school in between:
        own = await report(http, student, world.head(school))
        assert not [each for each in own if each["action"].endswith("_HISTORY")]


async def test_pages_go_back_in_time(http: httpx.AsyncClient, world: World) -> None:
    student = await register_student(http, world, world.college)
    for _ in range(4):
        await identify_risk(http, world, student, world.college)
    whole = await report(http, student, world.head(world.college))
    path, headers = f"/v1/students/{student}/access-log", world.head(world.college)
    first = (await http.get(path, headers=headers, params={"limit": 3})).json()
    second = (await http.get(path, headers=headers, params={"limit": 3, "cursor": first["next"]})).json()
    assert [*first["items"], *second["items"]] == whole
    assert second["next"] is None
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)


@pytest.mark.parametrize("role", [Role.SCHOOL_COORDINATOR, Role.PLAN_PREPARER])
async def test_only_the_head_and_the_authority_ask(http: httpx.AsyncClient, world: World, role: Role) -> None:
    student = await register_student(http, world, world.school)
    path = f"/v1/students/{student}/access-log"
    for who in (world.of_school(role, world.school), world.municipality(world.madona), world.sync(world.school)):
        assert (await http.get(path, headers=who)).status_code == 403


async def known_to_two(http: httpx.AsyncClient, world: World) -> str:
    """A student of the school and of the college, of whom no other institution knows."""
    person = a_person()
    student = await register_student(http, world, world.school, person)
    assert await register_student(http, world, world.college, person) == student
    return student


async def by_the_authority(http: httpx.AsyncClient, world: World, student: str, institution: Any) -> list[Json]:
    """What the head of an institution is told of the authority's acts. Nothing in it says why, or who else is concerned."""
    entries = await report(http, student, world.head(institution))
    acts = [each for each in entries if each["role"] == "PROGRAMME_AUTHORITY"]
    assert {(each["subject"], each["reason"], each["organisation"]) for each in acts} <= {
        ("test-programme_authority", None, None)
    }
    return acts


def briefly(entries: list[Json]) -> list[tuple[str, str]]:
    return [(each["action"], each["noun"]) for each in entries]


async def erase(http: httpx.AsyncClient, world: World, student: str, scope: str) -> None:
    body = {"scope": scope, "reason": REASON}
    answer = await http.post(f"/v1/students/{student}/erasure", json=body, headers=world.authority())
    assert answer.status_code == 200, answer.text


async def test_each_head_is_told_that_the_authority_learned_the_name(http: httpx.AsyncClient, world: World) -> None:
    student, other = await known_to_two(http, world), await register_student(http, world, world.other_school)
    body = {"purpose": "TRANSFER_CONFIRMATION", "reason": REASON}
    path = f"/v1/students/{student}/identity-disclosures"
    disclosed = await recorded(http, path, body, world.authority())
    await http.get(f"{path}/{disclosed['id']}", headers=world.authority())
    looked, first = ("READ", "identity disclosure"), ("DISCLOSE", "person")
    for institution in (world.school, world.college):
        assert briefly(await by_the_authority(http, world, student, institution)) == [looked, looked, first]
    assert await by_the_authority(http, world, other, world.other_school) == []
    everything = await report(http, student, world.authority())
    assert f"TRANSFER_CONFIRMATION: {REASON}" in [each["reason"] for each in everything]


async def test_those_whose_records_were_rewritten_are_told_of_a_merge(http: httpx.AsyncClient, world: World) -> None:
    elder = await register_student(http, world, world.other_school)
    younger = await known_to_two(http, world)
    await merged(http, world, younger, elder)
    for institution in (world.school, world.college):
        (act,) = await by_the_authority(http, world, younger, institution)
        assert (act["action"], act["noun"], act["record_id"]) == ("MERGE", "student", elder)
    # Of its records none has changed: it would learn that another institution had known the person, too.
    assert await by_the_authority(http, world, elder, world.other_school) == []


async def test_each_head_is_told_that_the_person_was_erased(http: httpx.AsyncClient, world: World) -> None:
    student = await known_to_two(http, world)
    await erase(http, world, student, "PERSON")
    for institution in (world.school, world.college):
        assert briefly(await by_the_authority(http, world, student, institution)) == [("ERASE", "student")]


async def test_of_an_erased_student_the_authority_is_told_and_nobody_else(
    http: httpx.AsyncClient, world: World
) -> None:
    """By each id that there was: what was done under one is told by the other, too."""
    elder = await register_student(http, world, world.other_school)
    younger = await register_student(http, world, world.school)
    await merged(http, world, younger, elder)
    await erase(http, world, younger, "RECORDS")
    erased = [("ERASE", "student"), ("MERGE", "student"), ("CREATE", "student"), ("CREATE", "student")]
    read = ("READ", "access log")
    assert briefly(await report(http, elder, world.authority())) == erased
    by_alias = await report(http, younger, world.authority())
    assert briefly(by_alias) == [read, *erased]
    assert by_alias[1]["reason"] == REASON
    for headers in (world.head(world.school), world.head(world.other_school)):
        gone, never = [await http.get(f"/v1/students/{each}/access-log", headers=headers) for each in (younger, ABSENT)]
        assert (gone.status_code, gone.json()["detail"]) == (404, never.json()["detail"])
    assert (await http.get(f"/v1/students/{ABSENT}/access-log", headers=world.authority())).status_code == 404


async def test_of_a_foreign_or_absent_student_nothing_is_told(http: httpx.AsyncClient, world: World) -> None:
    student = await register_student(http, world, world.school)
    answers = [
        await http.get(f"/v1/students/{each}/access-log", headers=world.head(world.other_school))
        for each in (student, ABSENT)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({str({**answer.json(), "correlation_id": ""}) for answer in answers}) == 1
