"""Which failures pass by themselves: the database is away, starting, full, or a statement worked for too long."""

from asyncpg import InterfaceError, InternalClientError, PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

PASSING = (
    "08",  # the connection failed
    "25P03",  # idle_in_transaction_session_timeout
    "25P04",  # transaction_timeout
    "40001",  # a serialisation failure
    "53",  # no connection, memory or disk left
    "57014",  # statement_timeout
    "57P",  # the server is stopped, or not yet started
)
"""SQLSTATE codes, or what they begin with."""


def passes(error: BaseException) -> bool:
    """Whether asking again later makes sense. A broken rule, or a statement that is wrong, fails again however often it is asked."""
    if isinstance(error, OSError | PoolTimeoutError):  # a timeout of the driver is an OSError, too
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _cause_passes(error.orig)
    return _driver_passes(error)


def _cause_passes(error: BaseException | None) -> bool:
    """SQLAlchemy wraps the driver's own error once more."""
    return error is not None and (_driver_passes(error) or _driver_passes(error.__cause__))


def _driver_passes(error: BaseException | None) -> bool:
    if isinstance(error, InternalClientError):
        return True  # the connection broke at the very moment when the driver took it up, and its state is none that it knows
    if isinstance(error, InterfaceError):
        return "closed" in str(error)
    return isinstance(error, PostgresError) and str(error.sqlstate).startswith(PASSING)
