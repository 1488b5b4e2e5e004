"""The bulk path: COPY into a temporary table, then one INSERT into the real one, where constraints and policies judge every row.

PostgreSQL refuses COPY into a table with row-level security, so the staging table is needed for most tables anyway.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from operator import itemgetter
from typing import Any

import asyncpg
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import driver_of
from app.db.statistics import upkeep
from app.db.tables.code import Code

RowSet = tuple[Table, Iterable[Mapping[str, Any]]]
"""A table, and rows for it by column."""

_numbers = count(1)
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are not typed


async def copy_all(connection: AsyncConnection, sets: Iterable[RowSet]) -> Counter[str]:
    """`copy` each set, in an order that foreign keys allow, and return how many rows went into each table."""
    counts: Counter[str] = Counter()
    for table, rows in sets:
        counts[table.fullname] += await copy(connection, table, rows)
    return counts


async def copy(connection: AsyncConnection, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert the rows, in this transaction's role, and return how many they were. All rows have the columns of the first.

    The rows may be a generator: they are taken one by one while they are sent, so memory stays flat. Columns that the rows do
    not have get their defaults. Raises asyncpg's errors: what the rows break is a fault of whoever made them.
    """
    rest = iter(rows)
    first = next(rest, None)
    if first is None:
        return 0
    columns = [column for column in table.columns if column.name in first]
    if len(columns) != len(first):
        message = f"{table.name} has no columns {sorted(first.keys() - {column.name for column in columns})}"
        raise ValueError(message)
    driver = await driver_of(connection)
    staging = f"staging_{next(_numbers)}"
    definition = ", ".join(f'"{column.name}" {column.type.compile(_DIALECT)}' for column in columns)
    # A bulk takes as long as it takes: the limit on statements is for requests.
    await driver.execute(
        f"SET LOCAL statement_timeout = 0; SET LOCAL transaction_timeout = 0; CREATE TEMPORARY TABLE {staging} ({definition}) ON COMMIT DROP"
    )
    names = [column.name for column in columns]
    await driver.copy_records_to_table(staging, columns=names, records=_tuples(columns, first, rest))
    listed = ", ".join(f'"{name}"' for name in names)
    status = await driver.execute(
        f"INSERT INTO {table.fullname} ({listed}) SELECT {listed} FROM {staging}"  # noqa: S608 - names of our own tables
    )
    await driver.execute(f"DROP TABLE {staging}")
    return int(status.rpartition(" ")[2])


def _tuples(
    columns: list[Column[Any]], first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    pick = itemgetter(*(column.name for column in columns))
    encoders = [(at, encoder) for at, column in enumerate(columns) if (encoder := encoder_of(column)) is not None]
    for row in _chained(first, rest):
        fields = list(pick(row))
        for at, encode in encoders:
            fields[at] = encode(fields[at])
        yield tuple(fields)


def _chained(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def encoder_of(column: Column[Any]) -> Callable[[Any], Any] | None:
    """COPY sends what the driver understands, past SQLAlchemy's types: the few that differ are translated here."""
    if isinstance(column.type, Code):
        return column.type.numbers().get
    if isinstance(column.type, JSONB):
        return lambda value: None if value is None else json.dumps(value)
    return None


async def settle(owner_url: str) -> None:
    """After an import that brought its own ids, as the owner: new ids go on after them, the planner knows what there is, and statistics
    say it.
    """
    connection = await asyncpg.connect(owner_url.replace("postgresql+asyncpg:", "postgresql:", 1))
    try:
        for table in ("institution", "partner"):
            await connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608 - names of our own tables
            )
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    await upkeep.rebuild(owner_url)
