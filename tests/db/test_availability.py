"""A database that is away, busy or hung is told as that, soon, and is used again as soon as it is back."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cli.demo import listen
from app.db import session
from app.db.availability import passes
from app.db.scopes import AUTHORITY
from app.db.session import Connection, Database
from app.domain.errors import Busy, Unavailable
from app.settings import Settings

Act = Callable[[Connection], Awaitable[object]]


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    made = Database(settings.database_url.get_secret_value(), pool_size=2, patience=0.3)
    yield made
    await made.close()


def doing(*statements: str) -> Act:
    async def act(connection: Connection) -> None:
        for statement in statements:
            await connection.execute(text(statement))

    return act


async def within(database: Database, act: Act) -> None:
    async with database.transaction(AUTHORITY) as connection:
        await act(connection)


async def test_a_statement_that_took_too_long_may_be_asked_again(database: Database) -> None:
    with pytest.raises(Unavailable):
        await within(database, doing("SET LOCAL statement_timeout = 30", "SELECT pg_sleep(10)"))
    await within(database, doing("SELECT 1"))


def test_so_may_whatever_a_connection_was_asked_as_it_broke() -> None:
    """Seen where PostgreSQL is killed: the driver has heard of it, and does not call the connection closed yet."""
    lost = asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress")
    assert passes(lost)
    wrapped = DBAPIError("SELECT 1", None, Exception())
    wrapped.orig.__cause__ = lost  # type: ignore[union-attr]  # as SQLAlchemy wraps what the driver raises
    assert passes(wrapped)


async def test_so_may_a_transaction_of_many_short_ones(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(session.LIMITS, "transaction_timeout", "100ms")
    database = Database(settings.database_url.get_secret_value(), pool_size=1)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await within(database, doing(*["SELECT pg_sleep(0.04)"] * 50))
        await within(database, doing("SELECT 1"))
    await database.close()


async def test_a_connection_that_is_ended_while_it_works_is_not_used_again(
    database: Database, owner: asyncpg.Connection
) -> None:
    async def be_ended(connection: Connection) -> None:
        pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        await owner.execute(f"SELECT pg_terminate_backend({pid}, 2000)")
        await connection.execute(text("SELECT 1"))

    for _ in range(3):
        with pytest.raises(Unavailable):
            await within(database, be_ended)
        await within(database, doing("SELECT 1"))


async def test_what_waits_for_a_lock_gives_up(database: Database, owner: asyncpg.Connection) -> None:
    async with owner.transaction():
        await owner.execute("LOCK TABLE student IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Busy):
            await within(database, doing("SET LOCAL lock_timeout = 30", "SELECT count(*) FROM student"))


async def test_a_statement_that_is_wrong_stays_wrong(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await within(database, doing("SELECT 1 / 0"))


async def test_every_transaction_is_bounded(database: Database) -> None:
    async with database.transaction(AUTHORITY) as connection:
        limits = [
            (await connection.execute(text(f"SHOW {name}"))).scalar_one()
            for name in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "transaction_timeout",
            )
        ]
    assert limits == ["1min", "10s", "1min", "3min"]


async def test_no_connection_is_waited_for_without_end(database: Database) -> None:
    started = time.perf_counter()
    async with database.connect(), database.connect():
        with pytest.raises(Unavailable):
            await within(database, doing("SELECT 1"))
    assert time.perf_counter() - started < 3
    await within(database, doing("SELECT 1"))


async def test_after_a_restart_nobody_is_handed_a_dead_connection(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.connect(), database.connect():
        pass
    ended = await owner.fetch(
        "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
        " WHERE usename = 'register_app' AND datname = current_database()"
    )
    assert len(ended) >= 2
    await asyncio.sleep(0.05)  # for the driver to hear of it
    for _ in range(4):
        await within(database, doing("SELECT 1"))


async def test_a_server_that_accepts_and_says_nothing_is_away() -> None:
    with listen(0) as deaf:
        deaf.listen()
        url = f"postgresql+asyncpg://register_app@127.0.0.1:{deaf.getsockname()[1]}/register"
        database = Database(url, patience=0.3)
        started = time.perf_counter()
        with pytest.raises(Unavailable):
            await within(database, doing("SELECT 1"))
        assert not await database.answers()
        assert time.perf_counter() - started < 3
        await database.close()
    assert not await Database(url, patience=0.3).answers(), "nobody listens any more"
