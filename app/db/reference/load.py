"""Brings the reference tables in line with the packaged files, touching only what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Table, func, literal_column, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.reference.packaged_data import packaged
from app.db.reference.table_rows import table_rows

_LOCK = 7_203_402
"""Advisory lock: two nodes that start together load one after the other. An arbitrary number, used for nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loading did to one table. `not_packaged`: rows that the files no longer have; records may refer to them."""

    table: str
    inserted: int
    updated: int
    unchanged: int
    not_packaged: int


async def load_reference(connection: AsyncConnection) -> tuple[Loaded, ...]:
    """Insert and update in the caller's transaction, as a role that may write these tables. Never deletes."""
    await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    return tuple([await _load(connection, table, rows) for table, rows in table_rows(packaged())])


async def _load(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> Loaded:
    statement = insert(table).values(list(rows))
    keys = [column.name for column in table.primary_key]
    others = [column for column in table.columns if not column.primary_key]
    changes = {column.name: statement.excluded[column.name] for column in others}
    differs = or_(*(column.is_distinct_from(changes[column.name]) for column in others))
    upsert = statement.on_conflict_do_update(index_elements=keys, set_=changes, where=differs)
    # The old row is null where there was none; a row that was already right is not returned at all.
    was_absent = literal_column(f"old.{keys[0]} IS NULL", Boolean)
    touched = (await connection.execute(upsert.returning(was_absent))).scalars().all()
    total = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
    inserted = sum(touched)
    return Loaded(
        table=table.name,
        inserted=inserted,
        updated=len(touched) - inserted,
        unchanged=len(rows) - len(touched),
        not_packaged=total - len(rows),
    )
