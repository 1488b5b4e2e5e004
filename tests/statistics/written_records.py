"""What a clerk writes: records of every kind, made at random."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar
from uuid import uuid4

from app.domain.code_lists import DeliveryMode
from app.domain.ids import InterventionId, OutcomeId, RiskId, StudentId
from app.domain.interventions import Attendance, Intervention, Purpose
from app.domain.outcomes import NextStep, PlanOutcome, Result, RiskResult, YearOutcome, YearResult
from app.domain.periods import Period
from app.domain.plans import Content, Plan, PlannedMeasure, PlanState
from app.domain.support import Support

SEMESTERS = ("2020-2", "2021-1", "2021-2")
"""The borders move between the first and the second, and the last two are of one school year."""
RISKS = ("LEARNING_DIFFICULTY", "LOW_ACHIEVEMENT", "PROLONGED_ABSENCE", "LOW_MOTIVATION")
MUNICIPALITIES = ("0700200", "0010000", "0250000")
SUPPORTS = (
    Support(measure="SUBJECT_CONSULTATION", hours=Decimal("1.50"), subject="MATHEMATICS"),
    Support(measure="SUBJECT_CONSULTATION", hours=Decimal("0.00"), subject="LATVIAN"),
    Support(measure="CONSULTATIVE_SUPPORT", hours=Decimal("2.25"), specialist="PSYCHOLOGIST"),
    Support(measure="MEALS", eur=Decimal("22.50")),
)


def put_in_force(plan: Plan) -> Plan:
    begun = plan.period.start
    return replace(
        plan, state=PlanState.COMPLETED, activated_on=begun, ended_on=begun + timedelta(days=60), end_reason="DONE"
    )


def some_content(risk_ids: tuple[RiskId, ...], random: Random) -> Content:
    planned = [PlannedMeasure(risk_id=random.choice(risk_ids), support=random.choice(SUPPORTS)) for _ in range(2)]
    return Content(risk_ids=risk_ids, planned_measures=tuple(planned[random.randrange(3) :]))


def some_support(before: Intervention | None, under: Plan, random: Random) -> Intervention:
    support, day = random.choice(SUPPORTS), under.period.start
    return Intervention(
        id=before.id if before else InterventionId(uuid4()),
        student_id=under.student_id,
        institution_id=under.institution_id,
        plan_id=under.id,
        risk_id=random.choice(under.content.risk_ids),
        purpose=Purpose.REMEDIAL,
        support=support,
        period=Period(day, day),
        attendance=random.choice([Attendance.ATTENDED, Attendance.ATTENDED, Attendance.ILL]),
        mode=None if support.hours is None else random.choice(list(DeliveryMode)),
        staff_member=random.choice([None, "T-001", "T-002"]),
        version=before.version if before else 1,
    )


def is_of(outcome: PlanOutcome | YearOutcome, plan: Plan, *, of_year: bool) -> bool:
    if isinstance(outcome, PlanOutcome):
        return not of_year and outcome.plan_id == plan.id
    whose = (outcome.student_id, outcome.institution_id, outcome.school_year)
    return of_year and whose == (plan.student_id, plan.institution_id, plan.semester.school_year)


def some_outcome(
    plan: Plan, before: PlanOutcome | YearOutcome | None, random: Random, *, of_year: bool
) -> PlanOutcome | YearOutcome:
    shared: dict[str, Any] = {
        "id": before.id if before else OutcomeId(uuid4()),
        "student_id": plan.student_id,
        "institution_id": plan.institution_id,
        "recorded_on": plan.period.start,
        "version": before.version if before else 1,
    }
    if of_year:
        result = random.choice([YearResult.PROMOTED, YearResult.REPEATS, YearResult.EMIGRATED])
        return YearOutcome(school_year=plan.semester.school_year, result=result, **shared)
    results = tuple(RiskResult(risk_id=each, result=random.choice(list(Result))) for each in plan.content.risk_ids)
    return PlanOutcome(plan_id=plan.id, results=results, next_step=NextStep.END, **shared)


Key = TypeVar("Key")
Record = TypeVar("Record", bound=Any)


def of_survivor(kept: dict[Key, Record], alias: StudentId, survivor: StudentId) -> dict[Key, Record]:
    """Records of both after a merge: those of the alias have the survivor's id, and a new version."""
    return {
        key: replace(each, student_id=survivor, version=each.version + 1) if each.student_id == alias else each
        for key, each in kept.items()
    }
