"""Every type of items: recorded, recognised, changed and taken away, and each once."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.outcomes import of_year
from tests.factories import Json, World, a_person, draft_plan, enrol, identify_risk, register_student
from tests.sync import records
from tests.sync.batches import counted, item, sent, wrong
from tests.sync.records import up_to_a_plan


async def test_a_whole_student_in_one_batch_in_an_order_that_does_not_help(
    http: httpx.AsyncClient, world: World
) -> None:
    person = a_person()
    report = await sent(http, world, [*up_to_a_plan("A", person), records.year_outcome("A")])
    assert report["rejected"] == []
    assert counted(report) == {each: {"created": 1} for each in ("student", "enrolment", "risk", "plan", "outcome")}
    headers = world.coordinator(world.school)
    found = await http.post("/v1/students/search", json={"personal_code": person["personal_code"]}, headers=headers)
    of_student = {"student_id": found.json()["id"]}
    stated = (await http.get(f"/v1/students/{found.json()['id']}/person", headers=headers)).json()
    assert {name: stated[name] for name in person} == person
    kept = {}
    for noun in ("enrolments", "risks", "plans", "outcomes"):
        (kept[noun],) = (await http.get(f"/v1/{noun}", params=of_student, headers=headers)).json()["items"]
    assert (kept["enrolments"]["from"], kept["enrolments"]["grade"]) == ("2021-09-01", 7)
    assert kept["plans"]["enrolment_id"] == kept["enrolments"]["id"]
    assert kept["plans"]["risk_ids"] == [kept["risks"]["id"]]
    assert [each["risk_id"] for each in kept["plans"]["planned_measures"]] == [kept["risks"]["id"]]
    assert (kept["plans"]["state"], kept["plans"]["from"], kept["plans"]["to"]) == ("DRAFT", "2021-09-01", "2021-12-31")
    assert kept["outcomes"]["school_year"] == "2021/22"


CHANGES: list[tuple[str, Json]] = [
    ("student", {"person": {"family_name": "Cita"}}),
    ("enrolment", {"grade": 8}),
    ("risk", {"resolved_on": "2021-11-01"}),
    ("plan", {"to": "2021-12-17"}),
    ("outcome", {"left_on": "2021-11-08"}),
]


@pytest.mark.parametrize(("item_type", "change"), CHANGES, ids=[each for each, _ in CHANGES])
async def test_what_is_said_again_changes_nothing_and_what_is_said_otherwise_only_that(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, item_type: str, change: Json
) -> None:
    items = [*up_to_a_plan(f"B-{item_type}"), records.year_outcome(f"B-{item_type}")]
    await sent(http, world, items)
    before = await versions(owner)
    report = await sent(http, world, items)
    assert {verdict for counts in counted(report).values() for verdict in counts} == {"unchanged"}
    assert await versions(owner) == before
    (changed,) = [each for each in items if each["type"] == item_type]
    said = changed["data"]
    if item_type == "student":
        change = {"person": said["person"] | change["person"]}
    changed["data"] = said | change
    report = await sent(http, world, items)
    assert counted(report).pop(item_type) == {"updated": 1}
    assert sum(counts.get("unchanged", 0) for counts in counted(report).values()) == len(items) - 1
    assert counted(await sent(http, world, items))[item_type] == {"unchanged": 1}


async def versions(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    """Of everything that is recorded."""
    tables = ("person.person", "enrolment", "risk", "plan", "outcome")
    rows = [await owner.fetch(f"SELECT student_id, version FROM {each} ORDER BY 1, 2") for each in tables]  # noqa: S608 - the line above
    noted = await owner.fetchval("SELECT (SELECT count(*) FROM change_inbox) + (SELECT count(*) FROM change_log)")
    return [*(tuple(row) for found in rows for row in found), (noted,)]


async def test_deleting_in_any_order_and_what_is_not_there(http: httpx.AsyncClient, world: World) -> None:
    await sent(http, world, [*up_to_a_plan("C"), records.year_outcome("C")])
    deleted = [
        item(item_type, key, op="delete")
        for item_type, key in (("enrolment", "E-C"), ("risk", "R-C"), ("plan", "P-C"), ("outcome", "Y-C"))
    ]
    report = await sent(http, world, deleted)
    assert counted(report) == {each["type"]: {"deleted": 1} for each in deleted}
    again = await sent(http, world, [*deleted, item("student", "S-nobody", op="delete")])
    assert counted(again) == {each["type"]: {"unchanged": 1} for each in deleted} | {"student": {"unchanged": 1}}
    anew = await sent(http, world, up_to_a_plan("C"))
    assert counted(anew)["plan"] == {"created": 1}


async def test_a_student_is_not_deleted(http: httpx.AsyncClient, world: World) -> None:
    await sent(http, world, [records.student("D")])
    report = await sent(http, world, [item("student", "S-D", op="delete")])
    assert wrong(report) == [(1, "", "student-not-deletable")]


async def test_what_people_have_recorded_is_the_same_record(http: httpx.AsyncClient, world: World) -> None:
    """A source that sends what was entered by hand adopts it, by its natural key."""
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    enrolled = await enrol(http, world, student_id, world.school)
    risk = await identify_risk(http, world, student_id, world.school)
    drafted = await draft_plan(http, world, enrolled)
    ended = of_year(student_id, world.school)
    recorded = await http.post("/v1/outcomes", json=ended, headers=world.coordinator(world.school))
    assert recorded.status_code == httpx.codes.CREATED
    written = f"{person['personal_code'][:6]}-{person['personal_code'][6:]}"
    items = [
        records.student("E", person | {"personal_code": written}),
        records.enrolment("E"),
        records.plan("E", risks=[{"id": risk["id"]}], planned_measures=[], providers=[], consent={}),
        records.year_outcome("E"),
    ]
    report = await sent(http, world, items)
    assert counted(report) == {
        "student": {"unchanged": 1},
        "enrolment": {"unchanged": 1},
        "plan": {"updated": 1},  # its risk was not planned for yet
        "outcome": {"unchanged": 1},
    }
    plan = await http.get(f"/v1/plans/{drafted['id']}", headers=world.coordinator(world.school))
    assert plan.json()["risk_ids"] == [risk["id"]]


async def test_one_that_people_deleted_is_recorded_again(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    items = [records.student("F"), records.risk("F")]
    await sent(http, world, items)
    gone = await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = 'R-F'")
    headers = {**world.coordinator(world.school), "If-Match": '"1"'}
    assert (await http.delete(f"/v1/risks/{gone}", headers=headers)).status_code == httpx.codes.NO_CONTENT
    assert counted(await sent(http, world, items))["risk"] == {"created": 1}
    assert counted(await sent(http, world, items))["risk"] == {"unchanged": 1}


async def test_an_end_that_is_told_ends_the_plan_and_stays(http: httpx.AsyncClient, world: World) -> None:
    items = up_to_a_plan("G")
    await sent(http, world, [*items, item("plan", "P-G", op="submit")])
    ended = records.enrolment("G", to="2021-10-29", end_reason="TRANSFERRED")
    assert counted(await sent(http, world, [ended])) == {"enrolment": {"updated": 1}}
    assert counted(await sent(http, world, [ended])) == {"enrolment": {"unchanged": 1}}
    reopened = await sent(http, world, [records.enrolment("G")])
    assert wrong(reopened) == [(1, "", "enrolment-ended")]
    another = records.plan("G", semester="2021-2") | {"external_id": "P-G-2"}
    nothing_more = await sent(http, world, [another])
    assert wrong(nothing_more) == [(1, "", "enrolment-ended")]
    discontinue = item("plan", "P-G", {"reason": "Moved away"}, op="discontinue")
    assert counted(await sent(http, world, [discontinue])) == {"plan": {"unchanged": 1}}


async def test_whoever_was_erased_is_somebody_new(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    items = [*up_to_a_plan("J"), records.year_outcome("J")]
    await sent(http, world, items)
    known = await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = 'S-J'")
    erasure = {"scope": "PERSON", "reason": "Decision 1.9-23/121: recorded without a basis."}
    erased = await http.post(f"/v1/students/{known}/erasure", json=erasure, headers=world.authority())
    assert erased.status_code == httpx.codes.OK, erased.text
    # The source knows by its ids who they were.
    assert await owner.fetchval("SELECT count(*) FROM source_key WHERE external_id LIKE '%-J'") == 0
    assert counted(await sent(http, world, items)) == {each["type"]: {"created": 1} for each in items}
    assert await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = 'S-J'") != known


async def test_a_student_at_two_schools_of_one_system(http: httpx.AsyncClient, world: World) -> None:
    both = (world.school, world.college)
    person = a_person()
    first = records.student("H", person, institution=world.school)
    second = records.student("H", person, institution=world.college)
    assert counted(await sent(http, world, [first], institutions=both)) == {"student": {"created": 1}}
    assert counted(await sent(http, world, [second], institutions=both)) == {"student": {"updated": 1}}
    for each in (first, second):
        assert counted(await sent(http, world, [each], institutions=both)) == {"student": {"unchanged": 1}}
    enrolled = records.enrolment("H", institution=world.college, grade=2)
    assert counted(await sent(http, world, [enrolled], institutions=both)) == {"enrolment": {"created": 1}}
    unsaid = await sent(http, world, [records.enrolment("H"), records.year_outcome("H")], institutions=both)
    assert wrong(unsaid) == [(line, "/data/institution", "required") for line in (1, 2)]
    nameless = a_person(personal_code=None)
    await sent(http, world, [records.student("I", nameless, institution=world.school)], institutions=both)
    other = records.student("I", nameless, institution=world.college)
    assert wrong(await sent(http, world, [other], institutions=both)) == [(1, "/data/person", "other-student")]
