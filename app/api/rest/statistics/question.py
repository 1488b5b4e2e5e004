"""Reads a question from the parameters of an address. Trees are read as GraphQL's are, and rules are the same: only their places differ."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

from app.api.rest.statistics.parameters import LISTS, NOT, RANGES
from app.api.well_formed import read_json
from app.domain.errors import Invalid, Violation, check, violation
from app.domain.regions import RegionScheme
from app.domain.statistics.conditions import All, Condition
from app.domain.statistics.definitions import Coding, Dimension, DimensionDefinition, Measure
from app.domain.statistics.query import Bound, Comparison, Direction, Order, Query
from app.domain.statistics.reading import Where, read_where

DEFAULT_MEASURES: Final = (Measure.STUDENTS, Measure.PLANS)
_NUMBERS: Final = frozenset({Coding.INSTITUTION, Coding.NUMBER})
_WHOLE: Final = re.compile(r"[0-9]{1,10}")
_BOUND: Final = re.compile(r"([A-Z_]+):([0-9.]*?)\.\.([0-9.]*)")
_PLACES: Final = (
    (re.compile(r"^/orderBy/(\d+)/by$"), r"/query/order/\1"),
    (re.compile(r"^/having/(\d+)/measure$"), r"/query/having/\1"),
    (re.compile(r"^/where/participatingOn$"), r"/query/participatingOn"),
    (re.compile(r"^/subtotals/by(/\d+)?$"), r"/query/subtotals"),
    (re.compile(r"^/query/not/"), f"/query/{NOT}"),
    (re.compile(r"^(?!/query)"), r"/query"),
)
Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)


def at_their_parameters(error: Invalid) -> Invalid:
    """The same faults, each at the parameter that says it."""
    return Invalid(
        Violation(pointer=_at_parameter(each.pointer), code=each.code, message=each.message)
        for each in error.violations
    )


def _at_parameter(pointer: str) -> str:
    for pattern, place in _PLACES:
        found, count = pattern.subn(place, pointer)
        if count:
            return found
    return pointer


def read_question(sent: Iterable[tuple[str, str]]) -> Query:
    """Raises Invalid with everything that cannot be read. Whether the question has an answer is for `check_query` to say."""
    return _Reader(sent).query()


class _Reader:
    def __init__(self, sent: Iterable[tuple[str, str]]) -> None:
        self._sent: dict[str, list[str]] = {}
        for name, value in sent:
            self._sent.setdefault(name, []).append(value)
        self._faults: list[Violation] = []

    def query(self) -> Query:
        by = self._choices("by", Dimension)
        measures = frozenset(self._choices("measures", Measure) or DEFAULT_MEASURES)
        comparison = self._choice("comparison", Comparison)
        where = self._where()
        query = Query(
            by=by,
            where=where.condition,
            having=tuple(self._bounds()),
            order=tuple(self._orders()),
            first=self._one("first", _number, "not-a-number", "This is a whole number."),
            after=self._one("after", str, "", ""),
            measures=measures,
            totals=measures if self._yes("totals") else frozenset(),
            subtotals=dict.fromkeys(self._subtotals(), measures),
            comparison=comparison,
            previous=measures if comparison else frozenset(),
            with_empty=self._yes("withEmpty"),
            scheme=self._choice("regionScheme", RegionScheme) or RegionScheme.PLANNING,
            as_of=self._day("asOf"),
            participating_on=where.participating_on,
        )
        check(self._faults)
        return query

    def _fault(self, at: str, code: str, message: str) -> None:
        self._faults.append(violation(f"/query/{at}", code, message))

    def _items(self, name: str) -> list[str]:
        """By commas, by repeating the parameter, or both."""
        items = [item.strip() for value in self._sent.get(name, []) for item in value.split(",")]
        if name in self._sent and not all(items):
            self._fault(name, "empty", "An item of this list is empty.")
        return [item for item in items if item]

    def _one(self, name: str, read: Callable[[str], Value], code: str, message: str) -> Value | None:
        sent = self._sent.get(name, [])
        if len(sent) > 1:
            self._fault(name, "duplicate", "This is said once.")
        if not sent:
            return None
        try:
            return read(sent[0])
        except ValueError:
            self._fault(name, code, message)
            return None

    def _yes(self, name: str) -> bool:
        return self._one(name, _truth, "wrong-type", "This is true or false.") or False

    def _day(self, name: str) -> date | None:
        return self._one(name, _day, "not-a-date", "A date is written 2020-09-01.")

    def _choice(self, name: str, kind: type[Choice]) -> Choice | None:
        return self._one(name, kind, "unknown-code", f"One of {', '.join(kind)}.")

    def _choices(self, name: str, kind: type[Choice]) -> tuple[Choice, ...]:
        found = []
        for index, item in enumerate(self._items(name)):
            if item in list(kind):
                found.append(kind(item))
            else:
                self._fault(f"{name}/{index}", "unknown-code", f"One of {', '.join(kind)}.")
        return tuple(found)

    def _bounds(self) -> Iterable[Bound]:
        for index, item in enumerate(self._items("having")):
            found = _BOUND.fullmatch(item)
            if found is None or found[1] not in list(Measure):
                self._fault(f"having/{index}", "not-a-bound", "A bound is written STUDENTS:10..100.")
                continue
            try:
                low, high = (Decimal(each) if each else None for each in (found[2], found[3]))
            except InvalidOperation:
                self._fault(f"having/{index}", "not-a-number", "An end of a bound is a number.")
            else:
                yield Bound(measure=Measure(found[1]), at_least=low, at_most=high)

    def _orders(self) -> Iterable[Order]:
        for index, item in enumerate(self._items("order")):
            name = item.removeprefix("-")
            kinds: tuple[type[Measure | Dimension], ...] = (Measure, Dimension)
            kind = next((each for each in kinds if name in list(each)), None)
            if kind is None:
                self._fault(f"order/{index}", "unknown-code", "There is no such measure or dimension.")
            else:
                yield Order(by=kind(name), direction=Direction.DESCENDING if name != item else Direction.ASCENDING)

    def _subtotals(self) -> Iterable[tuple[Dimension, ...]]:
        """Each time it is said one part of `by`."""
        for index, value in enumerate(self._sent.get("subtotals", [])):
            items = [item.strip() for item in value.split(",")]
            if all(item in list(Dimension) for item in items):
                yield tuple(Dimension(item) for item in items)
            else:
                self._fault(f"subtotals/{index}", "unknown-code", f"Of {', '.join(Dimension)}.")

    def _where(self) -> Where:
        """All that is said of rows, from lists, from ranges and from a tree."""
        said: list[tuple[dict[str, object], str]] = [({"participatingOn": self._day("participatingOn")}, "/query")]
        for name in [*LISTS, *RANGES]:
            for prefix in ("", NOT):
                if f"{prefix}{name}" in self._sent:
                    value = self._filter(prefix, name)
                    said.append(({name: value} if not prefix else {"not": {name: value}}, "/query"))
        if (tree := self._tree()) is not None:
            said.append((tree, "/query/where"))
        read = [self._read(words, at) for words, at in said]
        days = [each.participating_on for each in read if each.participating_on is not None]
        if len(days) > 1:
            self._fault("where/participatingOn", "duplicate", "This is said once.")
        conditions = tuple(each.condition for each in read if each.condition is not None)
        return Where(condition=_all_of(conditions), participating_on=days[0] if days else None)

    def _read(self, words: dict[str, object], at: str) -> Where:
        try:
            return read_where(words, at)
        except Invalid as error:
            self._faults += at_their_parameters(error).violations
            return Where()

    def _tree(self) -> dict[str, object] | None:
        sent = self._one("where", str, "", "")
        if sent is None:
            return None
        try:
            tree = read_json(sent)
        except Invalid as error:
            self._faults += [
                Violation(pointer="/query/where", code=each.code, message=each.message) for each in error.violations
            ]
            return None
        if not isinstance(tree, dict):
            self._fault("where", "wrong-type", "This is an object.")
            return None
        return tree

    def _filter(self, prefix: str, name: str) -> object:
        """As the reader of trees expects it. What is not as it should be stays a text, and is told there."""
        definition = LISTS.get(name) or RANGES[name]
        if name in RANGES:
            return self._range(f"{prefix}{name}", definition)
        if definition.coding is Coding.YES_OR_NO:
            return self._one(f"{prefix}{name}", _truth, "wrong-type", "This is true or false.")
        return [_code(definition, item) for item in self._items(f"{prefix}{name}")]

    def _range(self, name: str, definition: DimensionDefinition) -> object:
        sent = self._one(name, str, "", "") or ""
        low, dots, high = sent.partition("..")
        if not dots:
            return sent
        return {"from": _code(definition, low) if low else None, "to": _code(definition, high) if high else None}


def _all_of(conditions: tuple[Condition, ...]) -> Condition | None:
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else All(conditions=conditions)


def _code(definition: DimensionDefinition, written: str) -> object:
    return int(written) if definition.coding in _NUMBERS and _WHOLE.fullmatch(written) else written


def _number(written: str) -> int:
    if not _WHOLE.fullmatch(written):
        raise ValueError(written)
    return int(written)


def _truth(written: str) -> bool:
    if written not in ("true", "false"):
        raise ValueError(written)
    return written == "true"


def _day(written: str) -> date:
    found = date.fromisoformat(written)
    if written != found.isoformat():
        raise ValueError(written)
    return found
