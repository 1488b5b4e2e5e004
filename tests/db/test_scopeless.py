"""A session that names no institution reads nothing about any student, whichever way it tries."""

import asyncpg
import pytest

from app.db.scopes import DatabaseRole
from tests.db.conftest import Planted

SEEING = {
    DatabaseRole.AUTHORITY: {"*"},
    DatabaseRole.KEYS: {"person.key_check", "person.person", "person.personal_code"},
    DatabaseRole.MATCHER: {"person.person", "person.personal_code", "person.stated_code", "student_alias"},
    DatabaseRole.SEALER: {"audit_inbox", "audit_log"},
    DatabaseRole.AUDITOR: {"audit_inbox", "audit_log"},
    DatabaseRole.SEQUENCER: {"change_inbox", "change_log", "student_access"},
    DatabaseRole.GATE: {"client", "client_assertion", "client_credential", "client_grant"},
    DatabaseRole.OPERATOR: {"client", "client_credential", "client_grant"},
    DatabaseRole.ANALYST: {"release_cell"},
    DatabaseRole.RELEASER: {"enrolment", "intervention", "outcome", "outcome_result", "plan", "plan_risk", "risk"},
    DatabaseRole.RETENTION: {
        "enrolment",
        "erasure_tombstone",
        "identity_disclosure",
        "intervention",
        "outcome",
        "person.person",
        "person.personal_code",
        "person.stated_code",
        "plan",
        "risk",
        "source_key",
        "student",
        "student_access",
        "student_alias",
    },
}
"""Whose purpose is the whole country, and in which tables: the others see nothing before they are told an institution."""

WHO = [None, *DatabaseRole]
FUNCTIONS = """
SELECT p.oid::regprocedure::text AS signature, p.pronamespace::regnamespace || '.' || p.proname AS name,
       ARRAY(SELECT format_type(each, NULL) FROM unnest(p.proargtypes) AS each) AS types
FROM pg_proc AS p WHERE p.pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
"""
PUBLIC = {"closed_days()"}
"""They tell what everybody may read."""


def may_see(role: DatabaseRole | None, relation: str) -> bool:
    seeing = SEEING.get(role, set()) if role is not None else set()
    return "*" in seeing or relation in seeing


async def take(login: asyncpg.Connection, role: DatabaseRole | None) -> None:
    if role is not None:
        await login.execute(f"SET ROLE {role}")


async def rows(login: asyncpg.Connection, query: str) -> int:
    """How many come out; none where it is not even allowed to ask."""
    try:
        return len(await login.fetch(query))
    except asyncpg.InsufficientPrivilegeError:
        return 0


async def copied(login: asyncpg.Connection, query: str) -> int:
    """How many lines COPY writes."""
    out = bytearray()

    async def keep(data: bytes) -> None:
        out.extend(data)

    try:
        await login.copy_from_query(query, output=keep)
    except asyncpg.InsufficientPrivilegeError:
        return 0
    return out.count(b"\n")


@pytest.mark.parametrize("role", WHO, ids=str)
@pytest.mark.parametrize("institutions", [None, ""], ids=["unset", "empty"])
async def test_tables_and_views(
    login: asyncpg.Connection, planted: Planted, role: DatabaseRole | None, institutions: str | None
) -> None:
    await take(login, role)
    if institutions is not None:
        await login.execute(f"SET register.institutions = '{institutions}'")
    for relation in (*planted.tables, *planted.views):
        if not may_see(role, relation):
            assert await rows(login, f"SELECT FROM {relation}") == 0, relation
            assert await rows(login, f"TABLE {relation}") == 0, relation


@pytest.mark.parametrize("role", WHO, ids=str)
async def test_copy(login: asyncpg.Connection, planted: Planted, role: DatabaseRole | None) -> None:
    await take(login, role)
    for relation in (*planted.tables, *planted.views):
        if not may_see(role, relation):
            assert await copied(login, f"TABLE {relation}") == 0, relation
            assert await copied(login, f"SELECT 1 FROM {relation}") == 0, relation  # noqa: S608 - of the catalogue


async def test_whoever_sees_everything_sees_it_here_too(login: asyncpg.Connection, planted: Planted) -> None:
    """Else the tests above could not fail."""
    for role, relations in SEEING.items():
        await login.execute(f"SET ROLE {role}")
        for relation in ("plan", "risk") if relations == {"*"} else relations:
            query = f"SELECT 1 FROM {relation}"  # noqa: S608 - from the list above
            assert await rows(login, query) > 0, (role, relation)
            assert await copied(login, query) > 0, (role, relation)
    assert len(planted.tables) >= 15


@pytest.mark.parametrize("role", WHO, ids=str)
async def test_functions_tell_nothing(
    login: asyncpg.Connection, owner: asyncpg.Connection, planted: Planted, role: DatabaseRole | None
) -> None:
    """Called with what is there, they answer nothing that was not handed to them."""
    await take(login, role)
    student = planted.mine.ids["student.ACTIVE"]
    strange = "00000000-0000-4000-8000-00000000ffff"
    functions = await owner.fetch(FUNCTIONS)
    assert functions
    for function in functions:
        for given in (student, strange):
            answer = await _called(login, function["name"], function["types"], given)
            assert answer in (None, "", given) or function["signature"] in PUBLIC, function["signature"]


async def _called(login: asyncpg.Connection, name: str, types: list[str], student: str) -> str | None:
    """The answer as text; None where it refuses. Nothing that it did is kept."""
    values = {"uuid": f"'{student}'", "date": "'2021-11-15'", "bytea": "'unheard-of'"}
    arguments = ", ".join(f"{values.get(each, 'NULL')}::{each}" for each in types)
    transaction = login.transaction()
    await transaction.start()
    try:
        answer = await login.fetchval(f"SELECT {name}({arguments})::text")
    except asyncpg.PostgresError:
        return None
    finally:
        await transaction.rollback()
    return None if answer is None else str(answer)


@pytest.mark.parametrize("role", WHO, ids=str)
async def test_the_planner_tells_nothing_of_what_it_has_counted(
    login: asyncpg.Connection, owner: asyncpg.Connection, planted: Planted, role: DatabaseRole | None
) -> None:
    """The most common values of a column are rows, too."""
    await owner.execute("ANALYZE")
    await take(login, role)
    told = "SELECT DISTINCT (schemaname || '.' || tablename)::regclass::text FROM pg_stats WHERE schemaname IN ('public', 'person')"
    assert {row[0] for row in await owner.fetch(told)} & set(planted.tables)
    assert {row[0] for row in await login.fetch(told)} & set(planted.tables) == set()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await login.fetch("SELECT starelid FROM pg_statistic")
