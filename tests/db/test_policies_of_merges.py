"""The role that merges, and the aliases that it leaves: as narrow as two students."""

import asyncpg
import pytest

from app.db.merges import REWRITTEN
from app.db.tables import metadata

ONE, OTHER, ALIAS = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 9))
OTHERWISE = {"student", "student_access", "student_alias", "person.person"}
"""A merge gives them the elder id by a statement of their own."""
KEPT = {"erasure_tombstone"}
"""What was erased under an id stays so: a backup may still know the student by it."""

SETTLED = {"statistics_delivery", "statistics_plan", "statistics_risk", "statistics_student"}
"""They follow from the records, before the merge is committed."""


@pytest.fixture(scope="module", autouse=True)
async def rows(owner: asyncpg.Connection) -> None:
    await owner.execute(
        "INSERT INTO institution (name, sort_key, kind, founder, opened_on)"
        " SELECT 'School ' || n, 'School ' || n, 'GENERAL', 'MUNICIPALITY', '2010-09-01' FROM generate_series(1, 2) AS n"
    )
    for student_id, name in ((ONE, "School 1"), (OTHER, "School 2")):
        await owner.execute("INSERT INTO student (student_id) VALUES ($1)", student_id)
        await owner.execute(
            "INSERT INTO student_access SELECT $1::uuid, id, id, 'OWN', '2021-09-01' FROM institution WHERE name = $2",
            student_id,
            name,
        )
    await owner.execute("INSERT INTO student_alias VALUES ($1, $2)", ALIAS, ONE)
    await owner.execute(
        "INSERT INTO risk (student_id, institution_id, type, identified_on, identified_by, severity)"
        " SELECT student_id, owner_id, 'X', '2021-09-01', 'TEACHER', 'LOW' FROM student_access"
    )


def test_a_merge_rewrites_every_table_about_students() -> None:
    """A new table with a student is rewritten, or it is said here why not."""
    about = {table.fullname for table in metadata.sorted_tables if "student_id" in table.c}
    assert about == {table.fullname for table in REWRITTEN} | OTHERWISE | KEPT | SETTLED


async def test_every_foreign_key_that_names_the_student_can_wait(owner: asyncpg.Connection) -> None:
    """But those to the student itself: its row outlives what hangs on it."""
    query = (
        "SELECT conname, condeferrable, condeferred FROM pg_constraint WHERE contype = 'f' AND confrelid <> 'student'::regclass"
        " AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey) AND attname = 'student_id')"
    )
    found = await owner.fetch(query)
    assert len(found) >= 11
    assert [row["conname"] for row in found if not row["condeferrable"] or row["condeferred"]] == []


async def test_whoever_merges_sees_the_named_students_alone(login: asyncpg.Connection) -> None:
    await login.execute(f"SET ROLE register_merger; SET register.students = '{ONE}'")
    for table in ("student", "student_access", "risk"):
        assert {str(row["student_id"]) for row in await login.fetch(f"SELECT student_id FROM {table}")} == {ONE}  # noqa: S608 - the line above
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await login.execute("UPDATE risk SET student_id = $1", OTHER)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await login.execute("INSERT INTO student_alias VALUES (gen_random_uuid(), $1)", OTHER)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE risk SET severity = 'HIGH'",
        "DELETE FROM risk",
        "INSERT INTO risk SELECT * FROM risk",
        "UPDATE student_alias SET alias_id = gen_random_uuid()",
        "DELETE FROM student_alias",
        "DELETE FROM person.personal_code",
        "UPDATE identity_disclosure SET expires_at = now()",
        "SELECT * FROM audit_event",
        "SELECT * FROM institution_location",
    ],
)
async def test_whoever_merges_changes_nothing_but_whose_it_is(login: asyncpg.Connection, statement: str) -> None:
    await login.execute(f"SET ROLE register_merger; SET register.students = '{ONE},{OTHER}'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await login.execute(statement)


async def test_an_alias_is_seen_by_whoever_sees_the_student(
    login: asyncpg.Connection, owner: asyncpg.Connection
) -> None:
    mine, foreign = [row["id"] for row in await owner.fetch("SELECT id FROM institution ORDER BY name")]
    for role in ("school", "sync", "partner", "partner_wide"):
        for institution_id, seen in ((mine, [ALIAS]), (foreign, []), (0, [])):
            await login.execute(f"SET ROLE register_{role}; SET register.institutions = '{institution_id}'")
            assert [str(row["alias_id"]) for row in await login.fetch("SELECT alias_id FROM student_alias")] == seen
    await login.execute("SET ROLE register_provider; SET register.staff_member = 'T-001'")
    assert await login.fetch("SELECT alias_id FROM student_alias") == []
