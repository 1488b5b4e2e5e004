"""Enrolments in PostgreSQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import records, students
from app.db.tables import enrolment
from app.domain.deeds import Deed
from app.domain.enrolments import EndReason, Enrolment
from app.domain.ids import EnrolmentId, InstitutionId, StudentId
from app.domain.periods import Period


def _of(row: Row[Any]) -> Enrolment:
    return Enrolment(
        id=EnrolmentId(row.id),
        student_id=StudentId(row.student_id),
        institution_id=InstitutionId(row.institution_id),
        grade=row.grade,
        period=Period(row.valid_from, row.valid_to),
        home_municipality=row.home_municipality,
        minority_programme=row.minority_programme,
        returned_emigrant=row.returned_emigrant,
        special_need=row.special_need,
        end_reason=None if row.end_reason is None else EndReason(row.end_reason),
        version=row.version,
    )


def values(each: Enrolment) -> dict[str, Any]:
    """The row of an enrolment, by column."""
    return {
        "id": each.id,
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "grade": each.grade,
        "valid_from": each.period.start,
        "valid_to": each.period.end,
        "home_municipality": each.home_municipality,
        "minority_programme": each.minority_programme,
        "returned_emigrant": each.returned_emigrant,
        "special_need": each.special_need,
        "end_reason": each.end_reason,
        "version": each.version,
    }


async def get(connection: AsyncConnection, enrolment_id: EnrolmentId, *, lock: bool = False) -> Enrolment:
    return _of(await records.fetch(connection, enrolment, enrolment_id, noun="enrolment", lock=lock))


async def add(connection: AsyncConnection, each: Enrolment, deed: Deed) -> None:
    await records.add(connection, enrolment, values(each), deed)


async def change(connection: AsyncConnection, each: Enrolment, deed: Deed) -> Enrolment:
    """The enrolment as it is now kept, in its next version. Raises Stale if somebody was faster."""
    await records.change(connection, enrolment, values(each), noun="enrolment", deed=deed)
    return replace(each, version=each.version + 1)


async def remove(connection: AsyncConnection, each: Enrolment, deed: Deed) -> None:
    await records.remove(connection, enrolment, each.id, each.student_id, deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentFilter:
    """`on`: enrolled on this day."""

    student_id: StudentId | None = None
    institution_id: InstitutionId | None = None
    on: date | None = None

    def where(self) -> Iterator[ColumnElement[bool]]:
        if self.student_id is not None:
            yield enrolment.c.student_id == students.survivor(self.student_id)
        if self.institution_id is not None:
            yield enrolment.c.institution_id == self.institution_id
        if self.on is not None:
            yield enrolment.c.valid_from <= self.on
            yield or_(enrolment.c.valid_to.is_(None), enrolment.c.valid_to >= self.on)


async def page(
    connection: AsyncConnection, wanted: EnrolmentFilter, *, after: UUID | None, limit: int
) -> Sequence[Enrolment]:
    where = list(wanted.where())
    return [_of(row) for row in await records.page(connection, enrolment, where=where, after=after, limit=limit)]


async def of_students(connection: AsyncConnection, student_ids: Sequence[StudentId]) -> Sequence[Enrolment]:
    """All enrolments of these students that this scope sees, in the order of their ids."""
    query = select(enrolment).where(enrolment.c.student_id.in_(student_ids)).order_by(enrolment.c.id)
    return [_of(row) for row in await connection.execute(query)]


async def of_ids(connection: AsyncConnection, enrolment_ids: Sequence[EnrolmentId]) -> Sequence[Enrolment]:
    query = select(enrolment).where(enrolment.c.id.in_(enrolment_ids))
    return [_of(row) for row in await connection.execute(query)]


async def beginning(
    connection: AsyncConnection, student_id: StudentId, institution_id: InstitutionId, on: date
) -> Enrolment | None:
    """The enrolment that begins on this day: there is at most one."""
    query = select(enrolment).filter_by(student_id=student_id, institution_id=institution_id, valid_from=on)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _of(row)


async def others(connection: AsyncConnection, each: Enrolment) -> Sequence[Enrolment]:
    """The student's other enrolments at the same institution. Lock the student first: they must not overlap."""
    query = select(enrolment).where(
        enrolment.c.student_id == each.student_id,
        enrolment.c.institution_id == each.institution_id,
        enrolment.c.id != each.id,
    )
    return [_of(row) for row in await connection.execute(query)]
