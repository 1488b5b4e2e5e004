"""The lines of an export as COPY writes them: which columns, how they are told apart, and where in each line it is said of whom it tells."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.field_texts import Field, Kind
from app.db.record_texts import fields, record
from app.domain.ids import InstitutionId, StudentId

_ID: Final = 36
_NUMBER: Final = re.compile(rb"\d+")
_LONGEST_NUMBER: Final = 10
_IN_CELL: Final = b"\x1f"
"""What stands for a line break within a cell, so that every other one ends a record. No text that is taken in has it."""
BEGINS_FORMULA: Final = "=+-@\t'"


class Format(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class Delimiter(StrEnum):
    """Between cells. Beside semicolons decimals have a comma, as in Latvian; beside commas a point."""

    SEMICOLON = "semicolon"
    COMMA = "comma"

    @property
    def sign(self) -> str:
        return ";" if self is Delimiter.SEMICOLON else ","


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    format: Format
    delimiter: Delimiter = Delimiter.SEMICOLON


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """All records of one noun that this scope sees and that the conditions hold of."""

    table: Table
    where: Sequence[ColumnElement[bool]]
    layout: Layout

    @property
    def noun(self) -> str:
        return self.table.name


class Lines:
    """`begin`: where a student's id begins in each line; `gap`: so far behind its end begins the institution's number."""

    begin: int
    gap: int
    head: bytes
    columns: str
    options: dict[str, Any]

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted

    def query(self, connection: AsyncConnection) -> str:
        """COPY takes no parameters: the values are written out, by the dialect of this connection."""
        query: Select[Any] = (
            select(literal_column(self.columns)).select_from(self.wanted.table).where(*self.wanted.where)
        )
        return str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))

    def heads(self, text: bytes) -> Iterable[bytes]:
        """The place of each line that says whom it is about."""
        begin, end = self.begin, self.begin + _ID + self.gap + _LONGEST_NUMBER
        return [line[begin:end] for line in text.split(b"\n") if line]

    def about(self, heads: Iterable[bytes]) -> tuple[tuple[StudentId, ...], tuple[InstitutionId, ...]]:
        students = {head[:_ID] for head in heads}
        institutions = {_number_at(head, _ID + self.gap) for head in heads}
        return tuple(StudentId(UUID(each.decode())) for each in students), tuple(sorted(institutions))

    def sent(self, text: bytes) -> bytes:
        return text


def _number_at(head: bytes, place: int) -> InstitutionId:
    found = _NUMBER.match(head, place)
    if found is None:
        message = "a line of an export does not say whom it is about"
        raise ValueError(message)
    return InstitutionId(int(found[0]))


class _Ndjson(Lines):
    begin = len('{"id":"') + _ID + len('","student_id":"')
    gap = len('","institution_id":')
    head = b""
    # JSON has neither of these signs, so nothing in it is ever quoted.
    options: dict[str, Any] = {"quote": "\x01", "delimiter": "\x02"}  # noqa: RUF012 - never changed

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        self.columns = record(wanted.noun)


class _Cells(Lines):
    """A line of cells, written as CSV."""

    begin = _ID + 1
    gap = 1
    head = b""

    def __init__(self, wanted: Wanted, sign: str) -> None:
        super().__init__(wanted)
        self.paragraphs = [name for name, each in fields(wanted.noun).items() if each.kind is Kind.PARAGRAPH]
        self.options = {"delimiter": sign, **({"force_quote": self.paragraphs} if self.paragraphs else {})}

    def sent(self, text: bytes) -> bytes:
        return text.replace(_IN_CELL, b"\n") if self.paragraphs else text


class _Csv(_Cells):
    """RFC 4180, with a byte order mark: without it Excel takes UTF-8 for something else."""

    def __init__(self, wanted: Wanted) -> None:
        delimiter = wanted.layout.delimiter
        super().__init__(wanted, delimiter.sign)
        self.columns = cells(wanted.noun, delimiter)
        self.head = f"\ufeff{delimiter.sign.join(fields(wanted.noun))}\r\n".encode()

    def sent(self, text: bytes) -> bytes:
        return super().sent(text.replace(b"\n", b"\r\n"))


class _Plain(_Cells):
    """What `app/db/parquet.py` reads: cells as they are, numbers of codes where codes are kept as numbers, and no names above them."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted, ",")
        self.columns = cells(wanted.noun, None)

    def heads(self, text: bytes) -> Iterable[bytes]:  # noqa: ARG002 - whom they tell of is found in the columns, in a tenth of the time
        return ()


_LINES: Final = {Format.CSV: _Csv, Format.NDJSON: _Ndjson, Format.PARQUET: _Plain}


def lines_of(wanted: Wanted) -> Lines:
    return _LINES[wanted.layout.format](wanted)


def cells(noun: str, delimiter: Delimiter | None) -> str:
    """What is selected for a table, over the noun's own. Without a delimiter it is for a program."""
    return ", ".join(f'{_cell(each, delimiter)} AS "{name}"' for name, each in fields(noun).items())


def _cell(each: Field, delimiter: Delimiter | None) -> str:
    if delimiter is None and each.numbers is not None:
        return each.numbers.column
    written = f"translate({each.cell}, E'\\n', E'\\x1f')" if each.kind is Kind.PARAGRAPH else each.cell
    match each.kind:
        case Kind.AMOUNT if delimiter is Delimiter.SEMICOLON:
            return f"replace({written}::text, '.', ',')"
        case Kind.LINE | Kind.PARAGRAPH if delimiter is not None:
            return _no_formula(written)
        case _:
            return written


def _no_formula(value: str) -> str:
    """An apostrophe before what a spreadsheet would calculate, and before an apostrophe, so that one can be taken off again."""
    signs = BEGINS_FORMULA.replace("'", "''")
    return f"CASE WHEN strpos('{signs}', left({value}, 1)) > 0 THEN '''' || {value} ELSE {value} END"
