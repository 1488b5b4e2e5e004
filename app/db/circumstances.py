"""What a decision on a plan depends on, gathered from the institution, its participations and the enrolment."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import enrolments, institutions, participations, partners
from app.domain.participations import takes_part
from app.domain.plan_steps import Circumstances
from app.domain.plans import Plan
from app.domain.reference import ReferenceData


async def of_plan(
    connection: AsyncConnection, plan: Plan, reference: ReferenceData, *, age: int | None
) -> Circumstances:
    """As things stood on the plan's first day; the end of the enrolment as it is recorded now. `age` in years on that day, where the caller may know it."""
    institution = await institutions.get(connection, plan.institution_id)
    enrolment = await enrolments.get(connection, plan.enrolment_id)
    periods = await participations.of_institution(connection, plan.institution_id, plan.programme)
    participation = takes_part(periods, plan.period.start)
    partner = None if participation is None else await partners.get(connection, participation.partner_id)
    return Circumstances(
        programme=reference.programmes[plan.programme],
        kind=institution.kind,
        grade=enrolment.grade,
        enrolment_lasts=enrolment.period.end is None,
        participating=participation is not None,
        own_partner=partner is not None and partner.institution_id == plan.institution_id,
        age=age,
    )
