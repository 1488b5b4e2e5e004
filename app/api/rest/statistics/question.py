"""Reads a question from the parameters of an address. Trees are read as GraphQL's are, and rules are the same."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from app.api.rest.statistics.parameters import NOT, example
from app.api.rest.statistics.places import at_their_parameters
from app.api.well_formed import read_json
from app.domain.errors import Invalid, Violation, violation
from app.domain.reference import ReferenceData
from app.domain.regions import RegionScheme
from app.domain.statistics.conditions import All, Condition
from app.domain.statistics.definitions import NUMBERS, Coding, Dimension, DimensionDefinition, Measure
from app.domain.statistics.dimensions import LISTS, RANGES
from app.domain.statistics.holding import besides
from app.domain.statistics.query import Bound, Comparison, Direction, Order, Query
from app.domain.statistics.reading import Where, read_where
from app.domain.statistics.rules import check_query
from app.domain.suggestions import did_you_mean
from app.domain.written import DAY_WORDS, read_day, read_decimal

DEFAULT_MEASURES: Final = (Measure.STUDENTS, Measure.PLANS)
_WHOLE: Final = re.compile(r"[0-9]{1,10}")
_BOUND: Final = re.compile(r"([A-Z_]+):([-0-9.]*?)\.\.([-0-9.]*)")
Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)


def read_question(sent: Iterable[tuple[str, str]], reference: ReferenceData) -> Query:
    """Raises Invalid with everything that cannot be read, and all else that makes it no question."""
    reader = _Reader(sent)
    query = reader.query()
    try:
        return check_query(query, reference, reader.faults)
    except Invalid as error:
        raise at_their_parameters(error, reader.places) from error


class _Reader:
    """Of one address. Faults are gathered; `places` says of the items of a list that could be read where they stand."""

    def __init__(self, sent: Iterable[tuple[str, str]]) -> None:
        self._sent: dict[str, list[str]] = {}
        for name, value in sent:
            self._sent.setdefault(name, []).append(value)
        self.faults: list[Violation] = []
        self.places: dict[str, list[int]] = {}

    def query(self) -> Query:
        by = self._choices("by", Dimension)
        measures = frozenset(self._choices("measures", Measure) if "measures" in self._sent else DEFAULT_MEASURES)
        comparison = self._choice("comparison", Comparison)
        scheme = self._choice("regionScheme", RegionScheme)
        where = self._where()
        # Which regions there are is not known where the scheme cannot be read.
        regions = frozenset([Dimension.REGION] if scheme is None and "regionScheme" in self._sent else [])
        return Query(
            by=by,
            where=besides(where.condition, regions) if regions else where.condition,
            having=self._kept("having", self._bounds()),
            order=self._kept("orderBy", self._orders()),
            first=self._one("first", _number, "not-a-number", "This is a whole number."),
            after=self._one("after", str, "", ""),
            measures=measures,
            totals=measures if self._yes("totals") else frozenset(),
            subtotals=dict.fromkeys(self._subtotals(), measures),
            comparison=comparison,
            previous=measures if comparison else frozenset(),
            with_empty=self._yes("withEmpty"),
            scheme=scheme or RegionScheme.PLANNING,
            as_of=self._day("asOf"),
            participating_on=where.participating_on,
        )

    def _fault(self, at: str, code: str, message: str) -> None:
        """What else is wrong at the same place is not told."""
        place = f"not/{at.removeprefix(NOT)}" if at.startswith(NOT) else at
        self.faults.append(violation(f"/query/{place}", code, message))

    def _kept(self, name: str, read: Iterable[tuple[int, Value]]) -> tuple[Value, ...]:
        found = list(read)
        self.places[name] = [index for index, _ in found]
        return tuple(each for _, each in found)

    def _items(self, name: str) -> list[str]:
        """By commas, by repeating the parameter, or both. An empty one is told, and keeps its place."""
        items = [item.strip() for value in self._sent.get(name, []) for item in value.split(",")]
        for index, item in enumerate(items):
            if not item:
                self._fault(f"{name}/{index}", "empty", "This item of the list is empty.")
        return items

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
        return self._one(name, read_day, "not-a-date", DAY_WORDS)

    def _choice(self, name: str, kind: type[Choice]) -> Choice | None:
        return self._one(name, kind, "enum", f"One of {', '.join(kind)}.")

    def _choices(self, name: str, kind: type[Choice]) -> tuple[Choice, ...]:
        items = enumerate(self._items(name))
        return self._kept(
            name, ((index, kind(item)) for index, item in items if self._is(item, f"{name}/{index}", kind))
        )

    def _is(self, item: str, at: str, *kinds: type[StrEnum]) -> bool:
        """Whether it is the name of a measure or a dimension, as is wanted there."""
        known = [str(each) for kind in kinds for each in kind]
        if item not in known:
            nouns = " or ".join(kind.__name__.lower() for kind in kinds)
            message = f"There is no such {nouns}.{did_you_mean(item, known)} There are {', '.join(known)}."
            self._fault(at, "unknown-name", message)
        return item in known

    def _bounds(self) -> Iterator[tuple[int, Bound]]:
        for index, item in enumerate(self._items("having")):
            at = f"having/{index}"
            found = _BOUND.fullmatch(item)
            if found is None:
                self._fault(at, "not-a-bound", "A bound is written STUDENTS:10..100.")
            elif self._is(found[1], at, Measure):
                try:
                    low, high = (read_decimal(each) if each else None for each in (found[2], found[3]))
                except ValueError:
                    self._fault(at, "not-a-number", "An end of a bound is a number.")
                else:
                    yield index, Bound(measure=Measure(found[1]), at_least=low, at_most=high)

    def _orders(self) -> Iterator[tuple[int, Order]]:
        for index, item in enumerate(self._items("order")):
            name = item.removeprefix("-")
            if self._is(name, f"order/{index}", Measure, Dimension):
                by = Measure(name) if name in list(Measure) else Dimension(name)
                yield index, Order(by=by, direction=Direction.DESCENDING if name != item else Direction.ASCENDING)

    def _subtotals(self) -> Iterator[tuple[Dimension, ...]]:
        """Each time it is said one part of `by`."""
        for index, value in enumerate(self._sent.get("subtotals", [])):
            items = [item.strip() for item in value.split(",")]
            named = [self._is(item, f"subtotals/{index}/{place}", Dimension) for place, item in enumerate(items)]
            if all(named):
                yield tuple(Dimension(item) for item in items)

    def _where(self) -> Where:
        """All that is said of rows, from lists, from ranges and from a tree."""
        said: list[tuple[dict[str, object], str]] = [({"participatingOn": self._day("participatingOn")}, "/query")]
        filters = [
            (prefix, name) for name in (*LISTS, *RANGES) for prefix in ("", NOT) if f"{prefix}{name}" in self._sent
        ]
        for prefix, name in filters:
            if (value := self._filter(prefix, name)) is not None:
                said += [({name: value} if not prefix else {"not": {name: value}}, "/query")]
        if (tree := self._tree()) is not None:
            said.append((tree, "/query/where"))
        read = [read_where(words, at) for words, at in said]
        self.faults += [fault for each in read for fault in each.faults]
        days = [each.participating_on for each in read if each.participating_on is not None]
        if len(days) > 1:
            self._fault("where/participatingOn", "duplicate", "This is said once.")
        conditions = tuple(each.condition for each in read if each.condition is not None)
        return Where(condition=_all_of(conditions), participating_on=days[0] if days else None)

    def _tree(self) -> dict[str, object] | None:
        sent = self._one("where", str, "", "")
        if sent is None:
            return None
        try:
            tree = read_json(sent)
        except Invalid as error:
            self.faults += [
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
            self._fault(name, "not-a-range", f"A range is written {example(definition)}; either end may be left out.")
            return None
        return {"from": _code(definition, low) if low else None, "to": _code(definition, high) if high else None}


def _all_of(conditions: tuple[Condition, ...]) -> Condition | None:
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else All(conditions=conditions)


def _code(definition: DimensionDefinition, written: str) -> object:
    return int(written) if definition.coding in NUMBERS and _WHOLE.fullmatch(written) else written


def _number(written: str) -> int:
    if not _WHOLE.fullmatch(written):
        raise ValueError(written)
    return int(written)


def _truth(written: str) -> bool:
    if written not in ("true", "false"):
        raise ValueError(written)
    return written == "true"
