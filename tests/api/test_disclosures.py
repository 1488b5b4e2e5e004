"""The authority works with pseudonyms. It learns a name for a stated purpose, for a quarter of an hour, on record."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from app.db import disclosures
from app.db.session import Database
from app.domain.actors import Role
from app.domain.ids import DisclosureId
from app.settings import Settings
from tests.factories import Json, World, a_person, register_student

BODY = {"purpose": "TRANSFER_CONFIRMATION", "reason": "Two institutions say that the student is theirs."}
LET_EXPIRE = """
UPDATE identity_disclosure SET opened_at = opened_at - interval '15 minutes', expires_at = expires_at - interval '15 minutes'
WHERE id = $1
"""


def address(student_id: str, disclosure_id: str = "") -> str:
    return f"/v1/students/{student_id}/identity-disclosures" + (f"/{disclosure_id}" if disclosure_id else "")


async def disclose(http: httpx.AsyncClient, world: World, student_id: str) -> Json:
    answer = await http.post(address(student_id), json=BODY, headers=world.authority())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def in_essence(answer: httpx.Response) -> Any:
    return answer.status_code, {name: value for name, value in answer.json().items() if name != "correlation_id"}


async def test_every_statement_of_the_person_is_disclosed(http: httpx.AsyncClient, world: World) -> None:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    await register_student(http, world, world.college, {**person, "given_names": "Citāda"})
    await register_student(http, world, world.school)  # somebody else
    answer = await http.post(address(student_id), json=BODY, headers=world.authority())
    disclosed = answer.json()
    assert [(each["institution_id"], each["given_names"]) for each in disclosed["statements"]] == [
        (world.school, "Izdomāta"),
        (world.college, "Citāda"),
    ]
    assert {each["personal_code"] for each in disclosed["statements"]} == {person["personal_code"]}
    opened, expires = (datetime.fromisoformat(disclosed[name]) for name in ("opened_at", "expires_at"))
    assert expires - opened == timedelta(minutes=15)
    assert answer.headers["Location"] == address(student_id, disclosed["id"])
    assert answer.headers["Cache-Control"] == "no-store"


async def test_it_may_be_read_again_until_it_expires(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    student_id = await register_student(http, world, world.school)
    disclosed = await disclose(http, world, student_id)
    again = await http.get(address(student_id, disclosed["id"]), headers=world.authority())
    assert (again.status_code, again.json()) == (200, disclosed)
    assert again.headers["Cache-Control"] == "no-store"
    await owner.execute(LET_EXPIRE, disclosed["id"])
    late = await http.get(address(student_id, disclosed["id"]), headers=world.authority())
    absent = await http.get(address(student_id, str(uuid4())), headers=world.authority())
    assert late.status_code == 404
    assert in_essence(late) == in_essence(absent)


async def test_it_is_for_one_person_and_one_student(http: httpx.AsyncClient, world: World) -> None:
    student_id, other = [await register_student(http, world, world.school) for _ in range(2)]
    disclosed = await disclose(http, world, student_id)
    colleague = world.named("a-colleague", Role.PROGRAMME_AUTHORITY)
    absent = await http.get(address(student_id, str(uuid4())), headers=colleague)
    for path, headers in (
        (address(student_id, disclosed["id"]), colleague),
        (address(other, disclosed["id"]), world.authority()),
    ):
        assert in_essence(await http.get(path, headers=headers)) == in_essence(absent)


async def test_disclosures_are_listed_for_good_and_without_names(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    student_id = await register_student(http, world, world.school)
    first, second = [await disclose(http, world, student_id) for _ in range(2)]
    await owner.execute(LET_EXPIRE, first["id"])
    listed = (await http.get(address(student_id), headers=world.authority())).json()["items"]
    assert {each["id"] for each in listed} == {first["id"], second["id"]}
    assert {each["subject"] for each in listed} == {"test-programme_authority"}
    assert all("statements" not in each and each["reason"] == BODY["reason"] for each in listed)


async def test_what_is_asked_without_purpose_or_of_nobody_discloses_nothing(
    http: httpx.AsyncClient, world: World
) -> None:
    student_id = await register_student(http, world, world.school)
    for body, pointer in (
        ({**BODY, "purpose": "CURIOSITY"}, "/purpose"),
        ({**BODY, "reason": " "}, "/reason"),
        ({"purpose": BODY["purpose"]}, "/reason"),
    ):
        refused = await http.post(address(student_id), json=body, headers=world.authority())
        assert (refused.status_code, [each["pointer"] for each in refused.json()["violations"]]) == (422, [pointer])
    absent = await http.post(address(str(uuid4())), json=BODY, headers=world.authority())
    assert absent.status_code == 404
    assert (await http.get(address(student_id), headers=world.authority())).json()["items"] == []
    assert (await http.get(address(str(uuid4())), headers=world.authority())).status_code == 404


@pytest.mark.parametrize("role", [Role.REGIONAL_COORDINATOR, Role.SCHOOL_HEAD, Role.ADMINISTRATOR, Role.MINISTRY])
async def test_nobody_else_discloses(http: httpx.AsyncClient, world: World, role: Role) -> None:
    student_id = await register_student(http, world, world.school)
    disclosed = await disclose(http, world, student_id)
    headers = world.bearer(role, institution_ids=frozenset({world.school}), region_code="RIGA")
    answers = [
        await http.post(address(student_id), json=BODY, headers=headers),
        await http.get(address(student_id), headers=headers),
        await http.get(address(student_id, disclosed["id"]), headers=headers),
    ]
    assert [each.status_code for each in answers] == [403, 403, 403]


async def test_it_is_on_record_before_the_name_is_read(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name never arrives, for the reading fails: that it was asked for stays all the same."""
    student_id = await register_student(http, world, world.school)

    async def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(disclosures, "statements", fail)
    answer = await http.post(address(student_id), json=BODY, headers=world.authority())
    assert answer.status_code == 500
    assert len((await http.get(address(student_id), headers=world.authority())).json()["items"]) == 1
    query = "SELECT subject, reason FROM audit_event WHERE action = 'DISCLOSE' AND $1 = ANY (student_ids)"
    kept = [tuple(row) for row in await owner.fetch(query, student_id)]
    assert kept == [("test-programme_authority", f"{BODY['purpose']}: {BODY['reason']}")]


