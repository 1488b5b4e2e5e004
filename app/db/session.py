"""Connections and transactions. Each transaction opens in one scope, in one round trip, and ends by an acknowledged COMMIT."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from asyncpg import PostgresError
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from app.db import touched
from app.db.availability import passes
from app.db.constraints import refusal_of
from app.db.scopes import Scope
from app.domain.errors import RegisterError, Unavailable

Connection = AsyncConnection
"""What a transaction hands out, for layers that pass it on and never look inside."""

LIMITS = {
    "statement_timeout": "60s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "transaction_timeout": "180s",
    # Of a service that was killed: what it waited for, and all that it held, is given back.
    "client_connection_check_interval": "1s",
    "timezone": "UTC",
}
PATIENCE = 10.0
"""Seconds for which a request waits for a connection: to be free, and to be opened."""
SILENCE = 90.0
"""Seconds after which a server that has said nothing, not even that the statement took too long, is taken to be gone."""


class Database:
    """The pool of the runtime login, which owns nothing and sees nothing before a transaction names its scope."""

    def __init__(
        self, url: str, *, pool_size: int = 10, patience: float = PATIENCE, silence: float | None = SILENCE
    ) -> None:
        # AUTOCOMMIT keeps SQLAlchemy from sending a BEGIN of its own: ours carries the scope and saves that round trip.
        self.engine: AsyncEngine = create_async_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=patience,
            pool_pre_ping=False,
            hide_parameters=True,  # an error that is logged must not repeat what somebody sent
            connect_args={
                "timeout": patience,
                "command_timeout": silence,
                "server_settings": {"application_name": "risk-register", **LIMITS},
            },
        )
        event.listen(self.engine.sync_engine, "checkout", _refuse_closed)

    async def close(self) -> None:
        await self.engine.dispose()

    @property
    def has_free(self) -> bool:
        """Whether a connection can be had at this moment without waiting for anybody to give one back."""
        pool = self.engine.pool
        return isinstance(pool, QueuePool) and pool.checkedout() < pool.size()

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A connection outside any scope: it reads public facts only."""
        with _unavailable_at_times():
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def transaction(
        self, scope: Scope, *, read_only: bool = False, snapshot: bool = False, exported: str | None = None
    ) -> AsyncIterator[AsyncConnection]:
        """One transaction in one scope. Leaving normally commits, and returns only once PostgreSQL has said so.

        `exported` names the snapshot of another transaction, which has to be open still.
        """
        async with self.connect() as connection:
            driver = await driver_of(connection)
            try:
                written = touched.begin(connection)
                await driver.execute(scope.opening(read_only=read_only, snapshot=snapshot, exported=exported))
                yield connection
                await written.settle(driver)
                # After an error that somebody caught, COMMIT answers "ROLLBACK" without failing.
                _demand_commit(await driver.execute("COMMIT"))
            except (DBAPIError, PostgresError) as error:
                await _to_its_end(_abandon(connection, driver))
                if (refused := refusal_of(error)) is not None:
                    raise refused from error
                raise
            except BaseException:
                await _to_its_end(_abandon(connection, driver))
                raise

    async def answers(self) -> bool:
        """Whether the server can be reached and does what it is told."""
        try:
            async with self.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, Unavailable):
            return False
        return True


@asynccontextmanager
async def savepoint(connection: AsyncConnection) -> AsyncIterator[None]:
    """A part of a transaction: what fails within is undone, and the transaction may go on."""
    driver = await driver_of(connection)
    await driver.execute("SAVEPOINT part")
    try:
        yield
    except BaseException as error:
        if not driver.is_closed():
            await driver.execute("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")
        refused = refusal_of(error) if isinstance(error, DBAPIError | PostgresError) else None
        if refused is not None:
            raise refused from error
        raise
    await driver.execute("RELEASE SAVEPOINT part")


@contextmanager
def _unavailable_at_times() -> Iterator[None]:
    """Failures that pass by themselves become Unavailable, whatever was going on."""
    try:
        yield
    except RegisterError:
        raise
    except Exception as error:
        if passes(error):
            raise Unavailable from error
        raise


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - SQLAlchemy's, of asyncpg's
    """The driver has noticed by itself that the server went away: the pool opens another connection, and nobody's request fails."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _demand_commit(answer: str) -> None:
    if answer != "COMMIT":
        message = f"The transaction was not committed: {answer}"
        raise RuntimeError(message)


async def driver_of(connection: AsyncConnection) -> Any:  # noqa: ANN401 - asyncpg is not typed
    """The asyncpg connection below, for COPY and for several statements in one round trip."""
    raw = await connection.get_raw_connection()
    return raw.driver_connection


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """However often whoever waits for it is cancelled meanwhile: a connection that went back to the pool before its ROLLBACK had
    ended would be handed to somebody else in the midst of it.
    """
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def _abandon(connection: AsyncConnection, driver: Any) -> None:  # noqa: ANN401 - asyncpg is not typed
    try:
        if driver.is_closed():
            await connection.invalidate()
        else:
            # Not only where the driver knows of a transaction: of a BEGIN that was cut off it does not know yet how it ended.
            await driver.execute("ROLLBACK")
    except Exception:  # noqa: BLE001 - whatever is wrong with it, this connection must not go back to the pool
        await connection.invalidate()
