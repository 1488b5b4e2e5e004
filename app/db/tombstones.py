"""Tombstones in PostgreSQL: appended, and read whole."""

from collections.abc import AsyncIterator

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import erasure_tombstone
from app.domain.erasures import Erasable, Tombstone
from app.domain.ids import StudentId


async def add(connection: AsyncConnection, each: Tombstone) -> None:
    """One that stands already stays as it is: it tells when this was erased first."""
    values = {"student_id": each.student_id, "what": each.what, "erased_on": each.on, "reason": each.reason}
    await connection.execute(insert(erasure_tombstone).values(values).on_conflict_do_nothing())


async def every(connection: AsyncConnection) -> AsyncIterator[Tombstone]:
    """All of them, in the order in which they were set."""
    order = (erasure_tombstone.c.recorded_at, erasure_tombstone.c.student_id, erasure_tombstone.c.what)
    async with connection.stream(select(erasure_tombstone).order_by(*order)) as rows:
        async for row in rows:
            yield Tombstone(
                student_id=StudentId(row.student_id), what=Erasable(row.what), on=row.erased_on, reason=row.reason
            )
