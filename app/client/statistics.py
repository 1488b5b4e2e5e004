"""Asks for figures: keyword arguments become the parameters of the address, and the answer becomes rows."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypedDict

from .calls import Caller
from .frames import frame_of
from .steps import Exchange, Send

Code = str | int | bool | date
Filter = Code | Sequence[Code | None]
"""One code, several, or of a range the pair of its ends, where None is open."""
Cell = str | int | Decimal | None
"""Of a row; yes and no are bool, which is an int. Hours, EUR and shares are Decimal: nothing is rounded on the way."""
Row = Mapping[str, Cell]

PATH: Final = "/v1/statistics"
KEPT, ROWS_KEPT = 100, 50_000
"""Answers that a client keeps, to be told that they still hold, and rows of all of them: of large ones it keeps fewer."""
_UNCHANGED: Final = 304
_RANGE, _NOT = "_range", "not_"
_OF_ADDRESSES: Final = frozenset({"explain", "format", "delimiter"})
"""They ask for something else than figures in JSON, which is what is read here."""


class Question(TypedDict, total=False):
    """As the reference of `GET /v1/statistics` tells. `having` says for measures the lowest and the highest value, None where open, or is
    written as in an address (`STUDENTS:10..`); `order` names measures or dimensions, with `-` from the highest down; `subtotals` is a list
    of parts of `by`; `where` is a whole filter of `and`, `or` and `not`.
    """

    by: str | Sequence[str]
    measures: str | Sequence[str]
    where: Mapping[str, Any]
    having: Mapping[str, tuple[Decimal | float | None, Decimal | float | None]] | str | Sequence[str]
    order: str | Sequence[str]
    first: int
    after: str
    totals: bool
    subtotals: str | Sequence[str | Sequence[str]]
    comparison: str
    with_empty: bool
    region_scheme: str
    as_of: date
    participating_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtotals:
    by: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """`rows`: one for each group, with the code, and beside it the name, of each dimension, and a value for each measure. A rate has
    four more: its numerator and denominator, and the ends of its interval of 95 %. Of the period before they begin with `previous_`.

    `source` is EXACT, or RELEASES for whoever is outside the programme: then each measure has a standard error, and whether it is too small
    to be told, beside it (`students_standard_error`, `students_small`), and `releases` are the ids of those that the answer is from.

    `etag` names the data behind it. `unchanged`: the register was asked again and said that they are what they were.
    """

    rows: tuple[Row, ...]
    totals: Row | None
    subtotals: tuple[Subtotals, ...]
    by: tuple[str, ...]
    measures: tuple[str, ...]
    group_count: int
    has_next: bool
    end_cursor: str | None
    etag: str
    source: str
    releases: tuple[str, ...]
    unchanged: bool = False

    def dataframe(self, library: str = "pandas") -> Any:  # noqa: ANN401 - of a library that may not be there
        """The rows as a data frame of pandas or of polars. Raises MissingLibrary where it is not installed."""
        return frame_of(self.rows, library)


@dataclass(slots=True)
class Asking:
    """Remembers answers with their tags: asked again, the register tells in a few bytes that nothing has changed."""

    caller: Caller
    _kept: "OrderedDict[tuple[tuple[str, str], ...], Statistics]" = field(default_factory=OrderedDict)

    def ask(self, asked: Mapping[str, Any]) -> Exchange[Any, Statistics]:
        params = tuple(parameters(asked))
        known = self._kept.get(params)
        headers = {"accept": "application/json", **({"if-none-match": known.etag} if known is not None else {})}
        answer = yield from self.caller.call(Send(method="GET", path=PATH, params=params, headers=headers))
        if known is not None and answer.status == _UNCHANGED:
            self._kept.move_to_end(params)
            return replace(known, unchanged=True)
        found = _statistics(json.loads(answer.content), answer.headers.get("etag", ""))
        if found.etag:
            self._kept[params] = found
            self._kept.move_to_end(params)
            while len(self._kept) > KEPT or sum(map(_size, self._kept.values())) > ROWS_KEPT:
                self._kept.popitem(last=False)
        return found


def _size(found: Statistics) -> int:
    return len(found.rows) + sum(len(each.rows) for each in found.subtotals)


def parameters(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names as the address has them: `school_years` is `schoolYears`, and `not_school_years` is `not.schoolYears`.

    Raises TypeError for what is of addresses alone, ValueError for a range or a bound without two ends.
    """
    for name in asked.keys() & _OF_ADDRESSES:
        raise TypeError(f"statistics() takes no {name}: it answers rows and data frames. Ask {PATH} itself for that.")
    for name, value in asked.items():
        yield from _said(name, value) if name in Question.__annotations__ else _filtered(name, value)


def _filtered(name: str, value: Filter) -> Iterator[tuple[str, str]]:
    plain = name.removeprefix(_NOT)
    prefix = "not." if plain != name else ""
    if plain.endswith(_RANGE):
        yield f"{prefix}{_camel(plain)}", "..".join(_text(end) for end in _pair(plain, value))
    else:
        yield f"{prefix}{_camel(plain)}", ",".join(map(_text, _listed(value)))


def _said(name: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - of a question
    match name:
        case "where":
            yield name, json.dumps(value, default=_text)
        case "having" if isinstance(value, Mapping):
            bounds = (f"{measure}:{'..'.join(map(_text, _pair(measure, ends)))}" for measure, ends in value.items())
            yield name, ",".join(bounds)
        case "subtotals":
            yield from ((name, ",".join(map(_text, _listed(part)))) for part in _listed(value))
        case _:
            yield _camel(name), ",".join(map(_text, _listed(value)))


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, Iterable) and not isinstance(value, str) else (value,)


def _pair(name: str, value: object) -> Iterable[object]:
    ends = tuple(_listed(value))
    if len(ends) != len(("low", "high")):
        raise ValueError(f"{name} is a pair of its ends, such as (5, 9) or (5, None)")
    return ends


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case float() | Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _statistics(told: Mapping[str, Any], etag: str) -> Statistics:
    page = told["page"]
    return Statistics(
        rows=tuple(map(_row, told["groups"])),
        totals=None if told["totals"] is None else _figures(told["totals"], told["totals_margins"]),
        subtotals=tuple(
            Subtotals(by=tuple(each["by"]), rows=tuple(map(_row, each["groups"]))) for each in told["subtotals"]
        ),
        by=tuple(told["by"]),
        measures=tuple(told["measures"]),
        group_count=page["group_count"],
        has_next=page["has_next"],
        end_cursor=page["end_cursor"],
        etag=etag,
        source=told["source"],
        releases=tuple(each["id"] for each in told["releases"]),
    )


def _row(group: Mapping[str, Any]) -> Row:
    row: dict[str, Cell] = {}
    for name, label in group["key"].items():
        row[name] = None if label is None else label["code"]
        row[f"{name}_name"] = None if label is None else label["name"]
    row.update(_figures(group["values"], group["margins"]))
    row.update(_values("previous_", group["previous"] or {}))
    return row


def _figures(values: Mapping[str, Any], margins: Mapping[str, Any] | None) -> dict[str, Cell]:
    """Margins are told of releases alone."""
    told = dict(_values("", values))
    for name, margin in (margins or {}).items():
        told.update(_values("", {f"{name}_{part}": each for part, each in (margin or {}).items()}))
    return told


def _values(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    """What is a text here is a decimal number."""
    for name, value in values.items():
        parts = value if isinstance(value, dict) else {"value": value}
        for part, number in parts.items():
            suffix = "" if part == "value" else f"_{part}"
            yield f"{prefix}{name}{suffix}", Decimal(number) if isinstance(number, str) else number
