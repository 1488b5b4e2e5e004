"""Which records of a set a source has sent, and are not ended yet: looked for from the records, which are indexed by institution."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import enrolment, intervention, outcome, plan, risk, source_key
from app.domain.calendar import Semester
from app.domain.ids import InstitutionId
from app.domain.plans import PlanState
from app.domain.sync import ItemType

Ids = Select[tuple[UUID]]


def _enrolments(institution_id: InstitutionId, semester: Semester) -> Ids:
    where = (enrolment.c.valid_from <= semester.end, enrolment.c.valid_to.is_(None))
    return select(enrolment.c.id).where(enrolment.c.institution_id == institution_id, *where)


def _risks(institution_id: InstitutionId, semester: Semester) -> Ids:
    where = (risk.c.identified_on <= semester.end, risk.c.resolved_on.is_(None))
    return select(risk.c.id).where(risk.c.institution_id == institution_id, *where)


def _plans(institution_id: InstitutionId, semester: Semester) -> Ids:
    going_on = plan.c.state.not_in([PlanState.COMPLETED, PlanState.DISCONTINUED])
    return select(plan.c.id).where(_of_semester(institution_id, semester), going_on)


def _interventions(institution_id: InstitutionId, semester: Semester) -> Ids:
    """A plan lies within its semester, and what is delivered under it within the plan."""
    under = (plan.c.id == intervention.c.plan_id) & (plan.c.student_id == intervention.c.student_id)
    return select(intervention.c.id).join(plan, under).where(_of_semester(institution_id, semester))


def _outcomes(institution_id: InstitutionId, semester: Semester) -> Ids:
    of_plans = select(plan.c.id).where(_of_semester(institution_id, semester))
    of_either = or_(outcome.c.plan_id.in_(of_plans), outcome.c.school_year == str(semester.school_year))
    return select(outcome.c.id).where(outcome.c.institution_id == institution_id, of_either)


def _of_semester(institution_id: InstitutionId, semester: Semester) -> ColumnElement[bool]:
    return and_(plan.c.institution_id == institution_id, plan.c.semester == str(semester))


_SETS: dict[ItemType, Callable[[InstitutionId, Semester], Ids]] = {
    ItemType.ENROLMENT: _enrolments,
    ItemType.RISK: _risks,
    ItemType.PLAN: _plans,
    ItemType.INTERVENTION: _interventions,
    ItemType.OUTCOME: _outcomes,
}


async def sent(
    connection: AsyncConnection, item_type: ItemType, institution_id: InstitutionId, semester: Semester
) -> dict[str, UUID]:
    """The source's own ids of the set's records, in their order. Enrolments and risks are of every semester in which they go on."""
    those = _SETS[item_type](institution_id, semester).subquery()
    query = (
        select(source_key.c.external_id, source_key.c.record_id)
        .join(those, those.c.id == source_key.c.record_id)
        .where(source_key.c.type == item_type)
        .order_by(source_key.c.external_id)
    )
    return {row.external_id: row.record_id for row in await connection.execute(query)}
