"""Interventions added up to plans, before anything is joined: millions of rows become as many as there are plans."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, select

from app.db.statistics.lists import lists_of
from app.db.tables import intervention
from app.domain.interventions import Attendance
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query

COLUMNS: dict[Dimension, ColumnElement[str]] = {
    Dimension.SUPPORT_MEASURE: intervention.c.support_measure,
    Dimension.SUBJECT: intervention.c.subject,
    Dimension.SPECIALIST: intervention.c.specialist,
    Dimension.DELIVERY_MODE: intervention.c.mode,
}
_ATTENDED = intervention.c.attendance == Attendance.ATTENDED
_SUMS: dict[Measure, ColumnElement[Any]] = {
    Measure.INTERVENTIONS: func.count().filter(_ATTENDED),
    Measure.NOT_ATTENDED: func.count().filter(~_ATTENDED),
    Measure.DELIVERED_HOURS: func.sum(intervention.c.hours).filter(_ATTENDED),
    Measure.CONSULTATIONS: func.count(intervention.c.hours).filter(_ATTENDED),
    Measure.EUR: func.sum(intervention.c.eur).filter(_ATTENDED),
}
MEASURES = frozenset(_SUMS)


def deliveries(query: Query, plans: CTE | None) -> Select[*tuple[Any, ...]]:
    """One row for each plan (and risk, and delivery dimension, where asked), with a column named as each measure.

    `plans` limits it to these plans. INTERVENTIONS is always there: it tells whether anything was delivered at all.
    """
    keys: list[ColumnElement[Any]] = [intervention.c.plan_id]
    if query.by_risk:
        keys.append(intervention.c.risk_id)
    keys += [COLUMNS[each].label(each) for each in query.by if each in COLUMNS]
    measures = (query.asked & MEASURES) | {Measure.INTERVENTIONS}
    statement = select(*keys, *(_SUMS[each].label(each) for each in sorted(measures))).group_by(*keys)
    if plans is not None:
        statement = statement.join(plans, plans.c.id == intervention.c.plan_id)
    if Measure.NOT_ATTENDED not in measures:
        statement = statement.where(_ATTENDED)
    for dimension, codes in lists_of(query).items():
        if dimension in COLUMNS:
            statement = statement.where(COLUMNS[dimension].in_(codes))
    return statement
