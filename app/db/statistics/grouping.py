"""How a statement is grouped: by the dimensions asked, and in the same pass as a whole where totals are asked as well."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, func, literal, tuple_

from app.domain.statistics.definitions import Dimension
from app.domain.statistics.group_rules import MAX_GROUPS
from app.domain.statistics.query import Query

TOTAL = "is_total"


def grouped(
    statement: Select[*tuple[Any, ...]], query: Query, columns: Mapping[Dimension, ColumnElement[Any]]
) -> Select[*tuple[Any, ...]]:
    """Rows of `is_total` (1 or 0), the measures, and a column named as each dimension. At most one group more than is allowed."""
    if not columns or not query.with_groups:
        return statement.add_columns(literal(1, Integer).label(TOTAL))
    keys = list(columns.values())
    labelled = [column.label(dimension) for dimension, column in columns.items()]
    if query.totals:
        sets = func.grouping_sets(tuple_(*keys), tuple_())
        # The total is one row more, and comes first, so that the limit cannot cut it off.
        is_total = func.sign(func.grouping(*keys))
        statement = statement.add_columns(is_total.label(TOTAL), *labelled).group_by(sets).order_by(is_total.desc())
        return statement.limit(MAX_GROUPS + 2)
    return statement.add_columns(literal(0, Integer).label(TOTAL), *labelled).group_by(*keys).limit(MAX_GROUPS + 1)
