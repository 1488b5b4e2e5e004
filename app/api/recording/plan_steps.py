"""The steps of a plan's life: who may take which, and when, is a table of the domain. Each is kept in the plan's history."""

from datetime import date

from app.api.transactions import Transaction
from app.db import circumstances, persons, plan_steps, plans, risks
from app.domain import plan_steps as rules
from app.domain.closings import demand_may_end, demand_may_take, demand_open
from app.domain.deeds import Action
from app.domain.enrolments import Enrolment
from app.domain.errors import check
from app.domain.plan_steps import Step, StepTaken, chain_state
from app.domain.plans import Content, Plan, PlanState, content_violations


async def take(tx: Transaction, plan: Plan, step: Step, reason: str | None = None) -> Plan:
    """One step of a plan, which is locked, or of its revision under way."""
    demand_may_take(plan, step, await tx.closed_semesters())
    age = await _age(tx, plan) if step is Step.SUBMIT else None
    facts = await circumstances.of_plan(tx.connection, plan, tx.reference, age=age)
    moved = rules.take(plan, step, by=tx.actor, on=tx.today, circumstances=facts, reason=reason)
    deed = tx.deed(Action.DECIDE, "plan", plan, reason=reason)
    saved = await plans.change(tx.connection, moved, deed, content=moved.content != plan.content)
    number = plan.revision.number if plan.revision is not None else plan.revision_number
    await plan_steps.add(
        tx.connection, saved, _taken(tx, plan, step, number=number, to=chain_state(moved), reason=reason)
    )
    return saved


async def revise(tx: Transaction, plan: Plan, content: Content, reason: str) -> Plan:
    """Propose other content for an active plan, which is locked."""
    demand_open(plan.semester, await tx.closed_semesters())
    revised = rules.revise(plan, content, reason)
    known = frozenset(each.id for each in await risks.of_students(tx.connection, [plan.student_id]))
    check(content_violations(content, known, tx.reference.code_lists, tx.today))
    return await plans.change(tx.connection, revised, tx.deed(Action.CHANGE, "plan", plan, reason=reason))


async def end_with_enrolment(tx: Transaction, enrolment: Enrolment, on: date) -> None:
    """The enrolment has ended on that day: so does the plan that is open there, if there is one."""
    plan = await plans.open_of(tx.connection, enrolment.student_id, enrolment.institution_id, lock=True)
    if plan is None:
        return
    demand_may_end(plan, await tx.closed_semesters())
    ended = rules.end_with_enrolment(plan, on)
    saved = await plans.change(tx.connection, ended, tx.deed(Action.CHANGE, "plan", ended, reason=ended.end_reason))
    taken = _taken(tx, plan, Step.DISCONTINUE, number=plan.revision_number, to=ended.state, reason=ended.end_reason)
    await plan_steps.add(tx.connection, saved, taken)


def _taken(tx: Transaction, plan: Plan, step: Step, *, number: int, to: PlanState, reason: str | None) -> StepTaken:
    return StepTaken(
        step=step,
        revision_number=number,
        from_state=chain_state(plan),
        to_state=to,
        on=tx.today,
        role=tx.actor.role,
        subject=tx.actor.subject,
        reason=reason,
    )


async def _age(tx: Transaction, plan: Plan) -> int | None:
    """The student's age on the plan's first day, from what the institution itself has stated of the person."""
    person = await persons.find(tx.connection, tx.register.sealer, plan.student_id, plan.institution_id)
    return None if person is None else person.age_on(plan.period.start)
