"""A part of a question: one table of figures, such as its groups, its totals, or its groups in the period before."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.domain.regions import RegionScheme
from app.domain.statistics.conditions import Condition, dimensions_of
from app.domain.statistics.definitions import DELIVERY, RISK, Dimension, Measure
from app.domain.statistics.query import Query


class Rows(StrEnum):
    """What a question is about decides which plans are in it: all of them, those that answer a risk, or those under which something was
    attended. A total of such a question is about the same ones.
    """

    PLAN = "PLAN"
    RISK = "RISK"
    DELIVERY = "DELIVERY"


@dataclass(frozen=True, kw_only=True)  # not slotted: what follows from it is cached in the instance
class Part:
    """`shift`: so many terms later than they are, rows are counted: 1 makes of the semester before this one."""

    by: tuple[Dimension, ...]
    where: Condition | None
    measures: frozenset[Measure]
    rows: Rows
    scheme: RegionScheme
    as_of: date | None
    participating_on: date | None
    shift: int = 0

    @cached_property
    def dimensions(self) -> frozenset[Dimension]:
        return frozenset(self.by) | dimensions_of(self.where)


def part_of(query: Query, by: tuple[Dimension, ...], measures: frozenset[Measure], *, shift: int = 0) -> Part:
    return Part(
        by=by,
        where=query.where,
        measures=measures,
        rows=rows_of(query),
        scheme=query.scheme,
        as_of=query.as_of,
        participating_on=query.participating_on,
        shift=shift,
    )


def rows_of(query: Query) -> Rows:
    if query.dimensions & DELIVERY:
        return Rows.DELIVERY
    return Rows.RISK if query.dimensions & RISK else Rows.PLAN
