"""What the register answers: groups with their key, in a stable order, and totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.code_lists import InstitutionKind
from app.domain.ids import InstitutionId
from app.domain.reference import ReferenceData
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.rates import Rate

Value = int | Decimal | Rate
Values = Mapping[Measure, Value]
"""Only what was asked. Counts are int, hours and EUR Decimal with two decimals."""


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
    on all of them.
    """

    by: tuple[Dimension, ...]
    groups: tuple[Group, ...]
    totals: Values
    subtotals: Mapping[tuple[Dimension, ...], tuple[Group, ...]] = field(default_factory=dict)
    end_cursor: str | None = None
    has_next: bool = False
    group_count: int = 0


def in_order(by: Sequence[Dimension], groups: Iterable[Group], reference: ReferenceData) -> tuple[Group, ...]:
    """By key: places in Latvian alphabetical order, codes in the order of their list, times from old to new, what is without last."""
    orders = [_order(dimension, reference) for dimension in by]

    def place(group: Group) -> tuple[tuple[bool, str | int, str], ...]:
        return tuple(_place(value, order) for value, order in zip(group.key, orders, strict=True))

    return tuple(sorted(groups, key=place))


def _place(value: KeyValue, order: Mapping[str, str | int]) -> tuple[bool, str | int, str]:
    match value:
        case None:
            return (True, 0, "")
        case InstitutionName():
            return (False, value.sort_key, f"{value.id:010}")
        case int():
            return (False, value, "")
        case str() if order:
            # A code without a place in its order, such as UNASSIGNED, comes after all that have one.
            return (value not in order, order.get(value, 0), value)
        case _:
            return (False, value, "")


def _order(dimension: Dimension, reference: ReferenceData) -> Mapping[str, str | int]:
    code_list = DIMENSIONS[dimension].code_list
    if code_list is not None:
        return {code.code: index for index, code in enumerate(reference.code_lists[code_list])}
    if dimension is Dimension.REGION:
        return {region.code: index for index, region in enumerate(reference.geography.regions)}
    if dimension is Dimension.MUNICIPALITY:
        return {each.code: each.sort_key for each in reference.geography.municipalities}
    return {}
