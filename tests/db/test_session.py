"""Transactions: committed before they return, clean when they are cut off, and never in another's scope."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.scopes import AUTHORITY, DatabaseRole, Scope
from app.db.session import Connection, Database, driver_of
from app.domain.errors import Busy
from app.settings import Settings

SCOPE = "SELECT current_user, current_setting('register.institutions', true), pg_current_xact_id_if_assigned()"
ADD = "INSERT INTO student (student_id) VALUES (gen_random_uuid())"
COUNT = "SELECT count(*) FROM student"
DEFERRED = """
CREATE TEMPORARY TABLE later (one int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP;
INSERT INTO later VALUES (1), (1)
"""


def a_school(number: int) -> Scope:
    return Scope(role=DatabaseRole.SCHOOL, institution_ids=(number,))


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    made = Database(settings.database_url.get_secret_value(), pool_size=2)
    yield made
    await made.close()


async def students(database: Database) -> int:
    async with database.transaction(AUTHORITY, read_only=True) as connection:
        return int((await connection.execute(text(COUNT))).scalar_one())


async def test_leaving_normally_has_committed(database: Database) -> None:
    before = await students(database)
    async with database.transaction(AUTHORITY) as connection:
        await connection.execute(text(ADD))
        assert await students(database) == before
    assert await students(database) == before + 1


async def test_an_error_rolls_back(database: Database) -> None:
    async def fail(connection: Connection) -> None:
        await connection.execute(text(ADD))
        raise LookupError

    before = await students(database)
    with pytest.raises(LookupError):
        await within(database, AUTHORITY, fail)
    assert await students(database) == before


async def test_an_error_swallowed_inside_never_looks_committed(database: Database) -> None:
    async def swallow(connection: Connection) -> None:
        await connection.execute(text(ADD))
        with pytest.raises(DBAPIError):
            await connection.execute(text("SELECT 1 / 0"))

    before = await students(database)
    with pytest.raises(RuntimeError, match="not committed: ROLLBACK"):
        await within(database, AUTHORITY, swallow)
    assert await students(database) == before
    await assert_clean(database)


async def test_a_failure_of_the_commit_itself_is_raised(database: Database) -> None:
    async def break_at_commit(connection: Connection) -> None:
        await (await driver_of(connection)).execute(DEFERRED)
        await connection.execute(text(ADD))

    before = await students(database)
    with pytest.raises(Exception, match="duplicate key") as failed:
        await within(database, AUTHORITY, break_at_commit)
    assert not isinstance(failed.value, AssertionError)
    assert await students(database) == before
    await assert_clean(database)


async def test_a_broken_constraint_without_words_of_its_own_stays_an_error(database: Database) -> None:
    async def add_twice(connection: Connection) -> None:
        row = "INSERT INTO student (student_id) VALUES ('00000000-0000-4000-8000-000000000001')"
        await connection.execute(text(row))
        await connection.execute(text(row))

    with pytest.raises(IntegrityError):
        await within(database, AUTHORITY, add_twice)
    await assert_clean(database)


async def test_what_a_policy_refuses_may_be_tried_again(database: Database) -> None:
    """The row is wanted where it was allowed a moment ago: which table, and why not, is not told."""

    async def register_for_another(connection: Connection) -> None:
        row = "INSERT INTO student_access SELECT gen_random_uuid(), 2, 2, 'OWN', '2021-09-01'"
        await connection.execute(text(row))

    with pytest.raises(Busy) as refused:
        await within(database, a_school(1), register_for_another)
    assert "student_access" not in refused.value.message
    await assert_clean(database)


async def test_a_missing_grant_stays_an_error(database: Database) -> None:
    """It has the SQLSTATE of a policy's refusal, and no second attempt helps."""

    async def delete_students(connection: Connection) -> None:
        await connection.execute(text("DELETE FROM student"))

    with pytest.raises(DBAPIError, match="permission denied"):
        await within(database, a_school(1), delete_students)
    await assert_clean(database)


async def test_a_cancelled_transaction_gives_its_connection_back_clean(database: Database) -> None:
    before = await students(database)
    for delay in (0, 0.001, 0.005, 0.02, 0.05) * 4:
        begun = asyncio.Event()

        async def slow(connection: Connection, begun: asyncio.Event = begun) -> None:
            await connection.execute(text(ADD))
            begun.set()
            await connection.execute(text("SELECT pg_sleep(30)"))

        task = asyncio.create_task(within(database, a_school(1), slow))
        await asyncio.wait_for(begun.wait(), 5)
        await asyncio.sleep(delay)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await students(database) == before
    await assert_clean(database)


async def test_a_transaction_that_is_cancelled_while_it_begins_leaves_none_behind(database: Database) -> None:
    """The driver is told to stop before it has heard whether there is a transaction."""
    for number in range(100):
        async with database.connect() as first, database.connect() as second:
            assert not (await driver_of(first)).is_in_transaction()
            assert not (await driver_of(second)).is_in_transaction()
        task = asyncio.create_task(within(database, a_school(1), doing_nothing))
        for _turn in range(number % 20):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await assert_clean(database)


async def test_a_rollback_that_is_cut_off_is_ended_before_the_connection_is_used_again(database: Database) -> None:
    async def fail(_connection: Connection) -> None:
        raise LookupError

    for number in range(100):
        task = asyncio.create_task(within(database, a_school(1), fail))
        for _turn in range(number):
            await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.connect() as first, database.connect() as second:
            for connection in (first, second):
                await connection.execute(text("SELECT 1"))
    await assert_clean(database)


async def test_two_connections_never_mix_the_scopes_of_two_schools(database: Database) -> None:
    async def look(number: int) -> None:
        async with database.transaction(a_school(number), read_only=True) as connection:
            for _ in range(3):
                role, institutions, _xact = (await connection.execute(text(SCOPE))).one()
                assert (role, institutions) == ("register_school", str(number))
                await asyncio.sleep(0)
            if number % 7 == 0:
                raise LookupError

    done = await asyncio.gather(*(look(number % 2 * 7 + 4) for number in range(200)), return_exceptions=True)
    failed = [each for each in done if each is not None and not isinstance(each, LookupError)]
    assert failed == []
    await assert_clean(database)


async def test_a_reading_transaction_writes_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with database.transaction(AUTHORITY, read_only=True) as connection:
            await connection.execute(text(ADD))


@pytest.mark.parametrize(
    "staff_member", ["", "T'1", "T-1'; RESET ROLE; --", 'T"1', "T 1", "T\n1", "T-1\n", "ā", "T" * 41]
)
def test_a_staff_member_carries_no_sql(staff_member: str) -> None:
    with pytest.raises(ValueError, match="a staff member's reference"):
        Scope(role=DatabaseRole.PROVIDER, institution_ids=(1,), staff_member=staff_member).opening()


def test_a_plain_staff_member_opens_a_scope() -> None:
    opening = Scope(role=DatabaseRole.PROVIDER, institution_ids=(1, 2), staff_member="T-017.a_b").opening()
    assert opening.endswith("SET LOCAL register.institutions = '1,2'; SET LOCAL register.staff_member = 'T-017.a_b'")


async def within(database: Database, scope: Scope, act: Callable[[Connection], Awaitable[None]]) -> None:
    async with database.transaction(scope) as connection:
        await act(connection)


async def doing_nothing(_connection: Connection) -> None:
    pass


async def assert_clean(database: Database) -> None:
    """Both connections of the pool at once: no transaction, role or institution is left over."""
    async with database.connect() as first, database.connect() as second:
        for connection in (first, second):
            assert not (await driver_of(connection)).is_in_transaction()
            role, institutions, xact = (await connection.execute(text(SCOPE))).one()
            assert (role, institutions or "", xact) == ("register_app", "", None)


def test_a_snapshot_is_named_by_postgresql_and_nothing_else_gets_into_the_opening() -> None:
    assert "SET TRANSACTION SNAPSHOT '00000003-0000001B-1'" in Scope(role=DatabaseRole.STATISTICS).opening(
        snapshot=True, exported="00000003-0000001B-1"
    )
    with pytest.raises(ValueError, match="named by PostgreSQL"):
        Scope(role=DatabaseRole.STATISTICS).opening(snapshot=True, exported="1'; RESET ROLE; --")