async def test_without_its_entry_in_the_audit_nothing_is_disclosed(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    student_id = await register_student(http, world, world.school)
    await owner.execute("REVOKE INSERT ON audit_inbox FROM register_authority")
    try:
        answer = await http.post(address(student_id), json=BODY, headers=world.authority())
    finally:
        await owner.execute("GRANT INSERT ON audit_inbox TO register_authority")
    assert answer.status_code == 500
    assert "Paraudze" not in answer.text
    assert (await http.get(address(student_id), headers=world.authority())).json()["items"] == []


async def test_the_database_reads_one_student_while_the_disclosure_is_alive(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, settings: Settings
) -> None:
    """Whatever the service asks: it is for the database to say whose statements there are, and until when."""
    student_id, _other = [await register_student(http, world, world.school) for _ in range(2)]
    alive = UUID((await disclose(http, world, student_id))["id"])
    database = Database(settings.database_url.get_secret_value(), pool_size=1)

    async def seen(disclosure_id: UUID) -> list[str]:
        scope = disclosures.within(DisclosureId(disclosure_id))
        async with database.transaction(scope, read_only=True) as connection:
            rows = await connection.exec_driver_sql("SELECT student_id FROM person.person")
            return [str(row[0]) for row in rows]

    assert await seen(alive) == [student_id]
    assert await seen(uuid4()) == []
    await owner.execute(LET_EXPIRE, alive)
    assert await seen(alive) == []
    await database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity_disclosure SET expires_at = expires_at + interval '1 minute'",
        "DELETE FROM identity_disclosure",
        "INSERT INTO identity_disclosure VALUES (gen_random_uuid(), gen_random_uuid(), 'X', 'x', 'x', now(), now())",
    ],
)
async def test_the_authority_prolongs_removes_and_postdates_none(owner: asyncpg.Connection, statement: str) -> None:
    async with owner.transaction():
        await owner.execute("SET LOCAL ROLE register_authority")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with owner.transaction():
                await owner.execute(statement)


async def test_none_is_alive_for_more_than_an_hour(owner: asyncpg.Connection) -> None:
    long = (
        "INSERT INTO identity_disclosure (id, student_id, purpose, reason, subject, expires_at)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), 'X', 'x', 'x', now() + interval '61 minutes')"
    )
    with pytest.raises(asyncpg.CheckViolationError, match="ck_identity_disclosure_short"):
        await owner.execute(long)
