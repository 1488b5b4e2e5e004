"""What each role may do to which table, and what the database does when the service's own login goes astray."""

import asyncpg
import pytest

from app.db.scopes import DatabaseRole

READERS_OF_PERSONS = {"school", "sync", "keys", "discloser", "merger"}
READERS_OF_CODES = {"matcher", "merger"}
READERS_OF_STATED_CODES = {"school", "sync", "matcher", "merger"}
ROLES = tuple(role.removeprefix("register_") for role in DatabaseRole)

STUDENT_TABLES = """
SELECT c.oid::regclass::text AS name FROM pg_class AS c
WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relnamespace::regnamespace::text !~ '^(pg_catalog|pg_toast|information_schema)'
  AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname IN ('student_id', 'student_ids') AND NOT a.attisdropped)
"""


async def student_tables(owner: asyncpg.Connection) -> list[str]:
    return sorted(row["name"] for row in await owner.fetch(STUDENT_TABLES))


@pytest.fixture(scope="module", autouse=True)
async def rows(owner: asyncpg.Connection) -> None:
    """Something to be seen, by whoever could."""
    await owner.execute(
        "INSERT INTO institution (name, sort_key, kind, founder, opened_on)"
        " SELECT 'School ' || n, 'School ' || n, 'GENERAL', 'MUNICIPALITY', '2010-09-01' FROM generate_series(1, 2) AS n;"
        "INSERT INTO student (student_id) VALUES ('00000000-0000-4000-8000-000000000001');"
        "INSERT INTO student_access SELECT '00000000-0000-4000-8000-000000000001', id, id, 'OWN', '2021-09-01' FROM institution;"
        "INSERT INTO risk (student_id, institution_id, type, identified_on, identified_by, severity)"
        " SELECT '00000000-0000-4000-8000-000000000001', id, 'X', '2021-09-01', 'TEACHER', 'LOW' FROM institution;"
        "INSERT INTO person.person (student_id, institution_id, key_id, given_names, family_name, birth_date)"
        " SELECT '00000000-0000-4000-8000-000000000001', min(id), 1, 'x', 'x', 'x' FROM institution;"
        "INSERT INTO person.personal_code VALUES ('x', '00000000-0000-4000-8000-000000000001')"
    )


@pytest.mark.parametrize("role", ROLES)
async def test_no_other_role_reads_persons(login: asyncpg.Connection, role: str) -> None:
    await login.execute(f"SET ROLE register_{role}; SET register.institutions = '1,2'")
    for table, readers in (
        ("person.person", READERS_OF_PERSONS),
        ("person.personal_code", READERS_OF_CODES),
        ("person.stated_code", READERS_OF_STATED_CODES),
    ):
        if role not in readers:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await login.fetch(f"SELECT * FROM {table}")  # noqa: S608 - from the line above


