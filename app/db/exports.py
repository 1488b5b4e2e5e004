"""Exports of records: lines that PostgreSQL writes in the reader's own scope by COPY, handed on in parts as they come.

No object is made of any record. Whom a part tells of is read from the beginning of its lines, which is the same for every noun.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from asyncpg.protocol import NO_TIMEOUT
from sqlalchemy import ColumnElement, Select, Table, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.field_texts import Field, Kind
from app.db.record_texts import fields, record
from app.db.session import driver_of
from app.domain.ids import InstitutionId, StudentId

PART: Final = 1_048_576
"""Bytes after which a part is handed on: what is held of an export at a time is a few of them."""

_ID: Final = 36
_NUMBER: Final = re.compile(rb"\d+")
_LONGEST_NUMBER: Final = 10
_IN_CELL: Final = b"\x1f"
"""What stands for a line break within a cell, so that every other one ends a record. No text that is taken in has it."""
_BEGINS_FORMULA: Final = "=+-@\t'"


class Format(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Whole records, and whom they are about."""

    text: bytes
    student_ids: tuple[StudentId, ...]
    institution_ids: tuple[InstitutionId, ...]


async def copy(
    connection: AsyncConnection, wanted: Wanted, hand_on: Callable[[Part], Awaitable[object]], *, seconds: float
) -> None:
    """Reads no faster than it can hand on. There is at least one part, however little there is. `seconds` end it on the server, too."""
    lines = _Csv(wanted) if wanted.layout.format is Format.CSV else _Ndjson(wanted)
    heads: set[bytes] = set()
    held: list[bytes] = [lines.head]
    size, handed = 0, False

    async def flush() -> None:
        nonlocal size, handed
        students, institutions = lines.about(heads)
        part = Part(text=b"".join(held), student_ids=students, institution_ids=institutions)
        held.clear()
        heads.clear()
        size, handed = 0, True
        await hand_on(part)

    async def take(data: bytes | bytearray) -> None:
        """Whole lines, a few at a time: done here rather than for a whole part at once, it lets PostgreSQL write on meanwhile."""
        nonlocal size
        text = bytes(data)
        heads.update(lines.heads(text))
        held.append(lines.sent(text))
        size += len(text)
        if size >= PART:
            await flush()

    driver = await driver_of(connection)
    milliseconds = int(seconds * 1_000)
    # A limit that is merely moved leaves the transaction's clock as it was set: it is taken off, and set anew.
    await driver.execute(
        f"SET LOCAL statement_timeout = {milliseconds}; SET LOCAL transaction_timeout = 0;"
        f" SET LOCAL transaction_timeout = {milliseconds}"
    )
    # The caller keeps the time: a limit of the driver's own would be a task and a timer for every few kilobytes.
    await driver.copy_from_query(
        lines.query(connection), output=take, timeout=NO_TIMEOUT, format="csv", **lines.options
    )
    if held or not handed:
        await flush()


class _Lines:
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


class _Ndjson(_Lines):
    begin = len('{"id":"') + _ID + len('","student_id":"')
    gap = len('","institution_id":')
    head = b""
    # JSON has neither of these signs, so nothing in it is ever quoted.
    options: dict[str, Any] = {"quote": "\x01", "delimiter": "\x02"}  # noqa: RUF012 - never changed

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        self.columns = record(wanted.noun)


class _Csv(_Lines):
    """RFC 4180, with a byte order mark: without it Excel takes UTF-8 for something else."""

    begin = _ID + 1
    gap = 1

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        found, delimiter = fields(wanted.noun), wanted.layout.delimiter
        self.columns = cells(wanted.noun, delimiter)
        self.head = f"\ufeff{delimiter.sign.join(found)}\r\n".encode()
        self.paragraphs = [name for name, each in found.items() if each.kind is Kind.PARAGRAPH]
        self.options = {"delimiter": delimiter.sign, **({"force_quote": self.paragraphs} if self.paragraphs else {})}

    def sent(self, text: bytes) -> bytes:
        lines = text.replace(b"\n", b"\r\n")
        return lines.replace(_IN_CELL, b"\n") if self.paragraphs else lines


def cells(noun: str, delimiter: Delimiter) -> str:
    """What is selected for a table, over the noun's own."""
    return ", ".join(f'{_cell(each, delimiter)} AS "{name}"' for name, each in fields(noun).items())


def _cell(each: Field, delimiter: Delimiter) -> str:
    match each.kind:
        case Kind.AMOUNT if delimiter is Delimiter.SEMICOLON:
            return f"replace({each.cell}::text, '.', ',')"
        case Kind.LINE:
            return _no_formula(each.cell)
        case Kind.PARAGRAPH:
            return _no_formula(f"translate({each.cell}, E'\\n', E'\\x1f')")
        case _:
            return each.cell


def _no_formula(value: str) -> str:
    """An apostrophe before what a spreadsheet would calculate, and before an apostrophe, so that one can be taken off again."""
    signs = _BEGINS_FORMULA.replace("'", "''")
    return f"CASE WHEN strpos('{signs}', left({value}, 1)) > 0 THEN '''' || {value} ELSE {value} END"
