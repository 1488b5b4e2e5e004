"""Risks in PostgreSQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import records, students
from app.db.tables import plan, plan_risk, risk
from app.domain.calendar import Semester
from app.domain.deeds import Deed
from app.domain.ids import InstitutionId, RiskId, StudentId
from app.domain.risks import IdentifiedBy, Risk, Severity


def _of(row: Row[Any]) -> Risk:
    return Risk(
        id=RiskId(row.id),
        student_id=StudentId(row.student_id),
        institution_id=InstitutionId(row.institution_id),
        type=row.type,
        identified_on=row.identified_on,
        identified_by=IdentifiedBy(row.identified_by),
        severity=Severity(row.severity),
        resolved_on=row.resolved_on,
        version=row.version,
    )


def values(each: Risk) -> dict[str, Any]:
    """The row of a risk, by column."""
    return {
        "id": each.id,
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "type": each.type,
        "identified_on": each.identified_on,
        "identified_by": each.identified_by,
        "severity": each.severity,
        "resolved_on": each.resolved_on,
        "version": each.version,
    }


async def get(connection: AsyncConnection, risk_id: RiskId, *, lock: bool = False) -> Risk:
    return _of(await records.fetch(connection, risk, risk_id, noun="risk", lock=lock))


async def add(connection: AsyncConnection, each: Risk, deed: Deed) -> None:
    await records.add(connection, risk, values(each), deed)


async def change(connection: AsyncConnection, each: Risk, deed: Deed) -> Risk:
    """The risk as it is now kept, in its next version. Raises Stale if somebody was faster."""
    await records.change(connection, risk, values(each), noun="risk", deed=deed)
    return replace(each, version=each.version + 1)


async def remove(connection: AsyncConnection, each: Risk, deed: Deed) -> None:
    await records.remove(connection, risk, each.id, each.student_id, deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFilter:
    student_id: StudentId | None = None
    institution_id: InstitutionId | None = None
    type: str | None = None
    open_only: bool = False

    def where(self) -> Iterator[ColumnElement[bool]]:
        if self.student_id is not None:
            yield risk.c.student_id == students.survivor(self.student_id)
        if self.institution_id is not None:
            yield risk.c.institution_id == self.institution_id
        if self.type is not None:
            yield risk.c.type == self.type
        if self.open_only:
            yield risk.c.resolved_on.is_(None)


async def page(connection: AsyncConnection, wanted: RiskFilter, *, after: UUID | None, limit: int) -> Sequence[Risk]:
    where = list(wanted.where())
    return [_of(row) for row in await records.page(connection, risk, where=where, after=after, limit=limit)]


async def of_students(connection: AsyncConnection, student_ids: Sequence[StudentId]) -> Sequence[Risk]:
    """All risks of these students that this scope sees, in the order of their ids."""
    query = select(risk).where(risk.c.student_id.in_(student_ids)).order_by(risk.c.id)
    return [_of(row) for row in await connection.execute(query)]


async def of_ids(connection: AsyncConnection, risk_ids: Sequence[RiskId]) -> Sequence[Risk]:
    query = select(risk).where(risk.c.id.in_(risk_ids))
    return [_of(row) for row in await connection.execute(query)]


async def semesters_in_force(connection: AsyncConnection, each: Risk) -> Sequence[Semester]:
    """Of the plans that answer the risk and have been in force, as far as this scope sees them."""
    answering = (plan_risk.c.plan_id == plan.c.id) & (plan_risk.c.student_id == plan.c.student_id)
    query = select(plan.c.semester).join(plan_risk, answering)
    mine = query.where(plan_risk.c.risk_id == each.id, plan_risk.c.student_id == each.student_id)
    found = await connection.execute(mine.where(plan.c.activated_on.is_not(None)).distinct())
    return [Semester.parse(semester) for semester in found.scalars()]


async def is_answered(connection: AsyncConnection, each: Risk) -> bool:
    """Whether a plan that this scope sees answers the risk."""
    query = select(plan_risk.c.plan_id).where(plan_risk.c.risk_id == each.id, plan_risk.c.student_id == each.student_id)
    return (await connection.execute(query.limit(1))).first() is not None
