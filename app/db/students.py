"""Students in PostgreSQL: the pseudonyms, and which institution has registered which."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import changes
from app.db.tables import enrolment, student, student_access, student_alias
from app.domain.changes import STUDENT
from app.domain.deeds import Deed
from app.domain.errors import NotFound
from app.domain.ids import InstitutionId, StudentId
from app.domain.restrictions import processing_restricted
from app.domain.students import Student


def _of(row: Row[Any]) -> Student:
    return Student(id=StudentId(row.student_id), version=row.version)


def survivor(student_id: StudentId) -> ColumnElement[UUID]:
    """The id itself, or of whom it has become an alias, as far as this scope sees that student: part of every query by student.

    Every address and filter that takes a student's id comes here in the end, so both ids of one student answer alike. What is
    asked is answered under the surviving id.
    """
    of_alias = select(student_alias.c.student_id).where(student_alias.c.alias_id == student_id).scalar_subquery()
    # A query of its own: PostgreSQL holds COALESCE for leaky, and would read the whole table for it under row-level security.
    return select(func.coalesce(of_alias, literal(student_id, Uuid))).scalar_subquery()


async def survivors(connection: AsyncConnection, student_ids: Sequence[UUID]) -> dict[UUID, StudentId]:
    """Of whom these ids have become aliases, as far as this scope sees those students; the others are left out."""
    if not student_ids:
        return {}
    query = select(student_alias.c.alias_id, student_alias.c.student_id).where(
        student_alias.c.alias_id.in_(student_ids)
    )
    return {row.alias_id: StudentId(row.student_id) for row in await connection.execute(query)}


async def get(connection: AsyncConnection, student_id: StudentId) -> Student:
    """Raises NotFound for one that is absent, and for one that nobody in this scope has registered."""
    query = select(student).where(student.c.student_id == survivor(student_id))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("student", record_id=student_id)
    return _of(row)


async def ids(connection: AsyncConnection, student_id: StudentId) -> Sequence[StudentId]:
    """Every id the student has had, this one first: what was done under another is kept under it."""
    aliases = select(student_alias.c.alias_id).where(student_alias.c.student_id == student_id)
    return [student_id, *map(StudentId, (await connection.execute(aliases)).scalars())]


async def lock(connection: AsyncConnection, student_id: StudentId) -> Student:
    """Whoever changes what must not overlap for one student takes this first. Raises NotFound as `get` does."""
    query = select(student).where(student.c.student_id == survivor(student_id))
    # Not as strong as a deletion's lock: whoever records something of the student meanwhile (`demand_own`) need not wait.
    row = await looked_for_twice(connection, query.with_for_update(key_share=True))
    if row is None:
        raise NotFound("student", record_id=student_id)
    return _of(row)


async def keep(connection: AsyncConnection, student_id: StudentId) -> Student:
    """For whoever adds something to the student: it stays until the end of the transaction, whoever would merge or erase it.

    Raises NotFound as `get` does.
    """
    query = select(student).where(student.c.student_id == survivor(student_id))
    row = await looked_for_twice(connection, query.with_for_update(read=True, key_share=True))
    if row is None:
        raise NotFound("student", record_id=student_id)
    return _of(row)


async def registered_on(connection: AsyncConnection, student_id: StudentId) -> date:
    """The first day on which an institution of this scope registered the student. The student is one that the scope sees."""
    query = select(func.min(student_access.c.valid_from)).where(
        student_access.c.student_id == student_id, student_access.c.owner_id == student_access.c.institution_id
    )
    found: date = (await connection.execute(query)).scalar_one()
    return found


async def owners(connection: AsyncConnection, student_id: StudentId) -> tuple[InstitutionId, ...]:
    """The institutions that have registered the student themselves, as far as this scope sees them: all that is recorded is theirs."""
    query = select(student_access.c.institution_id).where(
        student_access.c.student_id == student_id, student_access.c.owner_id == student_access.c.institution_id
    )
    found = await connection.execute(query.order_by(student_access.c.institution_id))
    return tuple(map(InstitutionId, found.scalars()))


async def readers(connection: AsyncConnection, student_id: StudentId) -> Sequence[InstitutionId]:
    """The institutions that something recorded of the student is open to, as far as this scope sees them."""
    query = select(student_access.c.institution_id).where(student_access.c.student_id == student_id).distinct()
    return [InstitutionId(each) for each in (await connection.execute(query)).scalars()]


async def is_own(connection: AsyncConnection, student_id: StudentId, institution_id: InstitutionId) -> bool:
    """Whether the institution has registered the student itself, and is in this scope."""
    query = select(student_access.c.reason).where(
        student_access.c.student_id == student_id,
        student_access.c.owner_id == institution_id,
        student_access.c.institution_id == institution_id,
    )
    return (await connection.execute(query)).one_or_none() is not None


async def demand_own(connection: AsyncConnection, student_id: StudentId, institution_id: InstitutionId) -> StudentId:
    """The id under which something of the student is recorded now. Until the end of the transaction nobody merges or erases it.

    Raises NotFound unless the institution is in this scope and has registered the student itself, and Refused while it is restricted.
    """
    query = (
        select(student_access.c.student_id, student_access.c.restricted_on)
        .join(student, student.c.student_id == student_access.c.student_id)
        .where(
            student_access.c.student_id == survivor(student_id),
            student_access.c.owner_id == institution_id,
            student_access.c.institution_id == institution_id,
        )
        .with_for_update(read=True, key_share=True, of=student)
    )
    found = await looked_for_twice(connection, query)
    if found is None:
        raise NotFound("student", record_id=student_id)
    if found.restricted_on is not None:
        raise processing_restricted()
    return StudentId(found.student_id)


async def looked_for_twice(connection: AsyncConnection, query: Select[Any]) -> Row[Any] | None:
    """The row that a locking query finds. Whoever waits for a merge looks with eyes from before it, and finds the row gone, or
    no longer its own to see: a second look is after it.
    """
    for _ in range(2):
        row: Row[Any] | None = (await connection.execute(query)).one_or_none()
        if row is not None:
            return row
    return None


async def add(
    connection: AsyncConnection,
    each: Student,
    institution_id: InstitutionId,
    *,
    candidate: StudentId,
    today: date,
    deed: Deed,
) -> None:
    """Register the student at this institution, whether or not another one has done so before: no statement tells the two apart.

    Only the candidate can be new. Any other id was known a moment ago: if its student has been merged meanwhile, it is not made
    anew, and the next statement is refused.
    """
    new = select(literal(each.id, Uuid)).where(literal(each.id, Uuid) == literal(candidate, Uuid))
    # No conflict target: PostgreSQL would look the row up under the policies, and fail on one that is not visible here.
    await connection.execute(insert(student).from_select(["student_id"], new).on_conflict_do_nothing())
    await connection.execute(
        insert(student_access).values(
            student_id=each.id, owner_id=institution_id, institution_id=institution_id, reason="OWN", valid_from=today
        )
    )
    await changes.record(connection, deed, STUDENT, (each.id, each.id, institution_id))


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
