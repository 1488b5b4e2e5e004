"""What belongs to somebody else answers as what there is not: by the register's id and by the source's own, in words, pointers and counts."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from tests.api.delivered import active_plan
from tests.api.merging import merged
from tests.api.test_restrictions import restrict
from tests.factories import Json, World, a_person, end_enrolment, enrol, identify_risk, register_student
from tests.sync import records
from tests.sync.batches import consultation, counted, item, send, sent, wrong
from tests.sync.records import up_to_a_plan


@pytest.fixture(scope="module")
async def foreign(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    """An active plan at the other school, with its student, enrolment and risk."""
    return await active_plan(http, world, owner, world.other_school)


@pytest.fixture(scope="module", autouse=True)
async def own(http: httpx.AsyncClient, world: World) -> None:
    await sent(http, world, up_to_a_plan("A"))


NAMED: dict[str, tuple[Callable[[Json], Json], str]] = {
    "student of an enrolment": (
        lambda ref: records.enrolment("A", student=ref) | {"external_id": "E-X"},
        "student_id",
    ),
    "student of a risk": (lambda ref: records.risk("A", student=ref) | {"external_id": "R-X"}, "student_id"),
    "student of an outcome": (lambda ref: records.year_outcome("A", student=ref), "student_id"),
    "student of a known enrolment": (lambda ref: records.enrolment("A", student=ref), "student_id"),
    "enrolment of a plan": (
        lambda ref: records.plan("A", enrolment=ref) | {"external_id": "P-X"},
        "enrolment_id",
    ),
    "enrolment of a known plan": (lambda ref: records.plan("A", enrolment=ref), "enrolment_id"),
    "risk of a plan": (lambda ref: records.plan("A", risks=["R-A", ref]), "risk_id"),
    "risk of a measure": (
        lambda ref: records.plan("A", planned_measures=[{"risk": ref, "support_measure": "MEALS", "eur": "10"}]),
        "risk_id",
    ),
    "plan that is continued": (lambda ref: records.plan("A", continues=ref), "id"),
    "plan of an outcome": (
        lambda ref: records.plan_outcome("A", plan=ref) | {"external_id": "O-X"},
        "id",
    ),
    "risk of an outcome": (
        lambda ref: records.plan_outcome("A", results=[{"risk": ref, "result": "REDUCED"}]),
        "risk_id",
    ),
    "plan of an intervention": (
        lambda ref: item("intervention", "I-X", consultation({"id": "", "risk_ids": [""]}, plan=ref, risk="R-A")),
        "id",
    ),
}


@pytest.mark.parametrize("mode", ["validate", "commit"])
@pytest.mark.parametrize("named", NAMED)
async def test_a_foreign_record_is_named_in_vain(
    http: httpx.AsyncClient, world: World, foreign: Json, named: str, mode: str
) -> None:
    makes, field = NAMED[named]
    there = {"id": foreign["risk_ids"][0] if field == "risk_id" else foreign[field]}
    absent = {"id": str(uuid4())}
    reports = [await sent(http, world, [makes(each)], mode=mode) for each in (there, absent)]
    assert reports[0]["rejected"] == reports[1]["rejected"] != []
    assert reports[0]["counts"] == reports[1]["counts"]
    assert {pointer for _, pointer, _ in wrong(reports[0])} >= {POINTERS[named]}


POINTERS = {
    "student of an enrolment": "/data/student",
    "student of a risk": "/data/student",
    "student of an outcome": "/data/student",
    "student of a known enrolment": "/data/student",
    "enrolment of a plan": "/data/enrolment",
    "enrolment of a known plan": "/data/enrolment",
    "risk of a plan": "/data/risks/1",
    "risk of a measure": "/data/planned_measures/0/risk",
    "plan that is continued": "/data/continues",
    "plan of an outcome": "/data/plan",
    "risk of an outcome": "/data/results/0/risk",
    "plan of an intervention": "/data/plan",
}


async def test_another_sources_ids_mean_nothing(http: httpx.AsyncClient, world: World) -> None:
    stranger = world.named("another-system", Role.SYNC_CLIENT, institution_ids=frozenset({world.other_school}))
    for items in ([records.risk("A")], [records.risk("nobody")], [item("plan", "P-A", op="submit")]):
        report = (await send(http, world, items, headers=stranger)).json()
        assert {code for _, _, code in wrong(report)} <= {"unknown-reference", "not-found"}
        assert counted(report) == {items[0]["type"]: {"rejected": 1}}
    gone = (await send(http, world, [item("risk", "R-A", op="delete")], headers=stranger)).json()
    assert counted(gone) == {"risk": {"unchanged": 1}}
    assert counted(await sent(http, world, [records.risk("A")])) == {"risk": {"unchanged": 1}}


def whole(key: str, person: Json) -> list[Json]:
    return [*up_to_a_plan(key, person), item("plan", f"P-{key}", op="submit"), records.year_outcome(key)]


async def told(http: httpx.AsyncClient, world: World, items: list[Json], **query: Any) -> Json:
    """What a report tells of the items, without what differs by itself."""
    answer = (await send(http, world, items, **query)).json()
    report = answer.get("batch", answer)
    return {name: report[name] for name in ("state", "items", "counts", "rejected", "more_rejected")}


@pytest.mark.parametrize("query", [{}, {"mode": "validate"}, {"atomic": "all"}], ids=str)
@pytest.mark.parametrize("is_wrong", [False, True], ids=["sound", "wrong"])
async def test_whoever_is_known_elsewhere_is_reported_as_nobody_had_known_them(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, query: Json, *, is_wrong: bool
) -> None:
    """With an active plan at another school, and a restriction: `created`, in the same words, with the same counts."""
    name = f"{query}-{is_wrong}"
    elsewhere, nobody = a_person(), a_person()
    student_id = await register_student(http, world, world.other_school, elsewhere)
    enrolled = await enrol(http, world, student_id, world.other_school)
    risk = await identify_risk(http, world, student_id, world.other_school)
    body = {"enrolment_id": enrolled["id"], "semester": "2021-1", "risk_ids": [risk["id"]]}
    await http.post("/v1/plans", json=body, headers=world.coordinator(world.other_school))
    await owner.execute(
        "UPDATE plan SET state = 'ACTIVE', activated_on = '2021-10-04' WHERE student_id = $1::text::uuid", student_id
    )
    await owner.execute("SELECT statistics_rebuild()")
    await restrict(http, world.head(world.other_school), student_id)
    reports = []
    for key, person in ((f"{name}-known", elsewhere), (f"{name}-nobody", nobody)):
        items = whole(key, person)
        if is_wrong:
            items[2]["data"]["grade"] = 13
        report = await told(http, world, items, **query)
        reports.append(str(report).replace(key, "key"))
    assert reports[0] == reports[1]
    assert "'student': {'created': 1" in reports[0]


async def test_a_student_of_its_own_by_a_code_that_only_others_state_is_created(
    http: httpx.AsyncClient, world: World
) -> None:
    person, code = a_person(), a_person()["personal_code"]
    await sent(http, world, [records.student("B", person)])
    theirs = await register_student(http, world, world.other_school, person)
    headers = {**world.coordinator(world.other_school), "If-Match": '"1"'}
    corrected = {"personal_code": code}
    await http.patch(f"/v1/students/{theirs}/person", json=corrected, headers=headers)
    both = [records.student("B", person), records.student("B2", person | {"personal_code": code})]
    assert counted(await sent(http, world, both, mode="validate")) == {"student": {"created": 1, "unchanged": 1}}
    assert counted(await sent(http, world, both)) == {"student": {"created": 1, "unchanged": 1}}
    assert counted(await sent(http, world, both)) == {"student": {"unchanged": 2}}


async def test_what_is_restricted_is_neither_changed_nor_added_to(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    items = [*up_to_a_plan("C"), records.year_outcome("C")]
    await sent(http, world, items)
    student_id = await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = 'S-C'")
    await restrict(http, world.head(world.school), str(student_id))
    unchanged = await sent(http, world, items)
    assert {verdict for counts in counted(unchanged).values() for verdict in counts} == {"unchanged"}
    tried = [
        records.enrolment("C", grade=8),
        records.risk("C", severity="LOW"),
        records.risk("C") | {"external_id": "R-C2"},
        records.plan("C", to="2021-12-01"),
        records.plan("C", semester="2021-2") | {"external_id": "P-C2"},
        item("plan", "P-C", op="submit"),
        records.year_outcome("C", extended_school_year=True),
    ]
    report = await sent(http, world, tried)
    assert wrong(report) == [(line, "", "processing-restricted") for line in range(1, len(tried) + 1)]
    person = items[-2]["data"]["person"]
    report = await sent(http, world, [records.student("C", person | {"family_name": "Cita"})])
    assert wrong(report) == [(1, "", "processing-restricted")]


async def test_what_was_handed_over_is_read_and_not_written(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    person = a_person()
    plan = await active_plan(http, world, owner, world.other_school)
    stated = (
        await http.get(f"/v1/students/{plan['student_id']}/person", headers=world.coordinator(world.other_school))
    ).json()
    person |= {name: stated[name] for name in person}
    enrolment = {"id": plan["enrolment_id"], "version": 1, "institution_id": world.other_school}
    await sent(http, world, [records.student("D", person), records.enrolment("D", **{"from": "2021-11-01"})])
    await end_enrolment(http, world, enrolment)
    handed = [
        records.plan("D", enrolment={"id": plan["enrolment_id"]}, risks=[], planned_measures=[]),
        records.plan_outcome("D", plan={"id": plan["id"]}, results=[]),
    ]
    seen = await http.get(f"/v1/plans/{plan['id']}", headers=world.coordinator(world.school))
    assert seen.status_code == httpx.codes.OK
    report = await sent(http, world, handed)
    assert wrong(report) == [(1, "/data/enrolment", "not-the-author"), (2, "/data/plan", "not-the-author")]


async def test_either_id_of_a_merged_student_means_the_one_there_is(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    nameless = a_person(personal_code=None, given_names="Divreiz")
    elder = await register_student(http, world, world.school, nameless)
    await sent(http, world, [records.student("E", nameless), records.risk("E")])
    younger = str(await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = 'S-E'"))
    await merged(http, world, elder, younger)
    items = [records.student("E", nameless), records.risk("E")]
    assert counted(await sent(http, world, items)) == {"student": {"unchanged": 1}, "risk": {"unchanged": 1}}
    for either in (elder, younger):
        named = [records.risk("E", student={"id": either})]
        assert counted(await sent(http, world, named)) == {"risk": {"unchanged": 1}}
    new = [records.enrolment("E", student={"id": younger})]
    assert counted(await sent(http, world, new)) == {"enrolment": {"created": 1}}
