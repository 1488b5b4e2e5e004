"""Plans in PostgreSQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import records, students
from app.db.plan_content import (
    content_of,
    measure_rows,
    provider_rows,
    revision_json,
    revision_of,
    risk_rows,
    with_content,
)
from app.db.tables import enrolment, plan, plan_provider, plan_risk, planned_measure
from app.domain.calendar import Semester
from app.domain.deeds import Deed
from app.domain.ids import EnrolmentId, InstitutionId, PlanId, StudentId
from app.domain.periods import Period
from app.domain.plans import Consent, Plan, PlanState, Signatory


def _of(row: Row[Any]) -> Plan:
    signed_by = row.application_signed_by
    return Plan(
        id=PlanId(row.id),
        student_id=StudentId(row.student_id),
        institution_id=InstitutionId(row.institution_id),
        enrolment_id=EnrolmentId(row.enrolment_id),
        programme=row.programme,
        semester=Semester.parse(row.semester),
        period=Period(row.valid_from, row.valid_to),
        content=content_of(row),
        consent=Consent(
            application_signed_on=row.application_signed_on,
            application_signed_by=None if signed_by is None else Signatory(signed_by),
            guardian_agreed_on=row.guardian_agreed_on,
            student_agreed_on=row.student_agreed_on,
        ),
        providers=tuple(row.providers),
        continues=None if row.continues is None else PlanId(row.continues),
        state=PlanState(row.state),
        revision_number=row.revision_number,
        revision=revision_of(row.revision),
        activated_on=row.activated_on,
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        version=row.version,
    )


def values(each: Plan) -> dict[str, Any]:
    """The row of a plan, by column. Its risks, planned measures and providers are rows of their own (`plan_content`)."""
    return {
        "id": each.id,
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "enrolment_id": each.enrolment_id,
        "programme": each.programme,
        "semester": str(each.semester),
        "valid_from": each.period.start,
        "valid_to": each.period.end,
        "code": each.code,
        "state": each.state,
        "application_signed_on": each.consent.application_signed_on,
        "application_signed_by": each.consent.application_signed_by,
        "guardian_agreed_on": each.consent.guardian_agreed_on,
        "student_agreed_on": each.consent.student_agreed_on,
        "continues": each.continues,
        "revision_number": each.revision_number,
        "revision": revision_json(each.revision),
        "activated_on": each.activated_on,
        "ended_on": each.ended_on,
        "end_reason": each.end_reason,
        "version": each.version,
    }


async def get(connection: AsyncConnection, plan_id: PlanId, *, lock: bool = False) -> Plan:
    return _of(await records.fetch(connection, plan, plan_id, noun="plan", lock=lock, query=with_content()))


async def add(connection: AsyncConnection, each: Plan, deed: Deed) -> None:
    await records.add(connection, plan, values(each), deed)
    await _add_content(connection, each)


async def change(connection: AsyncConnection, each: Plan, deed: Deed, *, content: bool = False) -> Plan:
    """The plan as it is now kept, in its next version. `content`: its risks, planned measures or providers have changed, too."""
    await records.change(connection, plan, values(each), noun="plan", deed=deed)
    if content:
        await _remove_content(connection, each)
        await _add_content(connection, each)
    return replace(each, version=each.version + 1)


async def remove(connection: AsyncConnection, each: Plan, deed: Deed) -> None:
    await records.remove(connection, plan, each.id, each.student_id, deed)


async def _remove_content(connection: AsyncConnection, each: Plan) -> None:
    """Risks that stay keep their rows, since interventions hang on them."""
    key = {"plan_id": each.id, "student_id": each.student_id}
    for table in (planned_measure, plan_provider):
        await connection.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))
    dropped = delete(plan_risk).filter_by(**key).where(plan_risk.c.risk_id.not_in(each.content.risk_ids))
    await connection.execute(dropped)


async def _add_content(connection: AsyncConnection, each: Plan) -> None:
    if each.content.risk_ids:
        placed = insert(plan_risk)
        kept_in_place = placed.on_conflict_do_update(
            index_elements=[column.name for column in plan_risk.primary_key],
            set_={"position": placed.excluded.position},
        )
        await connection.execute(kept_in_place, risk_rows(each))
    for table, rows in (
        (planned_measure, measure_rows(each)),
        (plan_provider, provider_rows(each)),
    ):
        if rows:
            await connection.execute(insert(table), rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFilter:
    student_id: StudentId | None = None
    institution_id: InstitutionId | None = None
    semester: str | None = None
    state: PlanState | None = None
    code: str | None = None

    def where(self) -> Iterator[ColumnElement[bool]]:
        asked: dict[ColumnElement[Any], object] = {
            plan.c.student_id: None if self.student_id is None else students.survivor(self.student_id),
            plan.c.institution_id: self.institution_id,
            plan.c.semester: self.semester,
            plan.c.state: self.state,
            plan.c.code: self.code,
        }
        yield from (column == value for column, value in asked.items() if value is not None)


async def page(connection: AsyncConnection, wanted: PlanFilter, *, after: UUID | None, limit: int) -> Sequence[Plan]:
    where = list(wanted.where())
    rows = await records.page(connection, plan, where=where, after=after, limit=limit, query=with_content())
    return [_of(row) for row in rows]


async def of_students(connection: AsyncConnection, student_ids: Sequence[StudentId]) -> Sequence[Plan]:
    """All plans of these students that this scope sees, in the order of their ids."""
    query = with_content().where(plan.c.student_id.in_(student_ids)).order_by(plan.c.id)
    return [_of(row) for row in await connection.execute(query)]


async def of_ids(connection: AsyncConnection, plan_ids: Sequence[PlanId]) -> Sequence[Plan]:
    query = with_content().where(plan.c.id.in_(plan_ids))
    return [_of(row) for row in await connection.execute(query)]


async def of_semester(connection: AsyncConnection, enrolment_id: EnrolmentId, semester: str) -> Plan | None:
    """The plan of that semester for the student, at the institution, of this enrolment: there is at most one."""
    of_whom = (enrolment.c.student_id == plan.c.student_id) & (enrolment.c.institution_id == plan.c.institution_id)
    query = with_content().join(enrolment, of_whom)
    row = (
        await connection.execute(query.where(enrolment.c.id == enrolment_id, plan.c.semester == semester))
    ).one_or_none()
    return None if row is None else _of(row)


async def open_of(
    connection: AsyncConnection, student_id: StudentId, institution_id: InstitutionId, *, lock: bool = False
) -> Plan | None:
    """The student's open plan at this institution: there is at most one."""
    query = with_content().where(
        plan.c.student_id == student_id,
        plan.c.institution_id == institution_id,
        plan.c.state.not_in([PlanState.COMPLETED, PlanState.DISCONTINUED]),
    )
    row = (await connection.execute(query.with_for_update(of=plan) if lock else query)).one_or_none()
    return None if row is None else _of(row)
