"""Outcomes in PostgreSQL: of a plan with a row for each risk's result, or of a school year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Row, Select, delete, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import records, students
from app.db.tables import outcome, outcome_result
from app.domain.calendar import SchoolYear
from app.domain.deeds import Deed
from app.domain.ids import InstitutionId, OutcomeId, PlanId, RiskId, StudentId
from app.domain.outcomes import NextStep, Outcome, PlanOutcome, Result, RiskResult, YearOutcome, YearResult


def _with_results() -> Select[Any]:
    """Outcomes with their results by risk, in one statement however many outcomes there are."""
    results = (
        select(func.json_build_array(outcome_result.c.risk_id, outcome_result.c.result))
        .where(outcome_result.c.outcome_id == outcome.c.id, outcome_result.c.student_id == outcome.c.student_id)
        .order_by(outcome_result.c.risk_id)
    )
    return select(outcome, func.array(results.scalar_subquery(), type_=ARRAY(JSON)).label("results"))


def _of(row: Row[Any]) -> Outcome:
    return _of_year(row) if row.plan_id is None else _of_plan(row)


def _of_plan(row: Row[Any]) -> PlanOutcome:
    results = (RiskResult(risk_id=RiskId(UUID(risk_id)), result=Result(result)) for risk_id, result in row.results)
    return PlanOutcome(
        id=OutcomeId(row.id),
        student_id=StudentId(row.student_id),
        institution_id=InstitutionId(row.institution_id),
        plan_id=PlanId(row.plan_id),
        recorded_on=row.recorded_on,
        results=tuple(results),
        next_step=NextStep(row.next_step),
        improvements=tuple(row.improvements),
        evaluation=row.evaluation,
        version=row.version,
    )


def _of_year(row: Row[Any]) -> YearOutcome:
    return YearOutcome(
        id=OutcomeId(row.id),
        student_id=StudentId(row.student_id),
        institution_id=InstitutionId(row.institution_id),
        school_year=SchoolYear.parse(row.school_year),
        recorded_on=row.recorded_on,
        result=YearResult(row.result),
        extended_school_year=bool(row.extended_school_year),
        left_on=row.left_on,
        leaving_reason=row.leaving_reason,
        version=row.version,
    )


def values(each: Outcome) -> dict[str, Any]:
    """The row of an outcome, by column, the same columns for both kinds. Results of a plan are rows of their own."""
    of_plan = each if isinstance(each, PlanOutcome) else None
    of_year = each if isinstance(each, YearOutcome) else None
    return {
        "id": each.id,
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "recorded_on": each.recorded_on,
        "plan_id": of_plan and of_plan.plan_id,
        "next_step": of_plan and of_plan.next_step,
        "improvements": list(of_plan.improvements) if of_plan else [],
        "evaluation": of_plan and of_plan.evaluation,
        "school_year": str(of_year.school_year) if of_year else None,
        "result": of_year and of_year.result,
        "extended_school_year": of_year.extended_school_year if of_year else None,
        "left_on": of_year and of_year.left_on,
        "leaving_reason": of_year and of_year.leaving_reason,
        "version": each.version,
    }


def result_rows(each: Outcome) -> list[dict[str, Any]]:
    """One row for each risk that the outcome of a plan speaks of."""
    shared = {"outcome_id": each.id, "student_id": each.student_id, "institution_id": each.institution_id}
    results = each.results if isinstance(each, PlanOutcome) else ()
    return [shared | {"risk_id": entry.risk_id, "result": entry.result} for entry in results]


async def get(connection: AsyncConnection, outcome_id: OutcomeId, *, lock: bool = False) -> Outcome:
    return _of(await records.fetch(connection, outcome, outcome_id, noun="outcome", lock=lock, query=_with_results()))


async def add(connection: AsyncConnection, each: Outcome, deed: Deed) -> None:
    await records.add(connection, outcome, values(each), deed)
    await _add_results(connection, each)


async def change(connection: AsyncConnection, each: Outcome, deed: Deed) -> Outcome:
    """The outcome as it is now kept, in its next version. Raises Stale if somebody was faster."""
    await records.change(connection, outcome, values(each), noun="outcome", deed=deed)
    await connection.execute(delete(outcome_result).filter_by(outcome_id=each.id, student_id=each.student_id))
    await _add_results(connection, each)
    return replace(each, version=each.version + 1)


async def _add_results(connection: AsyncConnection, each: Outcome) -> None:
    if rows := result_rows(each):
        await connection.execute(insert(outcome_result), rows)


async def remove(connection: AsyncConnection, each: Outcome, deed: Deed) -> None:
    await records.remove(connection, outcome, each.id, each.student_id, deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFilter:
    of: type[Outcome] | None = None
    plan_id: PlanId | None = None
    student_id: StudentId | None = None
    institution_id: InstitutionId | None = None
    school_year: SchoolYear | None = None

    def where(self) -> Iterator[ColumnElement[bool]]:
        asked: dict[ColumnElement[Any], object] = {
            outcome.c.plan_id: self.plan_id,
            outcome.c.student_id: None if self.student_id is None else students.survivor(self.student_id),
            outcome.c.institution_id: self.institution_id,
            outcome.c.school_year: None if self.school_year is None else str(self.school_year),
        }
        yield from (column == value for column, value in asked.items() if value is not None)
        if self.of is not None:
            yield (outcome.c.plan_id if self.of is PlanOutcome else outcome.c.school_year).is_not(None)


async def page(
    connection: AsyncConnection, wanted: OutcomeFilter, *, after: UUID | None, limit: int
) -> Sequence[Outcome]:
    where, query = list(wanted.where()), _with_results()
    return [
        _of(row) for row in await records.page(connection, outcome, where=where, after=after, limit=limit, query=query)
    ]


async def of_ids(connection: AsyncConnection, outcome_ids: Sequence[OutcomeId]) -> Sequence[Outcome]:
    return [_of(row) for row in await connection.execute(_with_results().where(outcome.c.id.in_(outcome_ids)))]


async def of_plans(connection: AsyncConnection, plan_ids: Sequence[PlanId]) -> Sequence[PlanOutcome]:
    """The outcomes of these plans that this scope sees: at most one each."""
    rows = await connection.execute(_with_results().where(outcome.c.plan_id.in_(plan_ids)))
    return [_of_plan(row) for row in rows]


async def of_school_year(
    connection: AsyncConnection, student_id: StudentId, institution_id: InstitutionId, year: SchoolYear
) -> YearOutcome | None:
    """How this school year ended for the student at this institution: there is at most one."""
    query = _with_results().where(
        outcome.c.student_id == student_id,
        outcome.c.institution_id == institution_id,
        outcome.c.school_year == str(year),
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _of_year(row)


async def of_students(connection: AsyncConnection, student_ids: Sequence[StudentId]) -> Sequence[YearOutcome]:
    """The outcomes of these students' school years that this scope sees, in the order of the years."""
    query = _with_results().where(outcome.c.student_id.in_(student_ids), outcome.c.school_year.is_not(None))
    rows = await connection.execute(query.order_by(outcome.c.school_year, outcome.c.id))
    return [_of_year(row) for row in rows]
