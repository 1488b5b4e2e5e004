"""Students in PostgreSQL: the pseudonyms, and which institution has registered which."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit
from app.db.tables import enrolment, student, student_access
from app.domain.deeds import Deed
from app.domain.errors import NotFound
from app.domain.ids import InstitutionId, StudentId
from app.domain.restrictions import processing_restricted
from app.domain.students import Student


def _of(row: Row[Any]) -> Student:
    return Student(id=StudentId(row.student_id), version=row.version)


async def get(connection: AsyncConnection, student_id: StudentId) -> Student:
    """Raises NotFound for one that is absent, and for one that nobody in this scope has registered."""
    row = (await connection.execute(select(student).where(student.c.student_id == student_id))).one_or_none()
    if row is None:
        raise NotFound("student")
    return _of(row)


async def lock(connection: AsyncConnection, student_id: StudentId) -> None:
    """Whoever changes what must not overlap for one student takes this first. Raises NotFound as `get` does."""
    # Not as strong as a deletion's lock: whoever records something of the student meanwhile (`demand_own`) need not wait.
    query = select(student.c.student_id).where(student.c.student_id == student_id).with_for_update(key_share=True)
    if (await connection.execute(query)).one_or_none() is None:
        raise NotFound("student")


async def registered_on(connection: AsyncConnection, student_id: StudentId) -> date:
    """The first day on which an institution of this scope registered the student. The student is one that the scope sees."""
    query = select(func.min(student_access.c.valid_from)).where(
        student_access.c.student_id == student_id, student_access.c.owner_id == student_access.c.institution_id
    )
    found: date = (await connection.execute(query)).scalar_one()
    return found


async def is_own(connection: AsyncConnection, student_id: StudentId, institution_id: InstitutionId) -> bool:
    """Whether the institution has registered the student itself, and is in this scope."""
    query = select(student_access.c.reason).where(
        student_access.c.student_id == student_id,
        student_access.c.owner_id == institution_id,
        student_access.c.institution_id == institution_id,
    )
    return (await connection.execute(query)).one_or_none() is not None


async def demand_own(connection: AsyncConnection, student_id: StudentId, institution_id: InstitutionId) -> None:
    """For whoever records something of the student: it stays until the end of the transaction, whoever would erase it.

    Raises NotFound unless the institution is in this scope and has registered the student itself, and Refused while it is restricted.
    """
    query = (
        select(student_access.c.restricted_on)
        .join(student, student.c.student_id == student_access.c.student_id)
        .where(
            student_access.c.student_id == student_id,
            student_access.c.owner_id == institution_id,
            student_access.c.institution_id == institution_id,
        )
        .with_for_update(read=True, key_share=True, of=student)
    )
    found = (await connection.execute(query)).one_or_none()
    if found is None:
        raise NotFound("student")
    if found.restricted_on is not None:
        raise processing_restricted()


async def add(
    connection: AsyncConnection, each: Student, institution_id: InstitutionId, *, today: date, deed: Deed
) -> None:
    """Register the student at this institution, whether or not another one has done so before: no statement tells the two apart."""
    # No conflict target: PostgreSQL would look the row up under the policies, and fail on one that is not visible here.
    await connection.execute(insert(student).values(student_id=each.id).on_conflict_do_nothing())
    await connection.execute(
        insert(student_access).values(
            student_id=each.id, owner_id=institution_id, institution_id=institution_id, reason="OWN", valid_from=today
        )
    )
    await audit.record(connection, deed)


async def page(
    connection: AsyncConnection,
    *,
    institution_id: InstitutionId | None = None,
    enrolled_on: date | None = None,
    after: UUID | None = None,
    limit: int,
) -> Sequence[Student]:
    """Students in the order of their ids, which is no order of anything."""
    query = select(student).order_by(student.c.student_id).limit(limit)
    if after is not None:
        query = query.where(student.c.student_id > after)
    if institution_id is not None:
        registered = select(student_access.c.student_id).where(
            student_access.c.owner_id == institution_id, student_access.c.institution_id == institution_id
        )
        query = query.where(student.c.student_id.in_(registered))
    if enrolled_on is not None:
        enrolled = select(enrolment.c.student_id).where(
            enrolment.c.valid_from <= enrolled_on,
            or_(enrolment.c.valid_to.is_(None), enrolment.c.valid_to >= enrolled_on),
        )
        if institution_id is not None:
            enrolled = enrolled.where(enrolment.c.institution_id == institution_id)
        query = query.where(student.c.student_id.in_(enrolled))
    return [_of(row) for row in await connection.execute(query)]
