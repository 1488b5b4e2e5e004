"""Tombstones in PostgreSQL: appended, and read whole or of one student."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import erasure_tombstone
from app.domain.erasures import Erasable, Tombstone
from app.domain.ids import StudentId


def _of(row: Row[Any]) -> Tombstone:
    return Tombstone(student_id=StudentId(row.student_id), what=Erasable(row.what), on=row.erased_on, reason=row.reason)


async def add(connection: AsyncConnection, each: Tombstone) -> None:
    """One that stands already stays as it is: it tells when this was erased first."""
    values = {"student_id": each.student_id, "what": each.what, "erased_on": each.on, "reason": each.reason}
    await connection.execute(insert(erasure_tombstone).values(values).on_conflict_do_nothing())


async def of_student(connection: AsyncConnection, student_id: StudentId) -> Tombstone | None:
    """What was erased last of whoever had this id, or None."""
    query = select(erasure_tombstone).where(erasure_tombstone.c.student_id == student_id)
    row = (await connection.execute(query.order_by(erasure_tombstone.c.recorded_at.desc()).limit(1))).one_or_none()
    return None if row is None else _of(row)


async def every(connection: AsyncConnection) -> AsyncIterator[Tombstone]:
    """All of them, in the order in which they were set."""
    order = (erasure_tombstone.c.recorded_at, erasure_tombstone.c.student_id, erasure_tombstone.c.what)
    async with connection.stream(select(erasure_tombstone).order_by(*order)) as rows:
        async for row in rows:
            yield _of(row)
