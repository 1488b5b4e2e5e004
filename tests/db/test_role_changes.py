"""What was begun in one scope does not go on in another: plans, cursors, savepoints and settings end or are judged anew."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

import app.db
from app.db.scopes import AUTHORITY, DatabaseRole, Scope
from tests.db.conftest import Planted

INSTITUTIONS = "SELECT array_agg(DISTINCT institution_id ORDER BY institution_id) FROM risk"
WHO = "SELECT current_user || ' ' || coalesce(current_setting('register.institutions', true), '')"
GENERIC = 7
"""After five executions PostgreSQL may keep one plan for all to come."""


def school(*institutions: int) -> Scope:
    return Scope(role=DatabaseRole.SCHOOL, institution_ids=institutions)


@asynccontextmanager
async def within(login: asyncpg.Connection, scope: Scope, end: str = "COMMIT") -> AsyncIterator[None]:
    """A transaction as the service opens it."""
    await login.execute(scope.opening())
    yield
    await login.execute(end)


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
async def test_a_scope_ends_with_its_transaction(login: asyncpg.Connection, planted: Planted, end: str) -> None:
    async with within(login, school(planted.mine.institution), end):
        assert await login.fetchval(WHO) == f"register_school {planted.mine.institution}"
    assert await login.fetchval(WHO) == "register_app "


async def test_a_prepared_statement_sees_with_the_eyes_of_whoever_runs_it(
    login: asyncpg.Connection, planted: Planted
) -> None:
    mine, foreign = planted.mine.institution, planted.foreign.institution
    async with within(login, AUTHORITY):
        statement = await login.prepare(INSTITUTIONS)
        for _ in range(GENERIC):
            assert await statement.fetchval() == [mine, foreign]
    for _ in range(GENERIC):
        async with within(login, school(mine)):
            assert await statement.fetchval() == [mine]
        async with within(login, school(foreign)):
            assert await statement.fetchval() == [foreign]
        async with within(login, school()):
            assert await statement.fetchval() is None
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await statement.fetchval()


async def test_so_does_one_that_was_prepared_in_sql(login: asyncpg.Connection, planted: Planted) -> None:
    mine = planted.mine.institution
    await login.execute("SET plan_cache_mode = force_generic_plan")
    async with within(login, AUTHORITY):
        await login.execute(f"PREPARE kept AS {INSTITUTIONS}")
        await login.fetchval("EXECUTE kept")
    async with within(login, school(mine)):
        assert await login.fetchval("EXECUTE kept") == [mine]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await login.fetchval("EXECUTE kept")


async def test_roles_taken_in_turn_each_see_their_own(login: asyncpg.Connection, planted: Planted) -> None:
    mine, foreign = planted.mine.institution, planted.foreign.institution
    statement = await login.prepare("SELECT count(*) FROM plan WHERE institution_id = $1")
    for _ in range(GENERIC):
        await login.execute(f"SET ROLE register_school; SET register.institutions = '{mine}'")
        assert (await statement.fetchval(mine) > 0, await statement.fetchval(foreign)) == (True, 0)
        await login.execute("SET ROLE register_authority")
        assert await statement.fetchval(foreign) > 0
        await login.execute(f"SET ROLE register_partner; SET register.institutions = '{foreign}'")
        assert (await statement.fetchval(mine), await statement.fetchval(foreign) > 0) == (0, True)
        await login.execute("RESET ROLE")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await statement.fetchval(mine)


async def test_a_savepoint_takes_its_role_back(login: asyncpg.Connection, planted: Planted) -> None:
    mine = planted.mine.institution
    async with within(login, school(mine)):
        await login.execute("SAVEPOINT before")
        await login.execute("SET LOCAL ROLE register_authority; SET LOCAL register.institutions = ''")
        assert len(await login.fetchval(INSTITUTIONS)) == 2
        await login.execute("ROLLBACK TO SAVEPOINT before")
        assert await login.fetchval(WHO) == f"register_school {mine}"
        assert await login.fetchval(INSTITUTIONS) == [mine]


async def test_a_cursor_ends_with_its_transaction(login: asyncpg.Connection) -> None:
    async with within(login, AUTHORITY):
        await login.execute("DECLARE open CURSOR FOR SELECT * FROM risk")
        assert await login.fetch("FETCH 1 FROM open")
    with pytest.raises(asyncpg.InvalidCursorNameError):
        await login.fetch("FETCH 1 FROM open")


def test_the_service_makes_nothing_that_outlives_a_transaction() -> None:
    """A cursor WITH HOLD and a temporary table keep what their maker saw, on a connection that the next tenant is given."""
    sources = {path.name: path.read_text(encoding="utf-8").upper() for path in Path(app.db.__path__[0]).rglob("*.py")}
    assert [name for name, text in sources.items() if "WITH HOLD" in text] == []
    for name, text in sources.items():
        made, dropped = text.count("CREATE TEMPORARY"), text.count("ON COMMIT DROP")
        assert made == dropped, name


@pytest.mark.parametrize(
    "statement",
    ["SET ROLE register_owner", "SET ROLE register_keeper", "SET SESSION AUTHORIZATION register_owner"],
)
async def test_nobody_rises_above_the_login(login: asyncpg.Connection, statement: str) -> None:
    await login.execute("SET ROLE register_authority")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await login.execute(statement)


async def test_policies_are_not_switched_off(login: asyncpg.Connection, planted: Planted) -> None:
    await login.execute(f"SET ROLE register_school; SET register.institutions = '{planted.mine.institution}'")
    await login.execute("SET row_security = off")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await login.fetch("SELECT * FROM risk")


async def test_a_function_of_ones_own_is_shown_no_foreign_row(login: asyncpg.Connection, planted: Planted) -> None:
    """However cheap it says it is, the policies are asked first."""
    heard: list[str] = []
    login.add_log_listener(lambda _connection, message: heard.append(message.message))
    await login.execute(f"SET ROLE register_school; SET register.institutions = '{planted.mine.institution}'")
    await login.execute(
        "CREATE FUNCTION pg_temp.tell(institution int) RETURNS bool LANGUAGE plpgsql COST 0.0000001 AS"
        " $$ BEGIN RAISE NOTICE 'institution %', institution; RETURN true; END $$"
    )
    await login.fetch("SELECT FROM risk WHERE pg_temp.tell(institution_id)")
    assert set(heard) == {f"institution {planted.mine.institution}"}
