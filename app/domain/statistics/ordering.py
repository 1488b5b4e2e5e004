"""The order of groups: by what was asked, then by their keys, so that it is the same each time."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Group, InstitutionName, KeyValue, Value, number_of
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Direction, Order


class Place(NamedTuple):
    """Where a value stands among others. What is without one comes last, in either direction."""

    without: bool = False
    number: int | Decimal = 0
    text: str = ""


Position = tuple[Place, ...]
_WITHOUT: Final = Place(without=True)


class Ordering:
    """By `order`, then by key: places in Latvian alphabetical order, codes in the order of their list, times from old to new, what is
    without last. A measure that groups are ordered by is among their values.
    """

    def __init__(self, by: Sequence[Dimension], order: Sequence[Order], reference: ReferenceData) -> None:
        self._by = tuple(by)
        self._steps = (*order, *(Order(by=each) for each in by))
        self._orders = [_order(each, reference) for each in by]

    def position(self, group: Group) -> Position:
        keys = [_place(value, order) for value, order in zip(group.key, self._orders, strict=True)]
        return tuple(
            _measured(group.values[step.by]) if isinstance(step.by, Measure) else keys[self._by.index(step.by)]
            for step in self._steps
        )

    def in_order(self, groups: Iterable[Group]) -> list[Group]:
        placed = [(self.position(group), group) for group in groups]
        for index, step in reversed(list(enumerate(self._steps))):
            descending = step.direction is Direction.DESCENDING
            placed.sort(key=lambda each: _turned(each[0][index], turn=descending), reverse=descending)
        return [group for _, group in placed]

    def is_after(self, group: Group, position: Position) -> bool:
        """Whether the group stands after that position."""
        for step, mine, other in zip(self._steps, self.position(group), position, strict=True):
            if mine != other:
                descending = step.direction is Direction.DESCENDING
                first, second = _turned(mine, turn=descending), _turned(other, turn=descending)
                return first < second if descending else first > second
        return False


def _turned(place: Place, *, turn: bool) -> Place:
    return place._replace(without=not place.without) if turn else place


def _measured(value: Value) -> Place:
    number = number_of(value)
    return _WITHOUT if number is None else Place(number=number)


def _place(value: KeyValue, order: Mapping[str, str | int]) -> Place:
    match value:
        case None:
            return _WITHOUT
        case InstitutionName():
            return Place(text=f"{value.sort_key}\0{value.id:010}")
        case int():
            return Place(number=value)
        case str() if order:
            place = order.get(value)
            # A code without a place in its order, such as UNASSIGNED, comes after all that have one.
            return Place(number=len(order), text=value) if place is None else _listed(place, value)
        case _:
            return Place(text=value)


def _listed(place: str | int, code: str) -> Place:
    return Place(number=place) if isinstance(place, int) else Place(text=f"{place}\0{code}")


def _order(dimension: Dimension, reference: ReferenceData) -> Mapping[str, str | int]:
    code_list = DIMENSIONS[dimension].code_list
    if code_list is not None:
        return {code.code: index for index, code in enumerate(reference.code_lists[code_list])}
    if dimension is Dimension.REGION:
        # Some codes are in several schemes.
        codes = dict.fromkeys(region.code for region in reference.geography.regions)
        return {code: index for index, code in enumerate(codes)}
    if dimension is Dimension.MUNICIPALITY:
        return {each.code: each.sort_key for each in reference.geography.municipalities}
    return {}
