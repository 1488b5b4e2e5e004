"""What every record of a student has in common in SQL: found by id, locked, changed by version, listed by id.

The policies of the database decide what there is; nothing here asks whose a record is.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import changes, restrictions, students
from app.domain.changes import ChangeOp
from app.domain.deeds import Deed
from app.domain.errors import Forbidden, NotFound, Stale


async def fetch(
    connection: AsyncConnection,
    table: Table,
    record_id: UUID,
    *,
    noun: str,
    lock: bool = False,
    query: Select[Any] | None = None,
) -> Row[Any]:
    """Raises NotFound for what is absent or foreign, and, with `lock`, Forbidden or Refused for what may be read but not changed.

    `query` stands for all columns of the table where a noun is more than its row.
    """
    wanted: Select[Any] = (select(table) if query is None else query).where(table.c.id == record_id)
    row: Row[Any] | None = (
        await students.looked_for_twice(connection, wanted.with_for_update(of=table))
        if lock
        else (await connection.execute(wanted)).one_or_none()
    )
    if row is not None:
        return row
    if lock and (foreign := (await connection.execute(wanted)).one_or_none()) is not None:
        raise await restrictions.refusal(connection, foreign.student_id, foreign.institution_id) or Forbidden(
            f"This {noun} was written by another institution: you may read it, not change it.", code="not-the-author"
        )
    raise NotFound(noun)


async def add(connection: AsyncConnection, table: Table, values: Mapping[str, Any], deed: Deed) -> None:
    await connection.execute(insert(table).values(values))
    await changes.record(connection, deed, table.name, _identity(values))


async def change(
    connection: AsyncConnection, table: Table, values: Mapping[str, Any], *, noun: str, deed: Deed
) -> None:
    """Write what was decided on the version that `values` carry, as the next version. Raises Stale if it is no longer that one."""
    identity = {"id": values["id"], "student_id": values["student_id"]}
    statement = (
        update(table)
        .where(*(table.c[name] == value for name, value in identity.items()), table.c.version == values["version"])
        .values({**values, "version": values["version"] + 1})
    )
    if (await connection.execute(statement)).rowcount != 1:
        raise Stale(noun, values["version"] + 1)
    await changes.record(connection, deed, table.name, _identity(values))


def _identity(values: Mapping[str, Any]) -> changes.Changed:
    return values["id"], values["student_id"], values["institution_id"]


async def remove(connection: AsyncConnection, table: Table, record_id: UUID, student_id: UUID, deed: Deed) -> None:
    mine = delete(table).where(table.c.id == record_id, table.c.student_id == student_id)
    institution_id = await connection.scalar(mine.returning(table.c.institution_id))
    if institution_id is None:
        raise NotFound(table.name, record_id=record_id)
    await changes.record(connection, deed, table.name, (record_id, student_id, institution_id), op=ChangeOp.DELETE)


async def page(
    connection: AsyncConnection,
    table: Table,
    *,
    where: Sequence[ColumnElement[bool]],
    after: UUID | None,
    limit: int,
    query: Select[Any] | None = None,
) -> Sequence[Row[Any]]:
    """Up to `limit` rows in the order of their ids, from the one after `after` on."""
    wanted: Select[Any] = (select(table) if query is None else query).where(*where)
    if after is not None:
        wanted = wanted.where(table.c.id > after)
    rows: Sequence[Row[Any]] = (await connection.execute(wanted.order_by(table.c.id).limit(limit))).all()
    return rows
