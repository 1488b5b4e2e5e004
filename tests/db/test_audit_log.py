"""Sealing in PostgreSQL: what is committed is moved into the chain once, whoever seals, and nobody else can touch it."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest

from app.db import audit, audit_log
from app.db.audit_log import AUDITOR
from app.db.embedded import EmbeddedServer
from app.db.scopes import DatabaseRole, Scope
from app.db.session import Database
from app.domain.actors import Actor, Role
from app.domain.audit import EMPTY, Verification
from app.domain.deeds import Action, Deed

SCHOOL = Scope(role=DatabaseRole.SCHOOL, institution_ids=(1,))


@pytest.fixture(autouse=True)
async def emptied(owner: asyncpg.Connection) -> None:
    await owner.execute("TRUNCATE audit_inbox, audit_log")
    await owner.execute("UPDATE audit_head SET position = 0, hash = $1", EMPTY.hash)


def a_deed(number: int) -> Deed:
    actor = Actor(subject=f"test-{number}", role=Role.SCHOOL_HEAD)
    return Deed(actor=actor, action=Action.READ, noun="plan", correlation_id="a-request", record_id=str(number))


async def flaws(database: Database) -> list[str]:
    verification = Verification()
    found: list[str] = []
    async with database.transaction(AUDITOR, read_only=True) as connection:
        async for part in audit_log.entries(connection, at_once=3):
            found.extend(verification.walk(part))
        return [*found, *verification.end(await audit_log.head(connection))]


async def seal_all(database: Database) -> int:
    total = 0
    while sealed := await audit_log.seal_next(database):
        total += sealed
    return total


async def test_what_is_appended_is_sealed_once_and_in_order(database: Database, owner: asyncpg.Connection) -> None:
    await audit.append(database, [a_deed(number) for number in range(10)])
    assert await seal_all(database) == 10
    assert await seal_all(database) == 0
    rows = await owner.fetch("SELECT position, record_id FROM audit_log ORDER BY position")
    assert [(row["position"], row["record_id"]) for row in rows] == [(n + 1, str(n)) for n in range(10)]
    assert await owner.fetchval("SELECT count(*) FROM audit_inbox") == 0
    assert await flaws(database) == []


async def test_many_writers_and_many_sealers_lose_nothing(database: Database, owner: asyncpg.Connection) -> None:
    async def write(number: int) -> None:
        async with database.transaction(SCHOOL) as connection:
            await audit.record(connection, a_deed(number))
            await asyncio.sleep(0.002 * (number % 3))

    async def sealing() -> None:
        for _ in range(20):
            await audit_log.seal_next(database)

    await asyncio.gather(*(write(number) for number in range(60)), sealing(), sealing())
    await seal_all(database)
    rows = await owner.fetch("SELECT record_id FROM audit_log")
    assert sorted(int(row["record_id"]) for row in rows) == list(range(60))
    assert await flaws(database) == []


async def test_an_entry_that_commits_late_is_sealed_late(database: Database) -> None:
    async with database.transaction(SCHOOL) as connection:
        await audit.record(connection, a_deed(1))
        await audit.append(database, [a_deed(2)])
        assert await seal_all(database) == 1
    assert await seal_all(database) == 1
    assert await flaws(database) == []


async def test_how_long_the_oldest_entry_waits_is_told(database: Database, owner: asyncpg.Connection) -> None:
    assert await audit_log.unsealed(database) == (0, timedelta())
    await audit.append(database, [a_deed(1), a_deed(2)])
    await owner.execute("UPDATE audit_inbox SET at = now() - interval '90 seconds' WHERE record_id = '1'")
    count, age = await audit_log.unsealed(database)
    assert count == 2
    assert timedelta(seconds=90) <= age < timedelta(seconds=100)


TAMPERING = {
    "a changed entry": ("UPDATE audit_log SET subject = 'somebody else' WHERE position = 2", "Changed: "),
    "a removed entry": ("DELETE FROM audit_log WHERE position = 2", "Removed: "),
    "a cut-off end": ("DELETE FROM audit_log WHERE position >= 3", "Truncated: "),
    "an emptied log": ("TRUNCATE audit_log", "Truncated: "),
    "a student taken out": ("UPDATE audit_log SET student_ids = '{}' WHERE position = 1", "Changed: "),
}


@pytest.mark.parametrize("what", TAMPERING)
async def test_what_even_the_owner_does_to_the_log_is_found(
    database: Database, owner: asyncpg.Connection, what: str
) -> None:
    statement, expected = TAMPERING[what]
    student = "11111111-1111-4111-8111-111111111111"
    await owner.execute(
        "INSERT INTO audit_inbox (subject, role, action, noun, student_ids) SELECT n::text, 'X', 'READ', 'plan', ARRAY[$1::uuid]"
        " FROM generate_series(1, 4) AS n",
        student,
    )
    await seal_all(database)
    assert await flaws(database) == []
    await owner.execute(statement)
    assert any(flaw.startswith(expected) for flaw in await flaws(database))


CHANGES = (
    "UPDATE audit_inbox SET subject = 'x'",
    "DELETE FROM audit_inbox",
    "TRUNCATE audit_inbox",
    "INSERT INTO audit_log (subject, role, action, noun, position, hash) VALUES ('x', 'x', 'x', 'x', 1, 'x')",
    "UPDATE audit_log SET subject = 'x'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
    "UPDATE audit_head SET position = 0",
)
ALLOWED = {
    DatabaseRole.SEALER: {CHANGES[1], CHANGES[3], CHANGES[7]},
}


@pytest.mark.parametrize("role", DatabaseRole)
async def test_the_audit_is_append_only_by_grant(
    server: EmbeddedServer, database_name: str, role: DatabaseRole
) -> None:
    login = await asyncpg.connect(server.dsn("register_app", database_name))
    await login.execute(f"SET ROLE {role}")
    allowed = set()
    for statement in CHANGES:
        transaction = login.transaction()
        await transaction.start()
        with suppress(asyncpg.InsufficientPrivilegeError):
            await login.execute(statement)
            allowed.add(statement)
        await transaction.rollback()
    await login.close()
    assert allowed == ALLOWED.get(role, set())
