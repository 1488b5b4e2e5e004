"""A condition as SQL. What has no code satisfies no list and no range, and so satisfies what is not one."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, any_, false, func, literal, not_, or_, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.statistics.conditions import All, Any_, Between, Condition, In, Not
from app.domain.statistics.definitions import Dimension

Columns = Mapping[Dimension, ColumnElement[Any]]


def satisfied(condition: Condition, columns: Columns) -> ColumnElement[bool]:
    """Of a row with these columns. NULL says no, as WHERE takes it."""
    match condition:
        case In():
            return columns[condition.dimension].in_(condition.codes)
        case Between():
            column = columns[condition.dimension]
            low = true() if condition.low is None else column >= condition.low
            high = true() if condition.high is None else column <= condition.high
            return and_(low, high, column.is_not(None))
        case Not():
            return not_(func.coalesce(satisfied(condition.condition, columns), false()))
        case All():
            return and_(true(), *(satisfied(each, columns) for each in condition.conditions))
        case Any_():
            return or_(false(), *(satisfied(each, columns) for each in condition.conditions))


def within(
    rows: Select[*tuple[Any, ...]],
    condition: Condition | None,
    columns: Columns,
    institution_id: ColumnElement[int],
    institution_ids: Collection[int] | None,
) -> Select[*tuple[Any, ...]]:
    """Within the condition, and within the scope: said here besides in the policies, the planner knows how few rows those are."""
    if condition is not None:
        rows = rows.where(satisfied(condition, columns))
    if institution_ids is not None:
        rows = rows.where(institution_id == any_(literal(list(institution_ids), ARRAY(Integer))))
    return rows
