"""The forms of an answer: JSON, a table for spreadsheets, a line for each row, and columns with types."""

import csv
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Any, Final

import orjson
import pyarrow as pa
from pyarrow import parquet

from app.api.languages import Language
from app.api.rest.statistics.columns import Cell, Column, Kind, Table, label_of, margin_of, told_of
from app.db.export_lines import BEGINS_FORMULA, Delimiter
from app.domain.statistics.answer import Answer, Group, Values
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.definitions import Dimension
from app.domain.statistics.names import Names
from app.domain.statistics.query import Query


class Form(StrEnum):
    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


_TEXT: Final = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final = {
    Kind.CODE: _TEXT,
    Kind.NAME: _TEXT,
    Kind.NUMBER: pa.int64(),
    Kind.TRUTH: pa.bool_(),
    Kind.HUNDREDTHS: pa.decimal128(18, 2),
    Kind.THOUSANDTHS: pa.decimal128(18, 3),
    # An error may be above 1.
    Kind.SHARE: pa.decimal128(18, 4),
}


def as_json(query: Query, answer: Answer, names: Names, language: Language) -> bytes:
    def labels(by: tuple[Dimension, ...], group: Group) -> dict[str, object]:
        found = zip(by, group.key, strict=True)
        told = ((each, label_of(each, value, names, language)) for each, value in found)
        return {each.lower(): None if label is None else {"code": label[0], "name": label[1]} for each, label in told}

    def values(found: Values | None) -> Mapping[str, object] | None:
        if found is None:
            return None
        return {each.lower(): told_of(found[each]) for each in MEASURES if each in found}

    def margins(found: Values) -> Mapping[str, object] | None:
        if not answer.releases:
            return None
        return {each.lower(): margin_of(found[each]) for each in MEASURES if each in found}

    def group(by: tuple[Dimension, ...], each: Group) -> dict[str, object]:
        return {
            "key": labels(by, each),
            "values": values(each.values),
            "margins": margins(each.values),
            "previous": values(each.previous),
        }

    told = {
        "source": "RELEASES" if answer.releases else "EXACT",
        "releases": [
            {"id": str(each.id), "number": each.number, "semester": str(each.semester)} for each in answer.releases
        ],
        "by": query.by,
        "measures": [each for each in MEASURES if each in query.measures],
        "groups": [group(query.by, each) for each in answer.groups],
        "totals": values(answer.totals) if query.totals else None,
        "totals_margins": margins(answer.totals) if query.totals else None,
        "subtotals": [
            {"by": by, "groups": [group(by, each) for each in groups]} for by, groups in answer.subtotals.items()
        ],
        "page": {
            "group_count": answer.group_count,
            "has_next": answer.has_next,
            "end_cursor": answer.end_cursor,
        },
    }
    return orjson.dumps(told, default=str)


def as_csv(table: Table, delimiter: Delimiter) -> bytes:
    """RFC 4180 with a byte order mark, as the exports of records."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter.sign, lineterminator="\r\n")
    columns = table.columns()
    writer.writerow(column.name for column in columns)
    for row in table.rows():
        writer.writerow(_written(cell, column, delimiter) for cell, column in zip(row, columns, strict=True))
    return f"\ufeff{text.getvalue()}".encode()


def _written(cell: Cell, column: Column, delimiter: Delimiter) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case Decimal() if delimiter is Delimiter.SEMICOLON:
            return str(cell).replace(".", ",")
        case str() if column.kind is Kind.NAME and cell.startswith(tuple(BEGINS_FORMULA)):
            return f"'{cell}"
        case _:
            return str(cell)


def as_ndjson(table: Table) -> bytes:
    """A flat object for each row of the table."""
    names = [column.name for column in table.columns()]
    lines = (orjson.dumps(dict(zip(names, row, strict=True)), default=str) for row in table.rows())
    return b"".join(line + b"\n" for line in lines)


def as_parquet(table: Table) -> bytes:
    columns, rows = table.columns(), list(table.rows())
    arrays = [pa.array([row[index] for row in rows], _TYPES[column.kind]) for index, column in enumerate(columns)]
    file = BytesIO()
    parquet.write_table(pa.table(arrays, _schema(columns)), file, compression="zstd")
    return file.getvalue()


def _schema(columns: list[Column]) -> Any:  # noqa: ANN401 - pyarrow is not typed
    return pa.schema([(column.name, _TYPES[column.kind]) for column in columns])
