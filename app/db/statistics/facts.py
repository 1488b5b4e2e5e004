"""Figures from facts: whole plans where the question is about plans, else their parts by risk or by what was delivered."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from app.db.statistics.borders import Borders
from app.db.statistics.conditions import within
from app.db.statistics.figures import FIGURES, Adds, added_columns
from app.db.statistics.parts import Part, Rows
from app.db.statistics.rollup import rolled_up
from app.db.statistics.sources import FLAGS, Source, coarsest, joined, plan_columns
from app.db.tables import statistics_plan
from app.domain.statistics.definitions import Measure


def fact_figures(
    part: Part,
    borders: Borders,
    measures: Collection[Measure],
    *,
    institution_ids: Collection[int] | None,
) -> Select[*tuple[Any, ...]]:
    source = coarsest(part)
    columns = {**source.dimensions, **plan_columns(part, borders)}
    counts = _counts(part, source)
    keys = [columns[each].label(each) for each in part.by]
    values = [_value(each, source, counts).label(each) for each in sorted(measures)]
    plan = statistics_plan.c
    rows = select(*keys, plan.student_id, plan.plan_id, *values).select_from(joined(source, part, borders))
    rows = within(rows, part.where, columns, plan.institution_id, institution_ids)
    rows = rows.where(_there(part, source, counts, measures))
    return rolled_up(rows, part.by, measures, of_plans=source.of_plans)


def _counts(part: Part, source: Source) -> ColumnElement[bool]:
    """Whether a row makes its plan count."""
    match part.rows:
        case Rows.PLAN:
            return true()
        case Rows.RISK:
            return source.sums["risks"] > 0
        case Rows.DELIVERY:
            return source.sums["attended"] > 0


def _there(
    part: Part, source: Source, counts: ColumnElement[bool], measures: Collection[Measure]
) -> ColumnElement[bool]:
    """Rows that make a group: those that count, and, asked for what was planned or not attended, those that have some."""
    if part.rows is not Rows.DELIVERY:
        return counts
    return or_(counts, *(source.sums[name] != 0 for name in added_columns(measures)))


def _value(measure: Measure, source: Source, counts: ColumnElement[bool]) -> ColumnElement[Any]:
    figure = FIGURES[measure]
    if isinstance(figure, Adds):
        first, *others = (source.sums[name] for name in figure.columns)
        return sum(others, start=first)
    return and_(counts, FLAGS[figure.flag])
