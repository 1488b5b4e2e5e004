"""Restrictions in PostgreSQL: marks on `student_access`, which the policies on records heed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, changes
from app.db.tables import student_access
from app.domain.changes import ChangeOp
from app.domain.deeds import Deed
from app.domain.errors import Refused
from app.domain.ids import InstitutionId, StudentId
from app.domain.restrictions import RestrictedBy, Restriction, processing_restricted

_OWN = student_access.c.owner_id == student_access.c.institution_id


async def of_student(connection: AsyncConnection, student_id: StudentId) -> Sequence[Restriction]:
    """What is restricted of what this scope's institutions wrote themselves: of all institutions in the authority's scope."""
    query = (
        select(student_access)
        .where(student_access.c.student_id == student_id, _OWN, student_access.c.restricted_on.is_not(None))
        .order_by(student_access.c.owner_id)
    )
    return [
        Restriction(
            student_id=StudentId(row.student_id),
            institution_id=InstitutionId(row.owner_id),
            by=RestrictedBy(row.restricted_by),
            since=row.restricted_on,
        )
        for row in await connection.execute(query)
    ]


async def put(
    connection: AsyncConnection, student_id: StudentId, *, by: RestrictedBy, today: date, deed: Deed
) -> Sequence[Restriction]:
    """Restrict what this scope's institutions wrote. One that stands already stays as it is, but that the authority takes it over."""
    mark = student_access.c.restricted_by
    where = mark.is_(None) if by is RestrictedBy.INSTITUTION else mark.is_distinct_from(by)
    since = func.coalesce(student_access.c.restricted_on, today)
    statement = update(student_access).where(student_access.c.student_id == student_id, _OWN, where)
    marked = statement.values(restricted_by=by, restricted_on=since).returning(student_access.c.owner_id)
    owners = (await connection.execute(marked)).scalars().all()
    await _spread(connection, student_id, owners, ChangeOp.CLOSE)
    standing = await of_student(connection, student_id)
    await audit.record(connection, _about(deed, standing))
    return standing


async def lift(connection: AsyncConnection, student_id: StudentId, *, deed: Deed) -> Sequence[Restriction]:
    """End what this scope may end. What is left is returned."""
    statement = update(student_access).where(
        student_access.c.student_id == student_id, _OWN, student_access.c.restricted_on.is_not(None)
    )
    stood = await of_student(connection, student_id)
    freed = statement.values(restricted_by=None, restricted_on=None).returning(student_access.c.owner_id)
    owners = (await connection.execute(freed)).scalars().all()
    await _spread(connection, student_id, owners, ChangeOp.OPEN)
    await audit.record(connection, _about(deed, stood))
    return await of_student(connection, student_id)


async def _spread(
    connection: AsyncConnection, student_id: StudentId, owners: Sequence[InstitutionId], op: ChangeOp
) -> None:
    """To whom the records were handed over is not for every scope to see: the database carries the mark there, and notes it for the
    feeds of those institutions. Here it is noted for whoever reads by way of the owner itself.
    """
    await changes.note_access(connection, student_id, [(owner_id, owner_id) for owner_id in owners], op=op)
    await connection.execute(select(func.spread_restrictions(student_id)))


def _about(deed: Deed, restrictions: Sequence[Restriction]) -> Deed:
    return replace(deed, institution_ids=tuple(each.institution_id for each in restrictions))


async def refusal(connection: AsyncConnection, student_id: StudentId, institution_id: InstitutionId) -> Refused | None:
    """Why nobody may now change what this institution wrote, or None."""
    found = await of_student(connection, student_id)
    return processing_restricted() if any(each.institution_id == institution_id for each in found) else None