async def test_whoever_changes_keys_changes_nothing_else(login: asyncpg.Connection) -> None:
    await login.execute("SET ROLE register_keys")
    assert await login.execute("UPDATE person.person SET key_id = 2, given_names = 'y'") == "UPDATE 1"
    for statement in (
        "UPDATE person.person SET institution_id = 2",
        "UPDATE person.person SET version = 2",
        "DELETE FROM person.person",
        "INSERT INTO person.person SELECT * FROM person.person",
        "UPDATE person.key_check SET check_value = 'y'",
        "DELETE FROM person.key_check",
        "SELECT * FROM student",
        "SELECT * FROM audit_event",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.execute(statement)


async def test_whoever_compares_persons_reads_nothing_that_is_sealed(login: asyncpg.Connection) -> None:
    await login.execute("SET ROLE register_matcher")
    assert len(await login.fetch("SELECT student_id, institution_id, likeness_hash FROM person.person")) == 1
    for column in ("given_names", "family_name", "birth_date", "personal_code"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.fetch(f"SELECT {column} FROM person.person")  # noqa: S608 - from the line above


async def test_retention_erases_what_it_cannot_read(login: asyncpg.Connection) -> None:
    await login.execute("SET ROLE register_retention")
    for statement in (
        "SELECT type FROM risk",
        "SELECT given_names FROM person.person",
        "SELECT code_hash FROM person.personal_code",
        "SELECT * FROM plan",
        "SELECT * FROM audit_event",
        "UPDATE risk SET severity = 'HIGH'",
        "UPDATE student SET version = 2",
        "INSERT INTO student (student_id) VALUES (gen_random_uuid())",
        "UPDATE erasure_tombstone SET reason = 'request'",
        "DELETE FROM erasure_tombstone",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.execute(statement)


async def test_the_authority_alone_sees_that_somebody_was_erased(login: asyncpg.Connection) -> None:
    for role in ROLES:
        await login.execute(f"SET ROLE register_{role}")
        if role in {"authority", "retention"}:
            await login.fetch("SELECT * FROM erasure_tombstone")
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await login.fetch("SELECT * FROM erasure_tombstone")
        await login.execute("RESET ROLE")
    await login.execute("SET ROLE register_authority")
    for statement in (
        "INSERT INTO erasure_tombstone VALUES (gen_random_uuid(), 'PERSON', '2021-11-15', 'request')",
        "UPDATE erasure_tombstone SET reason = 'request'",
        "DELETE FROM erasure_tombstone",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.execute(statement)


async def test_statistics_are_read_by_their_own_roles_within_their_institutions(
    login: asyncpg.Connection, owner: asyncpg.Connection
) -> None:
    tables = ("plan", "risk", "delivery", "staff", "cell", "several", "version", "place")
    await owner.execute("INSERT INTO statistics_version SELECT n, 1 FROM generate_series(1, 3) AS n")
    for role in ROLES:
        await login.execute(f"SET ROLE register_{role}; SET register.institutions = '1,2'")
        for table in tables:
            if role in {"statistics", "statistics_wide", "authority"}:
                await login.fetch(f"SELECT * FROM statistics_{table}")  # noqa: S608 - from the line above
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await login.fetch(f"SELECT * FROM statistics_{table}")  # noqa: S608 - from the line above
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await login.execute(f"DELETE FROM statistics_{table}")  # noqa: S608 - from the line above
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.execute("SELECT statistics_rebuild()")
        await login.execute("RESET ROLE")
    for role, seen in (("statistics", 2), ("statistics_wide", 2), ("authority", 3)):
        await login.execute(f"SET ROLE register_{role}; SET register.institutions = '1,2'")
        assert len(await login.fetch("SELECT * FROM statistics_version")) == seen


async def test_differences_are_noted_within_the_institutions_in_scope_and_read_by_nobody(
    login: asyncpg.Connection,
) -> None:
    noted = "INSERT INTO statistics_pending SELECT 0, gen_random_uuid(), gen_random_uuid(), {}, 1, 0, 0, 0, NULL, 1, 0, 0, 0, 0"
    for role in ("school", "sync", "provider"):
        await login.execute(f"SET ROLE register_{role}; SET register.institutions = '1,2'")
        await login.execute(noted.format(1))
        for statement in (noted.format(3), "SELECT * FROM statistics_pending", "DELETE FROM statistics_pending"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await login.execute(statement)
        await login.execute("RESET ROLE")


async def test_an_analyst_reads_no_table_about_students(login: asyncpg.Connection, owner: asyncpg.Connection) -> None:
    await login.execute("SET ROLE register_analyst")
    for table in await student_tables(owner):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.fetch(f"SELECT * FROM {table}")  # noqa: S608 - of the catalogue


RISK = (
    "INSERT INTO risk (student_id, institution_id, type, identified_on, identified_by, severity)"
    " VALUES ('00000000-0000-4000-8000-000000000001', {}, 'X', '2021-09-02', 'TEACHER', 'LOW')"
)


@pytest.mark.parametrize("role", ["school", "sync"])
async def test_a_school_writes_for_itself_alone(
    login: asyncpg.Connection, owner: asyncpg.Connection, role: str
) -> None:
    mine, foreign = [row["id"] for row in await owner.fetch("SELECT id FROM institution ORDER BY id")]
    await login.execute(f"SET ROLE register_{role}; SET register.institutions = '{mine}'")
    assert await login.fetchval("SELECT array_agg(DISTINCT institution_id) FROM risk") == [mine]
    await login.execute(RISK.format(mine))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await login.execute(RISK.format(foreign))
    assert await login.execute("UPDATE risk SET severity = 'HIGH' WHERE institution_id = $1", foreign) == "UPDATE 0"
    assert await login.execute("DELETE FROM risk WHERE institution_id = $1", foreign) == "DELETE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await login.execute("UPDATE risk SET institution_id = $1", foreign)


async def test_every_record_table_judges_what_a_school_inserts(owner: asyncpg.Connection) -> None:
    query = "SELECT tablename AS t, with_check FROM pg_policies WHERE cmd = 'INSERT' AND roles = '{register_school}'"
    checks = {row["t"]: row["with_check"] for row in await owner.fetch(query)}
    both = "SELECT table_name AS t FROM information_schema.columns WHERE column_name = 'institution_id' AND table_name = ANY ($1)"
    for row in await owner.fetch(both, list(checks)):
        if row["t"] != "audit_event":
            assert checks[row["t"]].lstrip("(").startswith("institution_id = ANY"), row["t"]
    assert len(checks) >= 13


async def test_copy_goes_no_further(login: asyncpg.Connection, owner: asyncpg.Connection) -> None:
    mine, foreign = [row["id"] for row in await owner.fetch("SELECT id FROM institution ORDER BY id")]
    out = bytearray()

    async def keep(data: bytes) -> None:
        out.extend(data)

    await login.execute(f"SET ROLE register_school; SET register.institutions = '{mine}'")
    await login.copy_from_table("risk", columns=["institution_id"], output=keep)
    assert set(out.decode().split()) == {str(mine)}
    with pytest.raises((asyncpg.FeatureNotSupportedError, asyncpg.InsufficientPrivilegeError)):
        await login.copy_records_to_table("student_access", columns=["institution_id"], records=[(foreign,)])


async def test_only_keeper_merger_and_retention_take_access_away(owner: asyncpg.Connection) -> None:
    query = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'register\\_%' AND has_table_privilege(oid, 'student_access', 'DELETE')"
    taking = {row["rolname"].removeprefix("register_") for row in await owner.fetch(query)}
    assert taking - {"owner"} == {"keeper", "merger", "retention"}
