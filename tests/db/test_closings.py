"""What belongs to a closed semester, past every rule of the service: the database itself lets nobody change it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from app.db.embedded import EmbeddedServer
from tests.api.delivered import active_plan, consultation, recorded
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import draft, moved
from tests.factories import Json, World
from tests.sync.waiting import until_one_waits

CLOSE = "INSERT INTO semester_closing (semester, closed_on) VALUES ('2021-1', '2022-01-10'), ('2021-2', '2022-09-01')"
OF_THE_SEMESTER = ("plan", "plan_risk", "planned_measure", "plan_provider", "intervention", "outcome", "outcome_result")
UNCHANGED = "UPDATE {table} SET institution_id = institution_id"


@pytest.fixture(scope="module")
async def there(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    """A plan that was in force, with everything that hangs on it."""
    plan = await active_plan(http, world, owner)
    school = world.coordinator(world.school)
    await recorded(http, "/v1/interventions", consultation(plan), school)
    await recorded(http, "/v1/outcomes", of_plan(plan), school)
    await recorded(http, "/v1/outcomes", of_year(plan["student_id"], world.school), school)
    return await moved(http, plan, "completion", school)


@pytest.fixture
async def closed(owner: asyncpg.Connection) -> AsyncIterator[None]:
    await owner.execute(CLOSE)
    yield
    await owner.execute("DELETE FROM semester_closing")


@pytest.fixture
async def school(server: EmbeddedServer, database_name: str, world: World) -> AsyncIterator[asyncpg.Connection]:
    """The service's login as a school, past the service."""
    connection = await asyncpg.connect(server.dsn("register_app", database_name))
    await connection.execute(f"SET ROLE register_school; SET register.institutions = '{world.school}'")
    yield connection
    await connection.close()


async def refused(connection: asyncpg.Connection, statement: str, *parameters: object) -> bool:
    """Whether it changes nothing, by an error or by finding nothing; whatever it did is undone."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        return str(await connection.execute(statement, *parameters)).endswith(" 0")
    except asyncpg.InsufficientPrivilegeError as error:
        assert "row-level security" in str(error)  # noqa: PT017 - not that something was not granted
        return True
    finally:
        await transaction.rollback()


@pytest.mark.parametrize("table", OF_THE_SEMESTER)
@pytest.mark.usefixtures("there")
async def test_while_it_is_open_everything_changes(school: asyncpg.Connection, table: str) -> None:
    assert not await refused(school, UNCHANGED.format(table=table))


@pytest.mark.parametrize("table", OF_THE_SEMESTER)
@pytest.mark.usefixtures("there", "closed")
async def test_nothing_is_changed_or_removed(school: asyncpg.Connection, table: str) -> None:
    assert await refused(school, UNCHANGED.format(table=table))
    assert await refused(school, f"DELETE FROM {table}")  # noqa: S608 - of the list above


@pytest.mark.parametrize("role", ["register_authority", "register_partner", "register_sync"])
@pytest.mark.usefixtures("there")
async def test_nobody_else_changes_a_plan(school: asyncpg.Connection, owner: asyncpg.Connection, role: str) -> None:
    await school.execute("RESET ROLE")
    await school.execute(f"SET ROLE {role}")
    assert not await refused(school, "UPDATE plan SET end_reason = 'cits'")
    await owner.execute(CLOSE)
    assert await refused(school, "UPDATE plan SET end_reason = 'cits'")
    await owner.execute("DELETE FROM semester_closing")


@pytest.mark.usefixtures("there", "closed")
async def test_nothing_is_added(school: asyncpg.Connection, owner: asyncpg.Connection) -> None:
    for table in ("intervention", "outcome_result", "plan_provider", "planned_measure", "outcome"):
        columns = await owner.fetchval(
            "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND attname <> 'id'",
            table,
        )
        # It would be a duplicate as well; what the policy says comes first.
        assert await refused(school, f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}"), table  # noqa: S608 - of the catalogue


async def test_what_never_was_in_force_may_go(
    http: httpx.AsyncClient, world: World, school: asyncpg.Connection, there: Json, owner: asyncpg.Connection
) -> None:
    plan = await draft(http, world, world.school)
    await owner.execute(CLOSE)
    discontinued = "UPDATE plan SET state = 'DISCONTINUED', ended_on = '2022-01-10' WHERE id = $1::text::uuid"
    removed = "DELETE FROM plan WHERE id = $1::text::uuid"
    assert await refused(school, "UPDATE plan SET state = 'SUBMITTED' WHERE id = $1::text::uuid", plan["id"])
    assert not await refused(school, discontinued, plan["id"])
    assert not await refused(school, removed, plan["id"])
    assert await refused(school, removed, there["id"])
    await owner.execute("DELETE FROM semester_closing")


@pytest.mark.usefixtures("there")
async def test_who_writes_while_it_is_being_closed_waits_and_is_refused(
    server: EmbeddedServer, database_name: str, school: asyncpg.Connection, owner: asyncpg.Connection
) -> None:
    """Even one that has not taken the lock by itself: the policy takes it."""
    closer = await asyncpg.connect(server.dsn("register_app", database_name))
    await closer.execute("BEGIN; SET LOCAL ROLE register_authority; SELECT pg_advisory_xact_lock(1129074515)")
    await closer.execute(CLOSE)
    writing = asyncio.create_task(refused(school, "UPDATE intervention SET head_order = '1'"))
    await until_one_waits(owner)
    await closer.execute("COMMIT")
    await closer.close()
    assert await writing
    await owner.execute("DELETE FROM semester_closing")
