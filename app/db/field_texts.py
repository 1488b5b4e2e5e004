"""One field of a record as PostgreSQL writes it: as JSON, and as the value of a cell in a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from sqlalchemy import Column

from app.db.tables.code import Code


class Kind(Enum):
    """What a table has to take care of: decimals of an AMOUNT, and what people wrote, in one LINE or in a PARAGRAPH of several; and
    the type of a column that has types. PLAIN is a text that nobody wrote: an id, or JSON. A CODE is one of a few.
    """

    PLAIN = auto()
    CODE = auto()
    NUMBER = auto()
    TRUTH = auto()
    DAY = auto()
    AMOUNT = auto()
    LINE = auto()
    PARAGRAPH = auto()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of a code that is kept as a number: the column, and what its numbers mean."""

    column: str
    codes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Field:
    """`json`: the expression of its JSON; `cell`: of its value in a table, NULL where there is none."""

    json: str
    cell: str
    kind: Kind = Kind.PLAIN
    numbers: Numbers | None = None


def quoted(value: str, kind: Kind = Kind.PLAIN) -> Field:
    """Of what needs no escapes: ids, dates, numbers, codes. `to_json` would take several times as long."""
    return Field(f"""coalesce('"' || {value} || '"', 'null')""", value, kind)


def amount(value: str) -> Field:
    return quoted(value, Kind.AMOUNT)


def day(value: str) -> Field:
    return quoted(value, Kind.DAY)


def one_of_few(value: str) -> Field:
    """A code that is kept as its text, and whose list, if it has one, allows no sign that JSON would escape."""
    return quoted(value, Kind.CODE)


def as_json(value: str, kind: Kind = Kind.PLAIN) -> Field:
    """Of texts and lists."""
    return Field(f"coalesce(to_json({value})::text, 'null')", value, kind)


def line(value: str) -> Field:
    return as_json(value, Kind.LINE)


def paragraph(value: str) -> Field:
    return as_json(value, Kind.PARAGRAPH)


def truth(value: str) -> Field:
    return Field(as_json(value).json, f"{value}::text", Kind.TRUTH)


def number(value: str) -> Field:
    return Field(value, value, Kind.NUMBER)


def part(json: str) -> Field:
    """Of a part of the record with fields or items of its own: it stays JSON in a table, too."""
    return Field(json, json)


def code(column: Column[str]) -> Field:
    """A code from its number: the codes of the list as a constant array."""
    kind = column.type
    assert isinstance(kind, Code)  # noqa: S101 - as the tables say
    codes = {number: code for code, number in kind.numbers().items() if number is not None and code is not None}
    constant = ",".join(codes.get(number, "") for number in range(1, max(codes) + 1))
    text = one_of_few(f"('{{{constant}}}'::text[])[{column}]")
    return replace(text, numbers=Numbers(str(column), codes))


def _object(fields: Mapping[str, Field]) -> Iterable[str]:
    """The parts of a JSON object, for `concat`."""
    for index, (name, value) in enumerate(fields.items()):
        yield f"""'{"," if index else "{"}"{name}":'"""
        yield value.json
    yield "'}'"


def concat(fields: Mapping[str, Field]) -> str:
    return f"concat({', '.join(_object(fields))})"


def listed(element: str, source: str) -> Field:
    """A JSON array of the rows of a part of the record, in its order."""
    return part(f"""concat('[', (SELECT string_agg({element}) FROM {source}), ']')""")  # noqa: S608 - our own words
