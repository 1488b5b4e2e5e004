"""An answer as a flat table: a column for each code, name and number, a row for each group, subtotal and total."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from app.api.languages import Language
from app.domain.statistics.answer import Answer, Group, InstitutionName, KeyValue, Value, Values, number_of
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import HUNDREDTHS, Coding, Dimension, Measure
from app.domain.statistics.estimates import Estimate, RateEstimate
from app.domain.statistics.names import NAMED, Names
from app.domain.statistics.query import Query
from app.domain.statistics.rates import Rate

Cell = str | int | Decimal | None
"""Yes and no are bool, which is an int."""
ROW: Final = "row"
"""Of which kind a row is, where there are others than groups."""


class Kind(Enum):
    """HUNDREDTHS, THOUSANDTHS and SHARE are decimals of two, three and four places."""

    CODE = auto()
    NAME = auto()
    NUMBER = auto()
    TRUTH = auto()
    HUNDREDTHS = auto()
    THOUSANDTHS = auto()
    SHARE = auto()


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind


_RATE: Final[Mapping[str, tuple[Kind, Callable[[Rate | RateEstimate], Cell]]]] = {
    "": (Kind.SHARE, lambda rate: rate.value),
    "_numerator": (Kind.NUMBER, lambda rate: number_of(rate.numerator)),
    "_denominator": (Kind.NUMBER, lambda rate: number_of(rate.denominator)),
    "_low": (Kind.SHARE, lambda rate: rate.low),
    "_high": (Kind.SHARE, lambda rate: rate.high),
}
_CODED: Final[Mapping[Coding, Kind]] = {
    Coding.INSTITUTION: Kind.NUMBER,
    Coding.NUMBER: Kind.NUMBER,
    Coding.YES_OR_NO: Kind.TRUTH,
}


class Table:
    """Of one answer, in one language. Measures are in the order of the catalogue."""

    def __init__(self, query: Query, answer: Answer, names: Names, language: Language) -> None:
        self._query = query
        self._answer = answer
        self._names = names
        self._language = language
        self._measures = [each for each in MEASURES if each in query.measures]
        self._compares = query.comparison is not None
        self._released = bool(answer.releases)
        self._has_others = bool(query.totals or query.subtotals)

    def columns(self) -> list[Column]:
        found = [Column(ROW, Kind.CODE)] if self._has_others else []
        for each in self._query.by:
            coding = DIMENSIONS[each].coding
            found.append(Column(each.lower(), _CODED.get(coding, Kind.CODE)))
            if coding in NAMED:
                found.append(Column(f"{each.lower()}_name", Kind.NAME))
        for prefix in ("", "previous_")[: 1 + self._compares]:
            found += [column for each in self._measures for column in self._columns_of(each, prefix)]
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
                yield None if value is None else number_of(value)
            else:
                is_rate = isinstance(value, Rate | RateEstimate)
                yield from (read(value) if is_rate else None for _, read in _RATE.values())  # type: ignore[arg-type]  # it is one
            if self._released:
                margin = margin_of(value)
                yield from (None, None) if margin is None else (margin["standard_error"], margin["small"])

    def _columns_of(self, measure: Measure, prefix: str) -> Iterator[Column]:
        """Those of releases come with an error each, and whether they are too small to be told."""
        name = f"{prefix}{measure.lower()}"
        yield from _columns_of(measure, name)
        if self._released:
            kind = Kind.THOUSANDTHS if MEASURES[measure].share is None else Kind.SHARE
            yield from (Column(f"{name}_standard_error", kind), Column(f"{name}_small", Kind.TRUTH))


def _columns_of(measure: Measure, name: str) -> Iterator[Column]:
    if MEASURES[measure].share is not None:
        yield from (Column(f"{name}{suffix}", kind) for suffix, (kind, _) in _RATE.items())
    else:
        yield Column(name, Kind.HUNDREDTHS if MEASURES[measure].unit in HUNDREDTHS else Kind.NUMBER)


def label_of(dimension: Dimension, value: KeyValue, names: Names, language: Language) -> tuple[str | int, str] | None:
    """The code of a key and what it is called."""
    if value is None:
        return None
    if isinstance(value, InstitutionName):
        return value.id, value.name
    name = names.of(dimension, value)
    return value, name.lv if language is Language.LV else name.en


def told_of(value: Value) -> dict[str, Cell] | Cell:
    """As JSON has it."""
    if not isinstance(value, Rate | RateEstimate):
        return number_of(value)
    return {
        "value": value.value,
        "numerator": number_of(value.numerator),
        "denominator": number_of(value.denominator),
        "low": value.low,
        "high": value.high,
    }


def margin_of(value: Value | None) -> dict[str, Cell] | None:
    """How sure an estimate is; None of an exact value."""
    if not isinstance(value, Estimate | RateEstimate):
        return None
    return {"standard_error": value.standard_error, "small": value.small}
