"""The days that retention asks for, of each student at all institutions together. They are read in the scope of retention, which reads
no more than these days, and who had registered the student.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Exists, Row, Select, Table, cast, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import enrolment, person, personal_code, plan, stated_code, student, student_access
from app.domain.ids import StudentId
from app.domain.retention import Stay


def _of_student(table: Table) -> ColumnElement[bool]:
    return table.c.student_id == student.c.student_id


def _any(table: Table, *where: ColumnElement[bool]) -> Exists:
    return select(table.c.student_id).where(_of_student(table), *where).exists()


def _query() -> Select[Any]:
    enrolled = (
        select(
            func.max(enrolment.c.valid_to).label("last_end"),
            func.bool_or(enrolment.c.valid_to.is_(None)).label("goes_on"),
        )
        .where(_of_student(enrolment))
        .lateral()
    )
    planned = (
        select(
            func.max(plan.c.ended_on).label("last_end"),
            func.bool_or(plan.c.ended_on.is_(None)).label("goes_on"),
            func.array_agg(plan.c.programme.distinct()).label("programmes"),
        )
        .where(_of_student(plan))
        .lateral()
    )
    restricted = _any(student_access, student_access.c.restricted_on.is_not(None))
    return (
        select(
            student.c.student_id,
            cast(func.timezone("Europe/Riga", student.c.recorded_at), Date).label("registered_on"),
            enrolled.c.last_end.label("last_enrolment_end"),
            enrolled.c.goes_on.label("is_enrolled"),
            planned.c.last_end.label("last_plan_end"),
            planned.c.goes_on.label("has_open_plan"),
            planned.c.programmes,
            restricted.label("is_restricted"),
            or_(*map(_any, (person, personal_code, stated_code))).label("has_person"),
        )
        .select_from(student)
        .join(enrolled, true())
        .join(planned, true())
        .order_by(student.c.student_id)
    )


def _of(row: Row[Any]) -> Stay:
    return Stay(
        student_id=StudentId(row.student_id),
        registered_on=row.registered_on,
        last_enrolment_end=row.last_enrolment_end,
        is_enrolled=bool(row.is_enrolled),
        last_plan_end=row.last_plan_end,
        has_open_plan=bool(row.has_open_plan),
        programmes=frozenset(row.programmes or ()),
        is_restricted=row.is_restricted,
        has_person=row.has_person,
    )


async def stays_after(connection: AsyncConnection, after: UUID | None, limit: int) -> Sequence[Stay]:
    """In the order of the students' ids."""
    query = _query().limit(limit)
    if after is not None:
        query = query.where(student.c.student_id > after)
    return [_of(row) for row in await connection.execute(query)]


async def stay_of(connection: AsyncConnection, student_id: StudentId) -> Stay | None:
    row = (await connection.execute(_query().where(student.c.student_id == student_id))).one_or_none()
    return None if row is None else _of(row)
