"""Outcomes: what came of a plan, and how a student's school year ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.calendar import SchoolYear
from app.domain.code_lists import CodeLists
from app.domain.errors import Violation, check, violation
from app.domain.ids import InstitutionId, OutcomeId, PlanId, RiskId, StudentId
from app.domain.plans import Plan


class Result(StrEnum):
    RESOLVED = "RESOLVED"
    REDUCED = "REDUCED"
    UNCHANGED = "UNCHANGED"
    INCREASED = "INCREASED"


class NextStep(StrEnum):
    CONTINUE = "CONTINUE"
    END = "END"


class YearResult(StrEnum):
    PROMOTED = "PROMOTED"
    COMPLETED_STAGE = "COMPLETED_STAGE"
    REPEATS = "REPEATS"
    TRANSFERRED = "TRANSFERRED"
    LEFT_EARLY = "LEFT_EARLY"
    EMIGRATED = "EMIGRATED"
    DECEASED = "DECEASED"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskResult:
    risk_id: RiskId
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOutcome:
    """`improvements` are codes of the list "improvements". `evaluation` is a teacher's free text about a child: sensitive."""

    id: OutcomeId
    student_id: StudentId
    institution_id: InstitutionId
    plan_id: PlanId
    recorded_on: date
    results: tuple[RiskResult, ...]
    next_step: NextStep
    improvements: tuple[str, ...] = ()
    evaluation: str | None = field(default=None, repr=False)
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOutcome:
    """`left_on` and `leaving_reason` (a code of "leaving-reasons") belong to LEFT_EARLY.

    Whether an extended school year was needed stands apart from the result: a student may be promoted after one.
    """

    id: OutcomeId
    student_id: StudentId
    institution_id: InstitutionId
    school_year: SchoolYear
    recorded_on: date
    result: YearResult
    extended_school_year: bool = False
    left_on: date | None = None
    leaving_reason: str | None = None
    version: int = 1


Outcome = PlanOutcome | YearOutcome


def check_plan_outcome(outcome: PlanOutcome, *, plan: Plan, codes: CodeLists, today: date) -> PlanOutcome:
    """Raise Invalid unless it gives one result for each risk of a plan that has been in force."""
    check(_plan_violations(outcome, plan, codes, today))
    return outcome


def _plan_violations(outcome: PlanOutcome, plan: Plan, codes: CodeLists, today: date) -> Iterator[Violation]:
    if plan.activated_on is None:
        yield violation("/plan_id", "plan-never-active", "Only a plan that has been in force has an outcome.")
    if outcome.recorded_on > today:
        yield violation("/recorded_on", "in-the-future", "An outcome is recorded when it is known.")
    elif plan.activated_on is not None and outcome.recorded_on < plan.activated_on:
        yield violation("/recorded_on", "before-plan", "An outcome is not recorded before the plan came into force.")
    yield from _results(outcome, plan)
    yield from _improvements(outcome, codes)


def _results(outcome: PlanOutcome, plan: Plan) -> Iterator[Violation]:
    seen: set[RiskId] = set()
    for index, each in enumerate(outcome.results):
        if each.risk_id not in plan.content.risk_ids:
            yield violation(f"/results/{index}/risk_id", "risk-not-in-plan", "The plan does not answer this risk.")
        if each.risk_id in seen:
            yield violation(f"/results/{index}/risk_id", "duplicate", "One result for each risk.")
        seen.add(each.risk_id)
    if missing := set(plan.content.risk_ids) - seen:
        yield violation("/results", "missing-risk", f"Results are missing for {len(missing)} of the plan's risks.")


def _improvements(outcome: PlanOutcome, codes: CodeLists) -> Iterator[Violation]:
    for index, code in enumerate(outcome.improvements):
        if not codes.valid("improvements", code, outcome.recorded_on):
            yield violation(f"/improvements/{index}", "unknown-code", f"No improvement {code}.")
        if code in outcome.improvements[:index]:
            yield violation(f"/improvements/{index}", "duplicate", "An improvement is named once.")


def check_year_outcome(outcome: YearOutcome, *, codes: CodeLists, today: date) -> YearOutcome:
    """Raise Invalid unless leaving early has its date, within the school year, and its reason, and nothing else has them."""
    check(_year_violations(outcome, codes, today))
    return outcome


def _year_violations(outcome: YearOutcome, codes: CodeLists, today: date) -> Iterator[Violation]:
    if outcome.recorded_on > today:
        yield violation("/recorded_on", "in-the-future", "An outcome is recorded when it is known.")
    elif outcome.recorded_on < outcome.school_year.period.start:
        yield violation("/recorded_on", "before-school-year", "The school year had not begun.")
    if outcome.result is YearResult.LEFT_EARLY:
        yield from _leaving(outcome, codes, today)
        return
    for pointer, value in (("/left_on", outcome.left_on), ("/leaving_reason", outcome.leaving_reason)):
        if value is not None:
            yield violation(pointer, "only-when-leaving", "Only LEFT_EARLY has a date and a reason.")


def _leaving(outcome: YearOutcome, codes: CodeLists, today: date) -> Iterator[Violation]:
    if outcome.left_on is None:
        yield violation("/left_on", "required", "Leaving early has a date.")
    elif outcome.left_on not in outcome.school_year.period:
        yield violation("/left_on", "outside-school-year", f"The date lies in school year {outcome.school_year}.")
    elif outcome.left_on > today:
        yield violation("/left_on", "in-the-future", "Leaving early is recorded when it has happened.")
    if outcome.leaving_reason is None:
        yield violation("/leaving_reason", "required", "Leaving early has a reason.")
    elif not codes.valid("leaving-reasons", outcome.leaving_reason, outcome.recorded_on):
        yield violation("/leaving_reason", "unknown-code", f"No leaving reason {outcome.leaving_reason}.")
