"""Plans while they are drafts. The steps of their life are in `plan_steps`."""

from collections.abc import Iterable
from dataclasses import replace

from app.api.transactions import Transaction
from app.db import enrolments, plans, risks
from app.domain.calendar import Semester
from app.domain.closings import demand_may_end, demand_open
from app.domain.deeds import Action
from app.domain.errors import Violation, check, violation
from app.domain.ids import PlanId
from app.domain.plans import Plan, check_continuation, check_enrolment_lasts, check_plan


async def locked(tx: Transaction, plan_id: PlanId) -> Plan:
    return await plans.get(tx.connection, plan_id, lock=True)


def demand_known(tx: Transaction, *, programme: str, semester: str) -> Semester:
    """The semester. Raises Invalid where the reference data has no such semester, or no such programme."""
    check(_unknown(tx, programme, semester))
    return Semester.parse(semester)


def _unknown(tx: Transaction, programme: str, semester: str) -> Iterable[Violation]:
    if programme not in tx.reference.programmes:
        yield violation("/programme", "unknown-code", f"No programme {programme}.")
    if semester not in {str(each) for each in tx.reference.semesters}:
        yield violation("/semester", "unknown-code", f"No semester {semester}.")


async def draft(tx: Transaction, plan: Plan) -> Plan:
    """Keep a new draft. Its enrolment is locked, and its programme and semester are known."""
    demand_open(plan.semester, await tx.closed_semesters())
    await _check(tx, plan)
    await plans.add(tx.connection, plan, tx.deed(Action.CREATE, "plan", plan))
    return plan


async def edit(tx: Transaction, current: Plan, stated: Plan) -> Plan:
    """`current` is locked; of `stated`, what a draft can change: content, consent, providers, days, and what it continues."""
    demand_open(current.semester, await tx.closed_semesters())
    edited = current.edit(stated.content, stated.consent, stated.providers, stated.period)
    changed = replace(edited, continues=stated.continues)
    await _check(tx, changed)
    return await plans.change(tx.connection, changed, tx.deed(Action.CHANGE, "plan", current), content=True)


async def remove(tx: Transaction, current: Plan) -> None:
    """Raises Refused unless the plan, which is locked, is a draft."""
    demand_may_end(current, await tx.closed_semesters())
    current.demand_deletable()
    await plans.remove(tx.connection, current, tx.deed(Action.DELETE, "plan", current))


async def _check(tx: Transaction, plan: Plan) -> None:
    enrolment = await enrolments.get(tx.connection, plan.enrolment_id)
    check_enrolment_lasts(enrolment)
    known = await risks.of_students(tx.connection, [plan.student_id])
    check_plan(plan, enrolment=enrolment, risk_ids=frozenset(each.id for each in known), codes=tx.reference.code_lists)
    if plan.continues is not None:
        check_continuation(plan, await plans.get(tx.connection, plan.continues))
