"""The person behind a student: who reads it, who corrects it, and what lies in the database."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from tests.factories import World, a_person, register_student


async def _person(http: httpx.AsyncClient, world: World, student_id: str) -> dict[str, Any]:
    answer = await http.get(f"/v1/students/{student_id}/person", headers=world.coordinator(world.school))
    assert answer.status_code == 200
    return dict(answer.json())


async def _correct(
    http: httpx.AsyncClient, world: World, student_id: str, changes: dict[str, Any], version: int = 1
) -> httpx.Response:
    headers = {**world.coordinator(world.school), "If-Match": f'"{version}"'}
    return await http.patch(f"/v1/students/{student_id}/person", json=changes, headers=headers)


async def test_a_school_reads_what_it_has_stated(http: httpx.AsyncClient, world: World) -> None:
    stated = a_person(given_names="Ņina Anna", family_name="D'Arka-Bērziņa")
    student_id = await register_student(http, world, world.school, stated)
    read = await _person(http, world, student_id)
    assert read == {**stated, "student_id": student_id, "institution_id": world.school, "version": 1}


async def test_a_correction_needs_the_version_that_was_seen(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    done = await _correct(http, world, student_id, {"family_name": "Cita"})
    assert (done.status_code, done.headers["ETag"], done.json()["family_name"]) == (200, '"2"', "Cita")
    assert (await _person(http, world, student_id)) == done.json()
    assert (await _correct(http, world, student_id, {"family_name": "Trešā"})).status_code == 412
    headers = world.coordinator(world.school)
    unseen = await http.patch(f"/v1/students/{student_id}/person", json={"family_name": "Cita"}, headers=headers)
    assert unseen.status_code == 428
    wrong = await _correct(http, world, student_id, {"family_name": "1"}, version=2)
    assert [each["pointer"] for each in wrong.json()["violations"]] == ["/family_name"]


async def test_former_codes_go_on_finding_the_student(http: httpx.AsyncClient, world: World) -> None:
    before, after = a_person(), a_person()
    student_id = await register_student(http, world, world.school, before)
    changed = await _correct(http, world, student_id, {"personal_code": after["personal_code"]})
    assert changed.json()["personal_code"] == after["personal_code"]
    for each in (before, after):
        body = {"personal_code": each["personal_code"]}
        found = await http.post("/v1/students/search", json=body, headers=world.coordinator(world.school))
        assert found.json()["id"] == student_id


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
async def test_no_answer_tells_whether_the_register_knows_a_code(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, *, is_known: bool
) -> None:
    elsewhere, headers = a_person(), world.coordinator(world.school)
    body = {"personal_code": elsewhere["personal_code"]}
    foreign = await register_student(http, world, world.other_school, elsewhere) if is_known else None
    student_id = await register_student(http, world, world.school, a_person(personal_code=None))
    corrected = await _correct(http, world, student_id, body)
    assert (corrected.status_code, corrected.json()["personal_code"]) == (200, elsewhere["personal_code"])
    assert (await _person(http, world, student_id)) == corrected.json()
    found = await http.post("/v1/students/search", json=body, headers=headers)
    assert (found.status_code, found.json()["id"]) == (200, student_id)
    new = {"institution_id": world.school, "person": elsewhere}
    again = await http.post("/v1/students", json=new, headers=headers)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/student-exists")
    assert student_id in again.json()["detail"]
    query = "SELECT count(*) FROM person.personal_code WHERE student_id = $1"
    assert await owner.fetchval(query, student_id) == (0 if is_known else 1)
    if foreign is not None:
        theirs = await http.post("/v1/students/search", json=body, headers=world.coordinator(world.other_school))
        assert theirs.json()["id"] == foreign


async def test_whoever_acts_for_two_institutions_learns_no_more(http: httpx.AsyncClient, world: World) -> None:
    headers, elsewhere = world.sync(world.school, world.college), a_person()
    await register_student(http, world, world.other_school, elsewhere)
    student_id = await register_student(http, world, world.school, a_person(personal_code=None))
    await _correct(http, world, student_id, {"personal_code": elsewhere["personal_code"]})
    new = {"institution_id": world.college, "person": elsewhere}
    made = await http.post("/v1/students", json=new, headers=headers)
    assert made.json()["id"] == student_id


async def test_two_students_of_one_school_have_no_code_in_common(http: httpx.AsyncClient, world: World) -> None:
    first = a_person()
    first_id = await register_student(http, world, world.school, first)
    second_id = await register_student(http, world, world.school)
    refused = await _correct(http, world, second_id, {"personal_code": first["personal_code"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/student-exists")
    assert first_id in refused.json()["detail"]


async def test_of_two_corrections_at_once_to_one_code_one_is_refused(http: httpx.AsyncClient, world: World) -> None:
    students = [await register_student(http, world, world.school, a_person(personal_code=None)) for _ in range(2)]
    code = {"personal_code": a_person()["personal_code"]}
    answers = await asyncio.gather(*(_correct(http, world, each, code) for each in students))
    assert sorted(each.status_code for each in answers) == [200, 409]


async def test_whoever_acts_for_several_says_whose_statement(http: httpx.AsyncClient, world: World) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    await register_student(http, world, world.college, {**person, "given_names": "Citāda"})
    headers = world.sync(world.school, world.college)
    unsaid = await http.get(f"/v1/students/{student_id}/person", headers=headers)
    assert [each["pointer"] for each in unsaid.json()["violations"]] == ["/query/institution_id"]
    query = {"institution_id": world.college}
    said = await http.get(f"/v1/students/{student_id}/person", params=query, headers=headers)
    assert said.json()["given_names"] == "Citāda"


async def test_nobody_but_the_institution_reads_persons(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    others = {
        Role.SUPPORT_PROVIDER: world.provider(world.school),
        Role.MUNICIPALITY_COORDINATOR: world.municipality(world.madona),
        Role.PROGRAMME_AUTHORITY: world.authority(),
        Role.MINISTRY: world.bearer(Role.MINISTRY),
        Role.ADMINISTRATOR: world.bearer(Role.ADMINISTRATOR),
    }
    for headers in others.values():
        query = {"institution_id": world.school}
        read = await http.get(f"/v1/students/{student_id}/person", params=query, headers=headers)
        search = await http.post("/v1/students/search", json={"personal_code": "x"}, headers=headers)
        assert (read.status_code, search.status_code) == (403, 403)


@pytest.mark.parametrize("role", ["authority", "partner", "partner_wide", "provider", "statistics", "analyst"])
@pytest.mark.parametrize("table", ["person.person", "person.personal_code", "person.stated_code"])
async def test_the_database_refuses_persons_as_well(owner: asyncpg.Connection, role: str, table: str) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(f"SET LOCAL ROLE register_{role}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.fetch(f"SELECT * FROM {table}")  # noqa: S608 - from the list above
    finally:
        await transaction.rollback()


async def test_a_school_reads_the_codes_that_it_has_stated_and_no_others(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    own = await register_student(http, world, world.school)
    foreign = await register_student(http, world, world.other_school)
    for role in ("school", "sync"):
        async with owner.transaction():
            await owner.execute(
                f"SET LOCAL ROLE register_{role}; SET LOCAL register.institutions = '{int(world.school)}'"
            )
            seen = {str(row["student_id"]) for row in await owner.fetch("SELECT student_id FROM person.stated_code")}
        assert own in seen
        assert foreign not in seen


async def test_nothing_of_a_person_lies_in_clear(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    stated = a_person(given_names="Unikālijs", family_name="Neatkārtojamais")
    student_id = await register_student(http, world, world.school, stated)
    await _correct(http, world, student_id, {"given_names": "Unikālija"})
    everything = ""
    for row in await owner.fetch("SELECT table_schema AS s, table_name AS t FROM information_schema.tables"):
        if row["s"] in ("public", "person"):
            dumped = await owner.fetchval(
                f'SELECT string_agg(each::text, chr(10)) FROM {row["s"]}."{row["t"]}" AS each'  # noqa: S608 - of the catalogue
            )
            everything += dumped or ""
    assert student_id in everything
    for text in (*stated.values(), "Unikālija"):
        assert str(text) not in everything
        assert str(text).encode().hex() not in everything
