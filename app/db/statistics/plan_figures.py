"""Measures of plans and interventions, in one statement whatever is asked."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Function, Select, and_, func, select

from app.db.statistics import deliveries as delivered
from app.db.statistics.grouping import grouped
from app.db.statistics.lists import risks_asked
from app.db.statistics.plan_facts import is_narrow, plan_facts
from app.db.tables import plan_risk, risk
from app.db.tables.reference import code
from app.domain.reference import ReferenceData
from app.domain.statistics.definitions import Dimension, Grain, Measure
from app.domain.statistics.measures import MEASURES
from app.domain.statistics.query import Query


def plan_figures(
    query: Query, reference: ReferenceData, *, institution_ids: Sequence[int] | None
) -> Select[*tuple[Any, ...]]:
    """`institution_ids` are those in scope, None for all. In a scope that is not the whole country there are so few plans that it pays
    to go from them to their interventions.
    """
    plans = plan_facts(query, reference, institution_ids).cte("plans")
    measures = sorted(each for each in query.asked if MEASURES[each].grain is not Grain.PARTICIPATION)
    sums: CTE | None = None
    if query.by_delivery or delivered.MEASURES & query.asked:
        narrow = institution_ids is not None or is_narrow(query)
        sums = delivered.deliveries(query, plans if narrow else None).cte("sums")
    columns = {each: _column(each, plans, sums) for each in query.by}
    values = [_value(each, query, plans, sums).label(each) for each in measures]
    statement = select(*values).select_from(_source(query, plans, sums))
    risks = risks_asked(query, reference)
    if risks is not None:
        statement = statement.where(risk.c.type.in_(risks))
    return grouped(statement, query, columns)


def _source(query: Query, plans: CTE, sums: CTE | None) -> FromClause:
    source: FromClause = plans
    if query.by_risk:
        source = source.join(plan_risk, _same(plans, plan_risk.c.plan_id, plan_risk.c.student_id))
        source = source.join(risk, and_(risk.c.id == plan_risk.c.risk_id, risk.c.student_id == plan_risk.c.student_id))
        if Dimension.RISK_GROUP in query.by:
            source = source.join(code, and_(code.c.list == "risks", code.c.code == risk.c.type))
    if sums is None:
        return source
    match = sums.c.plan_id == plans.c.id
    if query.by_risk:
        match = and_(match, sums.c.risk_id == plan_risk.c.risk_id)
    # Asked by what was delivered, a plan counts where something was; otherwise a plan without any still is a plan.
    return source.join(sums, match, isouter=not query.by_delivery)


def _same(plans: CTE, plan_id: ColumnElement[Any], student_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(plan_id == plans.c.id, student_id == plans.c.student_id)


def _column(dimension: Dimension, plans: CTE, sums: CTE | None) -> ColumnElement[Any]:
    if dimension is Dimension.RISK:
        return risk.c.type
    if dimension is Dimension.RISK_GROUP:
        return code.c.parent
    if dimension in delivered.COLUMNS:
        assert sums is not None  # noqa: S101 - asking by delivery makes them
        return sums.c[dimension]
    return plans.c[dimension]


def _value(measure: Measure, query: Query, plans: CTE, sums: CTE | None) -> ColumnElement[Any]:
    if measure in delivered.MEASURES:
        assert sums is not None  # noqa: S101 - asking for such a measure makes them
        return func.coalesce(func.sum(sums.c[measure]), 0)
    counted: Function[int] = func.count()
    if measure is Measure.STUDENTS:
        counted = func.count(plans.c.student_id.distinct())
    elif query.by_risk or query.by_delivery:
        counted = func.count(plans.c.id.distinct())
    conditions: list[ColumnElement[bool]] = []
    if measure is Measure.PLANS_CONTINUED:
        conditions.append(plans.c.continued.is_(True))
    if query.by_delivery and sums is not None and Measure.NOT_ATTENDED in query.asked:
        conditions.append(sums.c[Measure.INTERVENTIONS] > 0)
    return counted.filter(*conditions) if conditions else counted
