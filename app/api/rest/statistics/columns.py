"""An answer as a flat table: a column for each code, name and number, a row for each group, subtotal and total."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from app.api.languages import Language
from app.domain.statistics.answer import Answer, Group, InstitutionName, KeyValue, Value, Values
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Coding, Dimension, Measure, MeasureUnit
from app.domain.statistics.names import NAMED, Names
from app.domain.statistics.query import Query
from app.domain.statistics.rates import Rate

Cell = str | int | Decimal | None
"""Yes and no are bool, which is an int."""
ROW: Final = "row"
"""Of which kind a row is, where there are others than groups."""


class Kind(Enum):
    """HUNDREDTHS and SHARE are decimals of two and of four places."""

    CODE = auto()
    NAME = auto()
    NUMBER = auto()
    TRUTH = auto()
    HUNDREDTHS = auto()
    SHARE = auto()


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind


_RATE: Final[Mapping[str, tuple[Kind, Callable[[Rate], Cell]]]] = {
    "": (Kind.SHARE, lambda rate: rate.value),
    "_numerator": (Kind.NUMBER, lambda rate: rate.numerator),
    "_denominator": (Kind.NUMBER, lambda rate: rate.denominator),
    "_low": (Kind.SHARE, lambda rate: rate.low),
    "_high": (Kind.SHARE, lambda rate: rate.high),
}
_CODED: Final[Mapping[Coding, Kind]] = {
    Coding.INSTITUTION: Kind.NUMBER,
    Coding.NUMBER: Kind.NUMBER,
    Coding.YES_OR_NO: Kind.TRUTH,
}
_HUNDREDTHS: Final = frozenset({MeasureUnit.TEACHING_HOUR, MeasureUnit.EUR})


class Table:
    """Of one answer, in one language. Measures are in the order of the catalogue."""

    def __init__(self, query: Query, answer: Answer, names: Names, language: Language) -> None:
        self._query = query
        self._answer = answer
        self._names = names
        self._language = language
        self._measures = [each for each in MEASURES if each in query.measures]
        self._compares = query.comparison is not None
        self._has_others = bool(query.totals or query.subtotals)

    def columns(self) -> list[Column]:
        found = [Column(ROW, Kind.CODE)] if self._has_others else []
        for each in self._query.by:
            coding = DIMENSIONS[each].coding
            found.append(Column(each.lower(), _CODED.get(coding, Kind.CODE)))
            if coding in NAMED:
                found.append(Column(f"{each.lower()}_name", Kind.NAME))
        for prefix in ("", "previous_")[: 1 + self._compares]:
            found += [column for each in self._measures for column in _columns_of(each, prefix)]
        return found

    def rows(self) -> Iterator[list[Cell]]:
        for group in self._answer.groups:
            yield self._row("GROUP", self._query.by, group)
        for by, groups in self._answer.subtotals.items():
            for group in groups:
                yield self._row("SUBTOTAL", by, group)
        if self._query.totals:
            yield self._row("TOTAL", (), Group(key=(), values=self._answer.totals))

    def _row(self, kind: str, by: Sequence[Dimension], group: Group) -> list[Cell]:
        cells: list[Cell] = [kind] if self._has_others else []
        key = dict(zip(by, group.key, strict=True))
        for each in self._query.by:
            cells += self._key(each, key.get(each))
        cells += self._values(group.values)
        if self._compares:
            cells += self._values(group.previous)
        return cells

    def _key(self, dimension: Dimension, value: KeyValue) -> list[Cell]:
        label = label_of(dimension, value, self._names, self._language)
        named = DIMENSIONS[dimension].coding in NAMED
        return [*(label or (None, None))][: 1 + named]

    def _values(self, values: Values | None) -> Iterator[Cell]:
        for each in self._measures:
            value = None if values is None else values[each]
            if MEASURES[each].share is None:
                yield None if isinstance(value, Rate) else value
            else:
                yield from (read(value) if isinstance(value, Rate) else None for _, read in _RATE.values())


def _columns_of(measure: Measure, prefix: str) -> Iterator[Column]:
    name = f"{prefix}{measure.lower()}"
    if MEASURES[measure].share is not None:
        yield from (Column(f"{name}{suffix}", kind) for suffix, (kind, _) in _RATE.items())
    else:
        yield Column(name, Kind.HUNDREDTHS if MEASURES[measure].unit in _HUNDREDTHS else Kind.NUMBER)


def label_of(dimension: Dimension, value: KeyValue, names: Names, language: Language) -> tuple[str | int, str] | None:
    """The code of a key and what it is called."""
    if value is None:
        return None
    if isinstance(value, InstitutionName):
        return value.id, value.name
    name = names.of(dimension, value)
    return value, name.lv if language is Language.LV else name.en


def rate_of(value: Value) -> dict[str, Cell] | Value:
    """As JSON has it."""
    if not isinstance(value, Rate):
        return value
    return {
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "low": value.low,
        "high": value.high,
    }
