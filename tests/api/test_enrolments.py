"""Enrolments over REST."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.factories import Json, World, end_enrolment, enrol, register_student


async def _change(http: httpx.AsyncClient, world: World, enrolment: Json, changes: dict[str, Any]) -> httpx.Response:
    headers = {**world.coordinator(enrolment["institution_id"]), "If-Match": f'"{enrolment["version"]}"'}
    return await http.patch(f"/v1/enrolments/{enrolment['id']}", json=changes, headers=headers)


async def test_an_enrolment_is_kept_as_it_was_sent(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    marks = {
        "minority_programme": True,
        "returned_emigrant": True,
        "special_need": "56",
        "home_municipality": "0001000",
    }
    made = await enrol(http, world, student_id, world.school, grade=9, **marks)
    sent = {"student_id": student_id, "institution_id": world.school, "grade": 9, "from": "2021-09-01", **marks}
    assert made == {**sent, "id": made["id"], "to": None, "end_reason": None, "version": 1}
    read = await http.get(f"/v1/enrolments/{made['id']}", headers=world.head(world.school))
    assert (read.json(), read.headers["ETag"]) == (made, '"1"')


async def test_every_wrong_field_is_named(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.college)
    body = {
        "student_id": student_id,
        "institution_id": world.college,
        "grade": 5,
        "from": "2021-11-16",
        "home_municipality": "0700200",
        "special_need": "00",
        "end_reason": "LEFT",
    }
    answer = await http.post("/v1/enrolments", json=body, headers=world.coordinator(world.college))
    named = {each["pointer"] for each in answer.json()["violations"]}
    assert named == {"/grade", "/from", "/home_municipality", "/special_need", "/end_reason"}


async def test_only_the_institution_that_registered_a_student_enrols_it(http: httpx.AsyncClient, world: World) -> None:
    foreign = await register_student(http, world, world.other_school)
    bodies = [
        {"student_id": student_id, "institution_id": institution_id, "grade": 7, "from": "2021-09-01"}
        for student_id, institution_id in (
            (foreign, world.school),
            (str(uuid4()), world.school),
            (foreign, world.other_school),
        )
    ]
    answers = [await http.post("/v1/enrolments", json=each, headers=world.coordinator(world.school)) for each in bodies]
    assert [each.status_code for each in answers] == [404, 404, 404]
    assert len({each.json()["detail"] for each in answers}) == 1


async def test_enrolments_at_one_institution_do_not_overlap(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    ended = await end_enrolment(http, world, await enrol(http, world, student_id, world.school), on="2021-10-29")
    body = {"student_id": student_id, "institution_id": world.school, "grade": 7, "from": "2021-10-29"}
    overlapping = await http.post("/v1/enrolments", json=body, headers=world.coordinator(world.school))
    assert [each["code"] for each in overlapping.json()["violations"]] == ["overlap"]
    later = await enrol(http, world, student_id, world.school, **{"from": "2021-10-30"})
    moved = await _change(http, world, later, {"from": "2021-10-01"})
    assert [each["pointer"] for each in moved.json()["violations"]] == ["/from"]
    assert ended["to"] == "2021-10-29"


async def test_of_overlapping_enrolments_made_at_once_one_stays(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    headers = world.coordinator(world.school)
    bodies = [
        {"student_id": student_id, "institution_id": world.school, "grade": 7, "from": f"2021-09-{day:02}"}
        for day in range(1, 7)
    ]
    answers = await asyncio.gather(*(http.post("/v1/enrolments", json=each, headers=headers) for each in bodies))
    assert sorted(each.status_code for each in answers) == [201, 422, 422, 422, 422, 422]


async def test_a_change_leaves_the_rest(http: httpx.AsyncClient, world: World) -> None:
    made = await enrol(http, world, await register_student(http, world, world.school), world.school, special_need="56")
    changed = await _change(http, world, made, {"grade": 8, "from": "2021-09-13", "special_need": None})
    assert changed.json() == {**made, "grade": 8, "from": "2021-09-13", "special_need": None, "version": 2}
    assert (await _change(http, world, made, {"grade": 9})).status_code == 412


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"to": "2021-10-29"}, "/end_reason"),
        ({"end_reason": "LEFT"}, "/end_reason"),
        ({"to": "2021-08-31", "end_reason": "LEFT"}, "/to"),
        ({"end_reason": "BORED", "to": "2021-10-29"}, "/end_reason"),
    ],
)
async def test_an_end_has_a_possible_day_and_a_reason(
    http: httpx.AsyncClient, world: World, sent: Json, pointer: str
) -> None:
    made = await enrol(http, world, await register_student(http, world, world.school), world.school)
    answer = await _change(http, world, made, sent)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["violations"]]) == (422, [pointer])


@pytest.mark.parametrize("sent", [{"to": None, "end_reason": None}, {"to": "2021-11-01"}])
async def test_an_ended_enrolment_stays_ended(http: httpx.AsyncClient, world: World, sent: Json) -> None:
    made = await enrol(http, world, await register_student(http, world, world.school), world.school)
    ended = await end_enrolment(http, world, made)
    assert (ended["to"], ended["end_reason"], ended["version"]) == ("2021-10-29", "TRANSFERRED", 2)
    answer = await _change(http, world, ended, sent)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enrolment-ended")
    assert (await _change(http, world, ended, {"grade": 8})).json()["to"] == "2021-10-29"


async def test_a_mistaken_enrolment_is_deleted(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    made = await enrol(http, world, await register_student(http, world, world.school), world.school)
    headers = world.coordinator(world.school)
    assert (await http.delete(f"/v1/enrolments/{made['id']}", headers=headers)).status_code == 428
    gone = await http.delete(f"/v1/enrolments/{made['id']}", headers={**headers, "If-Match": '"1"'})
    assert gone.status_code == 204
    assert (await http.get(f"/v1/enrolments/{made['id']}", headers=headers)).status_code == 404
    audited = await owner.fetch("SELECT action FROM audit_event WHERE record_id = $1 ORDER BY id", made["id"])
    assert [row["action"] for row in audited] == ["CREATE", "DELETE", "ATTEMPT"]


async def test_lists_are_filtered(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.college)
    first = await end_enrolment(http, world, await enrol(http, world, student_id, world.college, grade=1))
    second = await enrol(http, world, student_id, world.college, grade=2, **{"from": "2021-11-01"})

    async def listed(**query: str | int) -> list[str]:
        answer = await http.get("/v1/enrolments", params=query, headers=world.coordinator(world.college))
        return sorted(each["id"] for each in answer.json()["items"])

    assert await listed(student_id=student_id) == sorted([first["id"], second["id"]])
    assert await listed(student_id=student_id, on="2021-10-29") == [first["id"]]
    assert await listed(student_id=student_id, on="2021-11-01") == [second["id"]]
    assert await listed(institution_id=world.school) == []


@pytest.mark.parametrize("reader", ["municipality", "authority"])
async def test_partner_and_authority_read_and_do_not_write(http: httpx.AsyncClient, world: World, reader: str) -> None:
    made = await enrol(http, world, await register_student(http, world, world.school), world.school)
    headers = world.authority() if reader == "authority" else world.municipality(world.madona)
    assert (await http.get(f"/v1/enrolments/{made['id']}", headers=headers)).json() == made
    writing = await http.patch(
        f"/v1/enrolments/{made['id']}", json={"grade": 8}, headers={**headers, "If-Match": '"1"'}
    )
    assert writing.status_code == 403
    riga = await http.get(f"/v1/enrolments/{made['id']}", headers=world.municipality(world.riga))
    assert riga.status_code == 404
