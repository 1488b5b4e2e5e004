"""A malicious school learns of no restriction that was set elsewhere, and sets none."""

import asyncpg
import httpx
import pytest

from tests.api.test_restrictions import lift, restrict
from tests.factories import Json, World, a_person, enrol, identify_risk, register_student


async def told(http: httpx.AsyncClient, world: World, person: Json) -> list[object]:
    """Everything that a school is answered which registers a person and goes on to record something of it."""
    headers = world.coordinator(world.other_school)
    new = {"institution_id": world.other_school, "person": person}
    made = await http.post("/v1/students", json=new, headers=headers)
    student = {"student_id": made.json()["id"], "institution_id": world.other_school}
    enrolled = await http.post("/v1/enrolments", json={**student, "grade": 7, "from": "2021-09-01"}, headers=headers)
    listed = await http.get(
        f"/v1/students/{student['student_id']}/restrictions", headers=world.head(world.other_school)
    )
    plan = await http.post(
        "/v1/plans", json={"enrolment_id": enrolled.json()["id"], "semester": "2021-1"}, headers=headers
    )
    return [made.status_code, enrolled.status_code, plan.status_code, listed.status_code, listed.json()]


@pytest.mark.parametrize("by", ["head", "authority"])
async def test_registering_someone_restricted_elsewhere_is_as_registering_anybody(
    http: httpx.AsyncClient, world: World, by: str
) -> None:
    known = a_person()
    student_id = await register_student(http, world, world.school, known)
    await restrict(http, world.authority() if by == "authority" else world.head(world.school), student_id)
    assert await told(http, world, known) == await told(http, world, a_person()) == [201, 201, 201, 200, []]
    # The authority sees both; what came later is not restricted.
    listed = await http.get(f"/v1/students/{student_id}/restrictions", headers=world.authority())
    assert [each["institution_id"] for each in listed.json()] == [world.school]


async def test_a_school_that_registers_a_known_code_restricts_its_own_records_alone(
    http: httpx.AsyncClient, world: World
) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    await enrol(http, world, student_id, world.school)
    await register_student(http, world, world.other_school, person)
    stated = await restrict(http, world.head(world.other_school), student_id)
    assert [each["institution_id"] for each in stated] == [world.other_school]
    await identify_risk(http, world, student_id, world.school)
    assert (await lift(http, world.head(world.school), student_id)).status_code == 409


async def test_a_foreign_student_answers_as_an_absent_one(http: httpx.AsyncClient, world: World) -> None:
    foreign = await register_student(http, world, world.school)
    headers, reason = world.head(world.other_school), {"reason": "X"}
    for method, noun in (("GET", "restrictions"), ("POST", "restriction"), ("POST", "restriction-lifting")):
        answers = [
            await http.request(
                method, f"/v1/students/{each}/{noun}", json=reason if method == "POST" else None, headers=headers
            )
            for each in (foreign, "00000000-0000-4000-8000-000000000000")
        ]
        assert [each.status_code for each in answers] == [404, 404]
        assert len({each.json()["detail"] for each in answers}) == 1


async def test_the_database_lets_a_school_mark_its_own_rows_alone(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    await register_student(http, world, world.other_school, person)
    mark = "UPDATE student_access SET restricted_on = '2021-11-15', restricted_by = '{}' WHERE student_id = $1"
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(f"SET LOCAL ROLE register_school; SET LOCAL register.institutions = '{int(world.school)}'")
        assert await owner.execute(mark.format("INSTITUTION"), student_id) == "UPDATE 1"
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await owner.execute(mark.format("AUTHORITY"), student_id)
    finally:
        await transaction.rollback()
