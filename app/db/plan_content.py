"""What a plan contains, to and from the database: rows while it is in force, JSON while a revision is under way."""

from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Select, Text, Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.db.tables import plan, plan_provider, plan_risk, planned_measure
from app.domain.ids import RiskId
from app.domain.plans import Content, Plan, PlannedMeasure, PlanState, Revision
from app.domain.support import Support


@cache
def with_content() -> Select[Any]:
    """Plans with their risks, planned measures and providers, in one statement however many plans there are."""
    risk_ids = select(plan_risk.c.risk_id).where(_of_plan(plan_risk)).order_by(plan_risk.c.position)
    measure = func.json_build_array(
        planned_measure.c.risk_id,
        planned_measure.c.support_measure,
        cast(planned_measure.c.hours, Text),
        cast(planned_measure.c.eur, Text),
        planned_measure.c.subject,
        planned_measure.c.specialist,
    )
    measures = select(measure).where(_of_plan(planned_measure)).order_by(planned_measure.c.position)
    providers = (
        select(plan_provider.c.staff_member).where(_of_plan(plan_provider)).order_by(plan_provider.c.staff_member)
    )
    return select(
        plan,
        func.array(risk_ids.scalar_subquery(), type_=ARRAY(Uuid)).label("risk_ids"),
        func.array(measures.scalar_subquery(), type_=ARRAY(JSON)).label("measures"),
        func.array(providers.scalar_subquery(), type_=ARRAY(Text)).label("providers"),
    )


def _of_plan(part: Any) -> Any:  # noqa: ANN401 - any table of a plan's parts
    return (part.c.plan_id == plan.c.id) & (part.c.student_id == plan.c.student_id)


def content_of(row: Any) -> Content:  # noqa: ANN401 - a row of `with_content`
    return Content(
        risk_ids=tuple(RiskId(each) for each in row.risk_ids),
        planned_measures=tuple(_measure(each) for each in row.measures),
    )


def _measure(fields: list[Any]) -> PlannedMeasure:
    risk_id, measure, hours, eur, subject, specialist = fields
    return PlannedMeasure(
        risk_id=RiskId(UUID(risk_id)),
        support=Support(
            measure=measure, hours=_amount(hours), eur=_amount(eur), subject=subject, specialist=specialist
        ),
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _fields(each: PlannedMeasure) -> list[str | None]:
    support = each.support
    hours, eur = (None if amount is None else str(amount) for amount in (support.hours, support.eur))
    return [str(each.risk_id), support.measure, hours, eur, support.subject, support.specialist]


def risk_rows(each: Plan) -> list[dict[str, Any]]:
    return [
        _part(each) | {"risk_id": risk_id, "position": index} for index, risk_id in enumerate(each.content.risk_ids)
    ]


def measure_rows(each: Plan) -> list[dict[str, Any]]:
    return [
        _part(each)
        | {
            "position": index,
            "risk_id": measure.risk_id,
            "support_measure": measure.support.measure,
            "subject": measure.support.subject,
            "specialist": measure.support.specialist,
            "hours": measure.support.hours,
            "eur": measure.support.eur,
        }
        for index, measure in enumerate(each.content.planned_measures)
    ]


def provider_rows(each: Plan) -> list[dict[str, Any]]:
    return [_part(each) | {"staff_member": staff_member} for staff_member in each.providers]


def _part(each: Plan) -> dict[str, Any]:
    return {"plan_id": each.id, "student_id": each.student_id, "institution_id": each.institution_id}


def revision_json(revision: Revision | None) -> dict[str, Any] | None:
    if revision is None:
        return None
    return {
        "number": revision.number,
        "state": revision.state.value,
        "reason": revision.reason,
        "risk_ids": [str(each) for each in revision.content.risk_ids],
        "measures": [_fields(each) for each in revision.content.planned_measures],
    }


def revision_of(stored: dict[str, Any] | None) -> Revision | None:
    if stored is None:
        return None
    return Revision(
        number=stored["number"],
        state=PlanState(stored["state"]),
        reason=stored["reason"],
        content=Content(
            risk_ids=tuple(RiskId(UUID(each)) for each in stored["risk_ids"]),
            planned_measures=tuple(_measure(each) for each in stored["measures"]),
        ),
    )
