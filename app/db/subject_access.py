"""Everything that a scope sees of one student, a statement for each kind of record."""

from collections import defaultdict

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, enrolments, interventions, outcomes, plan_steps, plans, risks
from app.domain.deeds import Deed
from app.domain.ids import PlanId, StudentId
from app.domain.plan_steps import StepTaken
from app.domain.subject_access import Held


async def held(connection: AsyncConnection, student_id: StudentId) -> Held:
    planned = await plans.of_students(connection, [student_id])
    plan_ids = [each.id for each in planned]
    steps: dict[PlanId, list[StepTaken]] = defaultdict(list)
    for plan_id, step in await plan_steps.of_plans(connection, plan_ids):
        steps[plan_id].append(step)
    return Held(
        enrolments=await enrolments.of_students(connection, [student_id]),
        risks=await risks.of_students(connection, [student_id]),
        plans=planned,
        steps=steps,
        interventions=await interventions.of_plans(connection, plan_ids),
        outcomes=[
            *await outcomes.of_plans(connection, plan_ids),
            *await outcomes.of_students(connection, [student_id]),
        ],
    )


async def answered(connection: AsyncConnection, deed: Deed) -> None:
    """In the transaction that read it: nothing is handed out unless that is kept."""
    await audit.record(connection, deed)
