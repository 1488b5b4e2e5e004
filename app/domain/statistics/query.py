"""A question to the statistics, as it was asked. `app/domain/statistics/rules.py` says whether it has an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.regions import RegionScheme
from app.domain.statistics.definitions import DELIVERY, RISK, Dimension, Measure

CodeValue = str | int
Where = Mapping[Dimension, tuple[CodeValue, ...]]


class Borders(StrEnum):
    """AT_THE_TIME: a plan and all that hangs on it belongs to where its institution lay on the plan's first day."""

    AT_THE_TIME = "AT_THE_TIME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`measures` of each group, `totals` of everything that the groups cover; what is in neither is not computed.

    `where`: codes by dimension, as text, institutions and grades as numbers. A dimension that is absent filters nothing.
    `participating_on` is the day for INSTITUTIONS_PARTICIPATING, and concerns no other measure.
    """

    by: tuple[Dimension, ...] = ()
    where: Where = field(default_factory=dict)
    participating_on: date | None = None
    measures: frozenset[Measure] = frozenset()
    totals: frozenset[Measure] = frozenset()
    with_groups: bool = True
    scheme: RegionScheme = RegionScheme.PLANNING
    borders: Borders = Borders.AT_THE_TIME

    @property
    def asked(self) -> frozenset[Measure]:
        return self.measures | self.totals

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """All that it groups or filters by."""
        return frozenset(self.by) | frozenset(self.where)

    @property
    def by_risk(self) -> bool:
        return bool(self.dimensions & RISK)

    @property
    def by_delivery(self) -> bool:
        return bool(self.dimensions & DELIVERY)
