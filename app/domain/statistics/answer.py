"""What the register answers: groups with their key, in a stable order, and totals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.code_lists import InstitutionKind
from app.domain.ids import InstitutionId
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.estimates import Estimate, RateEstimate
from app.domain.statistics.rates import Rate

if TYPE_CHECKING:
    from app.domain.releases.release import Release

Value = int | Decimal | Rate | Estimate | RateEstimate
Values = Mapping[Measure, Value]
"""Only what was asked. Counts are int, hours and EUR Decimal with two decimals. Estimates are what releases have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionName:
    id: InstitutionId
    name: str
    kind: InstitutionKind
    sort_key: str


KeyValue = str | int | InstitutionName | None
Key = tuple[KeyValue, ...]
"""One value for each dimension of the question, in its order. None: without a subject, without a municipality and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`previous`: the same of the period before; None unless a comparison was asked for."""

    key: Key
    values: Values
    previous: Values | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`totals` and `subtotals` are empty unless they were asked for. `groups` are those of one page; `group_count` is how many there are
    on all of them. `releases` are those from which it was answered, each of a semester; of exact figures there are none.
    """

    by: tuple[Dimension, ...]
    groups: tuple[Group, ...]
    totals: Values
    subtotals: Mapping[tuple[Dimension, ...], tuple[Group, ...]] = field(default_factory=dict)
    end_cursor: str | None = None
    has_next: bool = False
    group_count: int = 0
    releases: "tuple[Release, ...]" = ()


def number_of(value: Value) -> int | Decimal | None:
    """By which values are compared: of a rate its value. None: of nothing, or not told."""
    return value.value if isinstance(value, Rate | Estimate | RateEstimate) else value
