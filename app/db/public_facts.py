"""What public facts have in common in SQL: institutions, partners and participations, found by id, locked, changed by version."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Row, Table, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import NotFound, Stale


def lasts_on(table: Table, day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Of a table with `valid_from` and `valid_to`, both days included."""
    return and_(table.c.valid_from <= day, or_(table.c.valid_to.is_(None), table.c.valid_to >= day))


async def fetch(
    connection: AsyncConnection, table: Table, fact_id: UUID | int, *, noun: str, lock: bool = False
) -> Row[Any]:
    """Raises NotFound."""
    query = select(table).where(table.c.id == fact_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFound(noun)
    return row


async def change(connection: AsyncConnection, table: Table, values: Mapping[str, Any], *, noun: str) -> None:
    """Write what was decided on the version that `values` carry, as the next version. Raises Stale if it is no longer that one."""
    statement = (
        update(table)
        .where(table.c.id == values["id"], table.c.version == values["version"])
        .values({**values, "version": values["version"] + 1})
    )
    if (await connection.execute(statement)).rowcount != 1:
        raise Stale(noun, values["version"] + 1)
