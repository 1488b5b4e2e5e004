"""A batch of one item and the single request for the same: recorded alike, audited alike, refused alike."""

from dataclasses import dataclass
from itertools import count

import asyncpg
import httpx
import pytest

from tests.factories import Json, World, a_person
from tests.sync import records
from tests.sync.batches import item, sent

OWN = {"id", "student_id", "institution_id", "enrolment_id", "risk_ids", "planned_measures", "code", "correlation_id"}
"""Of each student its own."""


_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Known:
    """What single requests name by id, and items by the source's own."""

    student: str
    enrolment: str
    risk: str
    key: str


@pytest.fixture
async def two(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> tuple[Known, Known]:
    """Two students of whom the same is recorded: one to be spoken of in single requests, one by a batch."""
    made = []
    for name in ("single", "batch"):
        key = f"{name}-{next(_numbers)}"
        person = a_person(personal_code=None)
        await sent(http, world, [records.student(key, person), records.enrolment(key), records.risk(key)])
        rows = await owner.fetch("SELECT type, record_id FROM source_key WHERE external_id LIKE '%-' || $1", key)
        ids = {row["type"]: str(row["record_id"]) for row in rows}
        made.append(Known(student=ids["student"], enrolment=ids["enrolment"], risk=ids["risk"], key=key))
    return made[0], made[1]


def single(noun: str, said: Json, known: Known, world: World) -> Json:
    """The body of a single request that says what an item says."""
    names = {f"S-{known.key}": known.student, f"E-{known.key}": known.enrolment, f"R-{known.key}": known.risk}
    body = {name: value for name, value in said.items() if name not in ("student", "enrolment", "risks")}
    if noun == "plan":
        body["enrolment_id"] = names[said["enrolment"]]
        body["risk_ids"] = [names[each] for each in said["risks"]]
        body["planned_measures"] = [
            {name: value for name, value in each.items() if name != "risk"} | {"risk_id": names[each["risk"]]}
            for each in said["planned_measures"]
        ]
        return body
    return body | {"student_id": names[said["student"]], "institution_id": world.school}


async def deeds(owner: asyncpg.Connection, student_id: str) -> list[tuple[str, str, str | None]]:
    """What the audit has of the student, but for the reads of this test; whoever sealed it meanwhile."""
    rows = await owner.fetch(
        "SELECT action, noun, role FROM (SELECT action, noun, role, student_ids FROM audit_inbox UNION ALL"
        " SELECT action, noun, role, student_ids FROM audit_event) AS kept WHERE $1::text::uuid = ANY (student_ids)"
        " AND action NOT IN ('READ', 'LIST') ORDER BY action, noun",
        student_id,
    )
    return [(row["action"], row["noun"], row["role"]) for row in rows]


def without_ids(kept: Json) -> Json:
    return {name: value for name, value in kept.items() if name not in OWN}


RECORDS = [
    ("enrolment", {"from": "2020-09-01", "to": "2021-05-31", "end_reason": "COMPLETED", "special_need": "56"}),
    ("risk", {"severity": "HIGH", "resolved_on": "2021-11-01"}),
    ("plan", {"to": "2021-12-17", "providers": ["T-2", "T-1", "T-2"]}),
    ("year_outcome", {"leaving_reason": "WORK"}),
]


CHANGED: dict[str, Json] = {
    "enrolment": {"grade": 8},
    "risk": {"severity": "LOW"},
    "plan": {"to": "2021-12-10"},
    "year_outcome": {"extended_school_year": True},
}


def said_of(noun: str, key: str, change: Json) -> Json:
    made: Json = getattr(records, noun)(key, **change)
    return made | {"external_id": f"new-{key}"}


@pytest.mark.parametrize(("noun", "change"), RECORDS, ids=[noun for noun, _ in RECORDS])
async def test_recorded_alike(
    http: httpx.AsyncClient,
    world: World,
    owner: asyncpg.Connection,
    two: tuple[Known, Known],
    noun: str,
    change: Json,
) -> None:
    (one, other), headers = two, world.sync(world.school)
    path = f"/v1/{noun.removeprefix('year_')}s"
    made = await http.post(path, json=single(noun, said_of(noun, one.key, change)["data"], one, world), headers=headers)
    assert made.status_code == httpx.codes.CREATED, made.text
    report = await sent(http, world, [said_of(noun, other.key, change)])
    assert report["rejected"] == []
    record_id = await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = $1", f"new-{other.key}")
    kept = await http.get(f"{path}/{record_id}", headers=headers)
    assert without_ids(kept.json()) == without_ids(made.json())
    assert kept.headers["ETag"] == made.headers["ETag"]
    assert await deeds(owner, one.student) == await deeds(owner, other.student)
    changed = CHANGED[noun]
    seen = {**headers, "If-Match": made.headers["ETag"]}
    patched = await http.patch(f"{path}/{made.json()['id']}", json=changed, headers=seen)
    await sent(http, world, [said_of(noun, other.key, change | changed)])
    kept = await http.get(f"{path}/{record_id}", headers=headers)
    assert without_ids(kept.json()) == without_ids(patched.json())
    assert await deeds(owner, one.student) == await deeds(owner, other.student)


WRONG = [
    ("enrolment", {"grade": 13}),
    ("enrolment", {"grade": 0, "from": "x"}),
    ("enrolment", {"from": "2005-01-01", "special_need": "1"}),
    ("enrolment", {"to": "2021-12-01", "end_reason": "TRANSFERRED", "from": "2020-01-10"}),
    ("risk", {"type": "X", "identified_on": "2022-01-01"}),
    ("risk", {"identified_by": "NEIGHBOUR", "severity": None}),
    ("risk", {"type": "two\nlines"}),
    ("plan", {"from": "2021-01-01", "programme": "PUMPURS"}),
    ("plan", {"semester": "2021-3"}),
    ("plan", {"semester": "1999-1", "programme": "X"}),
    ("plan", {"providers": ["Anna Bērziņa"], "consent": {"application_signed_by": "NEIGHBOUR"}}),
    ("year_outcome", {"result": "PROMOTED"}),
    ("year_outcome", {"school_year": "2021/23"}),
    ("year_outcome", {"left_on": "2020-01-01", "leaving_reason": "X"}),
]


@pytest.mark.parametrize(("noun", "change"), WRONG)
async def test_refused_alike(
    http: httpx.AsyncClient, world: World, two: tuple[Known, Known], noun: str, change: Json
) -> None:
    known, headers = two[0], world.sync(world.school)
    said = said_of(noun, known.key, change)
    refused = await http.post(
        f"/v1/{noun.removeprefix('year_')}s", json=single(noun, said["data"], known, world), headers=headers
    )
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY, refused.text
    report = await sent(http, world, [said])
    (rejected,) = report["rejected"]
    expected = [each | {"pointer": f"/data{each['pointer']}"} for each in refused.json()["violations"]]
    assert rejected["violations"] == expected


async def test_a_student_is_registered_and_refused_alike(http: httpx.AsyncClient, world: World) -> None:
    headers = world.sync(world.school)
    for person in (
        a_person(given_names="1", birth_date="2030-01-01"),
        a_person(personal_code="123"),
        {"given_names": ""},
    ):
        refused = await http.post(
            "/v1/students", json={"institution_id": world.school, "person": person}, headers=headers
        )
        report = await sent(http, world, [item("student", "S-X", {"person": person})])
        expected = [each | {"pointer": f"/data{each['pointer']}"} for each in refused.json()["violations"]]
        assert report["rejected"][0]["violations"] == expected
