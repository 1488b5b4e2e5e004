"""Outcomes: of a plan, which is locked with them, or of a student's school year."""

from dataclasses import replace

from app.api.transactions import Transaction
from app.db import outcomes, plans, students
from app.domain.closings import demand_open, semester_of_year
from app.domain.deeds import Action
from app.domain.ids import OutcomeId
from app.domain.outcomes import Outcome, PlanOutcome, YearOutcome, check_plan_outcome, check_year_outcome
from app.domain.plans import Plan


async def locked(tx: Transaction, outcome_id: OutcomeId) -> tuple[Outcome, Plan | None]:
    """The plan before its record: whoever takes both takes them in this order. An outcome never changes its plan, nor its year."""
    seen = await outcomes.get(tx.connection, outcome_id)
    plan = await plans.get(tx.connection, seen.plan_id, lock=True) if isinstance(seen, PlanOutcome) else None
    found = await outcomes.get(tx.connection, outcome_id, lock=True)
    if plan is not None:
        demand_open(plan.semester, await tx.closed_semesters())
    elif isinstance(found, YearOutcome):
        demand_open(semester_of_year(found), await tx.closed_semesters())
    return found, plan


async def add_of_plan(tx: Transaction, outcome: PlanOutcome, plan: Plan) -> PlanOutcome:
    """Keep what came of the plan, which is locked."""
    demand_open(plan.semester, await tx.closed_semesters())
    checked = check_plan_outcome(outcome, plan=plan, codes=tx.reference.code_lists, today=tx.today)
    await outcomes.add(tx.connection, checked, tx.deed(Action.CREATE, "outcome", checked))
    return checked


async def add_of_year(tx: Transaction, outcome: YearOutcome) -> YearOutcome:
    """Keep how the school year ended for a student that the institution has registered itself, under the id that it has now."""
    student_id = await students.demand_own(tx.connection, outcome.student_id, outcome.institution_id)
    demand_open(semester_of_year(outcome), await tx.closed_semesters())
    stated = replace(outcome, student_id=student_id)
    checked = check_year_outcome(stated, codes=tx.reference.code_lists, today=tx.today)
    await outcomes.add(tx.connection, checked, tx.deed(Action.CREATE, "outcome", checked))
    return checked


async def change(tx: Transaction, stated: Outcome, plan: Plan | None) -> Outcome:
    """`stated` is what the outcome shall be; it comes with the plan as `locked` tells it."""
    codes = tx.reference.code_lists
    if isinstance(stated, YearOutcome):
        check_year_outcome(stated, codes=codes, today=tx.today)
    else:
        assert plan is not None  # noqa: S101 - the outcome of a plan comes with it, see `locked`
        check_plan_outcome(stated, plan=plan, codes=codes, today=tx.today)
    return await outcomes.change(tx.connection, stated, tx.deed(Action.CHANGE, "outcome", stated))


async def remove(tx: Transaction, current: Outcome) -> None:
    """`current` is locked."""
    await outcomes.remove(tx.connection, current, tx.deed(Action.DELETE, "outcome", current))
