"""Writes what was done into the inbox of the audit: a change's beside the change, a read's or an attempt's in a transaction of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import Database, driver_of
from app.db.tables import audit_inbox
from app.domain.deeds import Deed

# Inline: without it SQLAlchemy asks for the new id by RETURNING, and no writer may read what is written here. The entries are given
# beside the statement: one with VALUES of its own for each of several rows would be compiled anew each time, for a millisecond.
_ENTRY = insert(audit_inbox).inline()


_COLUMNS = tuple(column.name for column in audit_inbox.columns if column.name not in ("id", "at"))


def statement(*, after: int = 0) -> str:
    """Appends one entry straight through the driver. `after`: so many parameters of a statement around it come before its own."""
    places = ", ".join(f"${number}" for number, _ in enumerate(_COLUMNS, start=after + 1))
    return f"INSERT INTO audit_inbox ({', '.join(_COLUMNS)}) VALUES ({places})"  # noqa: S608 - our own columns


def parameters(deed: Deed) -> tuple[Any, ...]:
    return tuple(map(_values(deed).get, _COLUMNS))


_STATEMENT = statement()


async def record(connection: AsyncConnection, deed: Deed) -> None:
    """In the caller's transaction: the change stands with its entry, or neither does."""
    await connection.execute(_ENTRY, _values(deed))


async def append(database: Database, deeds: Sequence[Deed]) -> None:
    """In a transaction of their own, acknowledged when this returns. Raises whatever keeps the entries from being written."""
    if deeds:
        async with database.connect() as connection:
            # Straight through the driver: every read waits for this, and SQLAlchemy would take as long as PostgreSQL does. Several
            # entries are one transaction here, too.
            driver = await driver_of(connection)
            await driver.executemany(_STATEMENT, [parameters(deed) for deed in deeds])


def _values(deed: Deed) -> dict[str, Any]:
    return {
        "subject": deed.actor.subject,
        "role": deed.actor.role,
        "organisation": deed.actor.organisation,
        "action": deed.action,
        "noun": deed.noun,
        "record_id": deed.record_id,
        "student_ids": list(deed.student_ids),
        "institution_ids": list(deed.institution_ids),
        "outcome": deed.outcome,
        "reason": deed.reason,
        "correlation_id": deed.correlation_id,
    }
