"""The question in an address, and what its answer tells in each of the forms."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import OK, UNPROCESSABLE_ENTITY
from io import BytesIO, StringIO
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

from pyarrow import parquet

from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Coding
from tests.attack.pairs.question import Known, Question
from tests.attack.pairs.told import PAGE, PLAIN, RATE, ROWS, Row, Told, Value, text, written
from tests.attack.pairs.words import Tree, Words
from tests.matrix.asgi import Answer, Request

_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
FORMS: Final = tuple(_TYPES)
_DEFAULTS: Final = {"regionScheme": "PLANNING", "withEmpty": "false", "explain": "false"}
_LISTS: Final = {each.filter_name: each.coding is Coding.YES_OR_NO for each in DIMENSIONS.values()}
_RANGES: Final = {each.range_name for each in DIMENSIONS.values()}
Table = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A question as it is asked over REST. `by`: as it is grouped by here."""

    question: Question
    form: str
    sign: str
    language: str
    by: tuple[str, ...]
    query: str
    headers: Mapping[str, str]

    def request(self, token: Mapping[str, str]) -> Request:
        return Request(method="GET", path="/v1/statistics", query=self.query, headers={**token, **self.headers})

    def told(self, answer: Answer) -> Told:
        if answer.status == UNPROCESSABLE_ENTITY:
            return Told.refusal(each["code"] for each in json.loads(answer.body)["violations"])
        assert answer.status == OK, (self.query, answer.body)
        by = ",".join(self.by)
        parts, following = {f"{self.form}{self.sign} {self.language} by {by}": answer.body}, None
        if self.form == "json":
            body = json.loads(answer.body)
            rows = list(_of_json(self, body))
            page = body["page"]
            parts[f"{PAGE} by {by}"] = json.dumps([page["group_count"], page["has_next"], page["end_cursor"]]).encode()
            following = page["end_cursor"] if page["has_next"] else None
        else:
            rows = [self._row(each) for each in _READERS[self.form](answer.body, self.sign)]
        rows_told = written(rows, in_any_order=self.question.in_any_order)
        return Told(parts=parts | {ROWS: rows_told}, next_page=following)

    def _row(self, cells: Mapping[str, Any]) -> Row:
        values = {}
        for measure in self.question.measures:
            name = measure.lower()
            parts = PLAIN if MEASURES[measure].share is None else RATE
            values[name] = {part: text(cells[name if part == "value" else f"{name}_{part}"]) for part in parts}
        return cells.get("row", "GROUP"), {each: text(cells[each]) for each in self.by}, values


def an_address(chance: Random, question: Question, known: Known) -> Address:
    form, sign = chance.choice(FORMS), chance.choice((";", ","))
    by = list(question.by)
    if question.in_any_order:
        chance.shuffle(by)
    headers = {} if (language := chance.choice(("", "en", "lv"))) == "" else {"Accept-Language": language}
    said = [
        *_listed(chance, "by", by),
        *_listed(chance, "measures", chance.sample(question.measures, len(question.measures))),
    ]
    said += _filters(chance, Words(chance, known).filter(question.left))
    said += [("order", f"{'-' if each.descending else ''}{each.by}") for each in question.order]
    if question.at_least is not None:
        said.append(("having", f"{question.at_least[0]}:{question.at_least[1]}.."))
    if question.first is not None:
        said.append(("first", str(question.first)))
    if question.after is not None:
        said.append(("after", question.after))
    if question.subtotal is not None:
        said.append(("subtotals", ",".join(question.subtotal)))
    if question.totals or chance.random() < 0.2:
        said.append(("totals", str(question.totals).lower()))
    said += [each for each in _DEFAULTS.items() if chance.random() < 0.2]
    if chance.random() < 0.3:
        headers["Accept"] = _TYPES[form]
    elif form != "json" or chance.random() < 0.5:
        said.append(("format", form))
    if form == "csv" and (sign == "," or chance.random() < 0.5):
        said.append(("delimiter", "comma" if sign == "," else "semicolon"))
    return Address(
        question=question,
        form=form,
        sign=sign if form == "csv" else "",
        language=language or "en",
        by=tuple(each.lower() for each in by),
        query=urlencode(_in_any_order(chance, said)),
        headers=headers,
    )


def _in_any_order(chance: Random, said: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """But for what is said several times: there the first comes first."""
    order = chance.sample(range(len(said)), len(said))
    places: dict[str, list[int]] = {}
    for at in order:
        places.setdefault(said[at][0], []).append(at)
    ordered = {name: iter(sorted(each)) for name, each in places.items()}
    return [said[next(ordered[said[at][0]])] for at in order]


def _listed(chance: Random, name: str, items: list[Any]) -> Iterator[tuple[str, str]]:
    """By commas, or by repeating it."""
    if chance.random() < 0.5:
        yield from ((name, str(each)) for each in items)
    elif items:
        yield name, ",".join(map(str, items))


def _filters(chance: Random, tree: Tree) -> Iterator[tuple[str, str]]:
    """What has a parameter of its own in it, or not; the rest as a tree."""
    rest = {}
    for word, value in tree.items():
        if chance.random() < 0.3:
            rest[word] = value
        elif word == "not" and len(value) == 1 and (only := next(iter(value))) in _LISTS | dict.fromkeys(_RANGES):
            if _LISTS.get(only):
                rest[word] = value
            else:
                yield from _parameter(chance, f"not.{only}", value[only])
        elif word in _LISTS or word in _RANGES:
            yield from _parameter(chance, word, value)
        else:
            rest[word] = value
    if rest:
        yield "where", json.dumps(rest)


def _parameter(chance: Random, name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield name, f"{value.get('from', '')}..{value.get('to', '')}"
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield from _listed(chance, name, value)


def _of_json(address: Address, body: Any) -> Iterator[Row]:
    for group in body["groups"]:
        yield _json_row(address, "GROUP", group["key"], group["values"], group["margins"])
    for part in body["subtotals"]:
        for group in part["groups"]:
            yield _json_row(address, "SUBTOTAL", group["key"], group["values"], group["margins"])
    if body["totals"] is not None:
        yield _json_row(address, "TOTAL", {}, body["totals"], body["totals_margins"])


def _json_row(address: Address, kind: str, key: Any, values: Any, margins: Any) -> Row:
    codes = {each: None if key.get(each) is None else text(key[each]["code"]) for each in address.by}
    figures = {}
    for measure in address.question.measures:
        name = measure.lower()
        value = {"value": values[name]} if MEASURES[measure].share is None else values[name]
        figures[name] = {part: text(each) for part, each in {**value, **margins[name]}.items()}
    return kind, codes, figures


def _of_csv(body: bytes, sign: str) -> Iterator[Mapping[str, Value]]:
    for row in csv.DictReader(StringIO(body.decode("utf-8-sig"), newline=""), delimiter=sign, strict=True):
        yield {name: None if cell == "" else cell.replace(",", ".") for name, cell in row.items()}


def _of_ndjson(body: bytes, _sign: str) -> Table:
    return map(json.loads, body.splitlines())


def _of_parquet(body: bytes, _sign: str) -> Table:
    found: list[dict[str, Any]] = parquet.read_table(BytesIO(body)).to_pylist()
    return found


_READERS: Final[Mapping[str, Callable[[bytes, str], Table]]] = {
    "csv": _of_csv,
    "ndjson": _of_ndjson,
    "parquet": _of_parquet,
}
