"""The history of a plan: every step it has taken, in order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import plan_step
from app.domain.actors import Role
from app.domain.ids import PlanId
from app.domain.plan_steps import Step, StepTaken
from app.domain.plans import Plan, PlanState


async def of_plans(connection: AsyncConnection, plan_ids: Sequence[PlanId]) -> Sequence[tuple[PlanId, StepTaken]]:
    """Every step of these plans, each plan's in its order."""
    query = (
        select(plan_step).where(plan_step.c.plan_id.in_(plan_ids)).order_by(plan_step.c.plan_id, plan_step.c.position)
    )
    return [(PlanId(row.plan_id), _of(row)) for row in await connection.execute(query)]


def _of(row: Row[Any]) -> StepTaken:
    return StepTaken(
        step=Step(row.step),
        revision_number=row.revision_number,
        from_state=PlanState(row.from_state),
        to_state=PlanState(row.to_state),
        on=row.taken_on,
        role=Role(row.role),
        subject=row.subject,
        reason=row.reason,
    )


async def add(connection: AsyncConnection, each: Plan, taken: StepTaken) -> None:
    """One more line. The plan is locked, so nobody else counts at the same time."""
    counted = select(func.count()).select_from(plan_step).filter_by(plan_id=each.id, student_id=each.student_id)
    position = (await connection.execute(counted)).scalar_one() + 1
    await connection.execute(insert(plan_step).values(values(each, taken, position)))


def values(each: Plan, taken: StepTaken, position: int) -> dict[str, Any]:
    """The row of a step, by column."""
    return {
        "plan_id": each.id,
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "position": position,
        "revision_number": taken.revision_number,
        "step": taken.step,
        "from_state": taken.from_state,
        "to_state": taken.to_state,
        "taken_on": taken.on,
        "role": taken.role,
        "subject": taken.subject,
        "reason": taken.reason,
    }
