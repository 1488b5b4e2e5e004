"""A question to the statistics, as it was asked. `app/domain/statistics/rules.py` says whether it has an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.regions import RegionScheme
from app.domain.statistics.conditions import Condition, dimensions_of
from app.domain.statistics.definitions import Dimension, Measure


class Comparison(StrEnum):
    """PREVIOUS_SCHOOL_YEAR: the year before; of a semester, the same semester one year earlier."""

    PREVIOUS_SEMESTER = "PREVIOUS_SEMESTER"
    PREVIOUS_SCHOOL_YEAR = "PREVIOUS_SCHOOL_YEAR"


class Direction(StrEnum):
    ASCENDING = "ASCENDING"
    DESCENDING = "DESCENDING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """By a measure of the groups, or by a dimension that they are grouped by."""

    by: Measure | Dimension
    direction: Direction = Direction.ASCENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Groups whose measure lies within, both ends included. Of a rate its value, from 0 to 1; one without a denominator is in no bound."""

    measure: Measure
    at_least: Decimal | None = None
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is in neither `measures`, `totals`, `subtotals` nor `previous` is not computed.

    `measures` are those of each group, `totals` of everything that `where` covers, `subtotals` of groups by a part of `by`, `previous` of
    each group in the period before (`comparison` says which). `having`, `order`, `first` and `after` concern the groups alone; after
    `order`, groups are in the order of their keys. `after` is a cursor of the same question.

    `with_empty` adds the groups without anything: every combination of codes that `where` leaves. `participating_on` is the day for
    INSTITUTIONS_PARTICIPATING, and concerns no other measure. `as_of` is the day whose borders count, None for those at the time: a plan
    and all that hangs on it belongs to where its institution lay on the plan's first day.
    """

    by: tuple[Dimension, ...] = ()
    where: Condition | None = None
    having: tuple[Bound, ...] = ()
    order: tuple[Order, ...] = ()
    first: int | None = None
    after: str | None = None
    measures: frozenset[Measure] = frozenset()
    totals: frozenset[Measure] = frozenset()
    with_groups: bool = True
    subtotals: Mapping[tuple[Dimension, ...], frozenset[Measure]] = field(default_factory=dict)
    comparison: Comparison | None = None
    previous: frozenset[Measure] = frozenset()
    with_empty: bool = False
    scheme: RegionScheme = RegionScheme.PLANNING
    as_of: date | None = None
    participating_on: date | None = None

    @property
    def asked(self) -> frozenset[Measure]:
        """All measures that anything of the answer is computed from."""
        return self.of_groups.union(self.totals, self.previous, *self.subtotals.values())

    @property
    def of_groups(self) -> frozenset[Measure]:
        """Measures that each group needs: those that it shows, and those that it is chosen and ordered by."""
        ordering = {each.by for each in self.order if isinstance(each.by, Measure)}
        return self.measures | ordering | {each.measure for each in self.having}

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """All that it groups or filters by."""
        return frozenset(self.by) | dimensions_of(self.where)
