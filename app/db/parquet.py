"""Exports as Parquet: lines of cells are read into columns with types, and leave in row groups as those fill up."""

from io import RawIOBase
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
from pyarrow import csv, parquet

from app.db.exports import Part
from app.db.field_texts import Kind, Numbers
from app.db.record_texts import fields
from app.domain.ids import InstitutionId, StudentId

ROWS: Final = 65_536
"""Of a row group: enough for each to be read by itself with little ado, and what is held of an export at a time."""
BYTES: Final = 33_554_432
"""Of lines after which a row group ends however few they are: those of plans are long."""

_TEXT: Final = pa.string()
# 32 bits for the place in the dictionary is what the reader of CSV makes.
_CODE: Final = pa.dictionary(pa.int32(), _TEXT)
_TYPES: Final = {
    Kind.PLAIN: _TEXT,
    Kind.CODE: _CODE,
    Kind.NUMBER: pa.int32(),
    Kind.TRUTH: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.AMOUNT: pa.decimal128(9, 2),
    Kind.LINE: _TEXT,
    Kind.PARAGRAPH: _TEXT,
}


def schema(noun: str) -> Any:  # noqa: ANN401 - pyarrow is not typed
    return pa.schema([(name, _TYPES[each.kind]) for name, each in fields(noun).items()])


class _Codes:
    """Of a column that comes as numbers: its codes in the order of their numbers, and where in it each number is."""

    def __init__(self, numbers: Numbers) -> None:
        known = sorted(numbers.codes)
        self._codes = pa.array([numbers.codes[each] for each in known], _TEXT)
        places = {number: place for place, number in enumerate(known)}
        self._places = pa.array([places.get(number) for number in range(known[-1] + 1)], pa.int32())

    def named(self, numbers: Any) -> Any:  # noqa: ANN401 - pyarrow is not typed
        return pa.DictionaryArray.from_arrays(self._places.take(numbers), self._codes)


class Leaving(RawIOBase):
    """A file of which only what has not left yet is held."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        text = bytes(data)
        self._held.append(text)
        return len(text)

    def leave(self) -> bytes:
        text = b"".join(self._held)
        self._held.clear()
        return text


class Table:
    """One file. What it gives is to be sent in this order; without the end nothing reads it, so a half is never taken for the whole."""

    def __init__(self, noun: str) -> None:
        kinds = {name: each.kind for name, each in fields(noun).items()}
        self._schema = schema(noun)
        self._file = Leaving()
        self._writer = parquet.ParquetWriter(
            self._file,
            self._schema,
            compression="zstd",
            # No two records have the same id: a dictionary of them would only be thrown away again.
            use_dictionary=[name for name in kinds if name != "id"],
            # Of ids and texts the least and the greatest lead nobody anywhere.
            write_statistics=[name for name, kind in kinds.items() if _TYPES[kind] is not _TEXT],
        )
        self._paragraphs = Kind.PARAGRAPH in kinds.values()
        self._codes = {
            index: _Codes(each.numbers) for index, each in enumerate(fields(noun).values()) if each.numbers is not None
        }
        self._types = self._schema
        for index in self._codes:
            self._types = self._types.set(index, self._types.field(index).with_type(pa.int16()))
        self._read: list[Any] = []
        self._rows, self._bytes = 0, 0

    def take(self, lines: bytes) -> Part:
        """Of whole lines as COPY writes them: whom they tell of, and what may leave by now, which may be nothing."""
        students, institutions = [], []
        if lines:
            read = self._cells(lines)
            students = read.column("student_id").unique().to_pylist()
            institutions = read.column("institution_id").unique().to_pylist()
            self._read.append(read)
            self._rows += len(read)
            self._bytes += len(lines)
        if self._rows >= ROWS or self._bytes >= BYTES:
            self._write()
        return Part(
            text=self._file.leave(),
            student_ids=tuple(StudentId(UUID(each)) for each in students),
            institution_ids=tuple(sorted(map(InstitutionId, institutions))),
        )

    def end(self) -> bytes:
        if self._rows:
            self._write()
        self._writer.close()
        return self._file.leave()

    def _cells(self, lines: bytes) -> Any:  # noqa: ANN401 - pyarrow is not typed
        return csv.read_csv(
            pa.BufferReader(lines),
            read_options=csv.ReadOptions(
                column_names=self._schema.names,
                use_threads=False,
                # In one piece: a line that is longer than a piece is an error.
                block_size=len(lines),
            ),
            parse_options=csv.ParseOptions(newlines_in_values=self._paragraphs),
            # What is empty is NULL, and what is quoted and empty is an empty text: so does COPY tell them apart.
            convert_options=csv.ConvertOptions(
                column_types=self._types,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )

    def _write(self) -> None:
        # Codes of one dictionary for all, or they would be written out as texts.
        table = pa.concat_tables(self._read).unify_dictionaries()
        for index, codes in self._codes.items():
            named = [codes.named(each) for each in table.column(index).chunks]
            table = table.set_column(index, self._schema.field(index), pa.chunked_array(named))
        self._writer.write_table(table, row_group_size=self._rows)
        self._read.clear()
        self._rows, self._bytes = 0, 0
