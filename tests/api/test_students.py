"""Students over REST, seen from the institution that registers them."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from app.domain.personal_codes import demonstration_personal_code, written_personal_code
from tests.factories import World, a_person, end_enrolment, enrol, register_student


async def test_a_registered_student_is_a_pseudonym(http: httpx.AsyncClient, world: World) -> None:
    body = {"institution_id": world.school, "person": a_person()}
    made = await http.post("/v1/students", json=body, headers=world.coordinator(world.school))
    assert made.status_code == 201
    assert set(made.json()) == {"id", "version"}
    assert (made.headers["ETag"], made.headers["Cache-Control"]) == ('"1"', "no-store")
    read = await http.get(made.headers["Location"], headers=world.head(world.school))
    assert read.json() == made.json()


async def test_a_student_without_a_personal_code_is_another_one_each_time(
    http: httpx.AsyncClient, world: World
) -> None:
    nobody = a_person(personal_code=None)
    first = await register_student(http, world, world.school, nobody)
    assert await register_student(http, world, world.school, nobody) != first


async def test_every_wrong_field_is_named(http: httpx.AsyncClient, world: World) -> None:
    wrong = a_person(given_names=" ", birth_date="1901-01-01", personal_code="000000-00000")
    body = {"institution_id": world.school, "person": wrong}
    answer = await http.post("/v1/students", json=body, headers=world.coordinator(world.school))
    assert answer.status_code == 422
    named = {each["pointer"] for each in answer.json()["violations"]}
    assert named == {"/person/given_names", "/person/birth_date", "/person/personal_code"}
    assert "000000-00000" not in answer.text


async def test_the_same_person_is_registered_once_per_institution(http: httpx.AsyncClient, world: World) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    spelt = {**person, "personal_code": written_personal_code(person["personal_code"])}
    body = {"institution_id": world.school, "person": spelt}
    again = await http.post("/v1/students", json=body, headers=world.coordinator(world.school))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/student-exists")
    assert student_id in again.json()["detail"]


async def test_of_two_that_register_the_same_person_at_once_one_wins(http: httpx.AsyncClient, world: World) -> None:
    body = {"institution_id": world.school, "person": a_person()}
    headers = world.coordinator(world.school)
    answers = await asyncio.gather(*(http.post("/v1/students", json=body, headers=headers) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert {each.json()["type"] for each in answers if each.status_code == 409} == {"/problems/student-exists"}


@pytest.mark.parametrize("institution", ["other_school", "nowhere"])
async def test_nobody_registers_for_an_institution_that_is_not_theirs(
    http: httpx.AsyncClient, world: World, institution: str
) -> None:
    institution_id = getattr(world, institution, 999_999)
    body = {"institution_id": institution_id, "person": a_person()}
    answer = await http.post("/v1/students", json=body, headers=world.coordinator(world.school))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-your-institution")


async def test_search_finds_own_students_only(http: httpx.AsyncClient, world: World) -> None:
    own, foreign = a_person(), a_person()
    student_id = await register_student(http, world, world.school, own)
    await register_student(http, world, world.other_school, foreign)

    async def search(code: str) -> httpx.Response:
        body = {"personal_code": code}
        return await http.post("/v1/students/search", json=body, headers=world.coordinator(world.school))

    assert (await search(written_personal_code(own["personal_code"]))).json()["id"] == student_id
    elsewhere, nowhere = await search(foreign["personal_code"]), await search(demonstration_personal_code(9_000_001))
    assert elsewhere.status_code == nowhere.status_code == 404
    assert _without_id(elsewhere) == _without_id(nowhere)
    assert (await search("010101-1")).json()["violations"][0]["pointer"] == "/personal_code"


async def test_a_search_claims_nothing(http: httpx.AsyncClient, world: World) -> None:
    person = a_person()
    body = {"personal_code": person["personal_code"]}
    await http.post("/v1/students/search", json=body, headers=world.coordinator(world.school))
    student_id = await register_student(http, world, world.other_school, person)
    found = await http.post("/v1/students/search", json=body, headers=world.coordinator(world.other_school))
    assert found.json()["id"] == student_id


async def test_foreign_and_absent_students_look_the_same(http: httpx.AsyncClient, world: World) -> None:
    foreign = await register_student(http, world, world.other_school)
    headers = world.coordinator(world.school)
    for path in ("", "/person"):
        there = await http.get(f"/v1/students/{foreign}{path}", headers=headers)
        absent = await http.get(f"/v1/students/{uuid4()}{path}", headers=headers)
        assert there.status_code == absent.status_code == 404
        assert _without_id(there) == _without_id(absent)


async def test_a_list_has_every_own_student_once(http: httpx.AsyncClient, world: World) -> None:
    mine = {await register_student(http, world, world.college) for _ in range(5)}
    listed: list[str] = []
    query: dict[str, str | int] = {"limit": 2}
    while True:
        page = (await http.get("/v1/students", params=query, headers=world.coordinator(world.college))).json()
        listed += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert sorted(listed) == sorted(mine)


async def test_a_list_is_of_an_institution_and_of_a_day(http: httpx.AsyncClient, world: World) -> None:
    enrolled, left, never = [await register_student(http, world, world.school) for _ in range(3)]
    await enrol(http, world, enrolled, world.school)
    await end_enrolment(http, world, await enrol(http, world, left, world.school), on="2021-10-29")

    async def listed(**query: str | int) -> set[str]:
        answer = await http.get("/v1/students", params={"limit": 200, **query}, headers=world.authority())
        return {each["id"] for each in answer.json()["items"]} & {enrolled, left, never}

    assert await listed(institution_id=world.school) == {enrolled, left, never}
    assert await listed(institution_id=world.other_school) == set()
    assert await listed(enrolled_on="2021-10-29") == {enrolled, left}
    assert await listed(enrolled_on="2021-10-30", institution_id=world.school) == {enrolled}
    assert await listed(enrolled_on="2021-08-31") == set()


async def test_a_student_is_never_deleted(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    refused = await http.delete(f"/v1/students/{student_id}", headers=world.coordinator(world.school))
    kind = refused.json()["type"].removeprefix("/problems/")
    assert (refused.status_code, kind) == (409, "student-not-deletable")
    absent = await http.delete(f"/v1/students/{student_id}", headers=world.coordinator(world.college))
    assert absent.status_code == 404


async def test_a_sync_client_registers_for_every_institution_granted_to_it(
    http: httpx.AsyncClient, world: World
) -> None:
    headers = world.sync(world.school, world.college)
    person = a_person()
    made = [
        await http.post("/v1/students", json={"institution_id": each, "person": person}, headers=headers)
        for each in (world.school, world.college)
    ]
    assert [each.status_code for each in made] == [201, 201]
    assert made[0].json() == made[1].json()


def _without_id(answer: httpx.Response) -> dict[str, object]:
    return {name: value for name, value in answer.json().items() if name != "correlation_id"}
