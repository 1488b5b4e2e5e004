"""Many rows in one statement: sent as arrays, one for each column, and judged row by row by constraints and policies.

For tables without columns that are arrays themselves, which would come apart.
Unlike the bulk path, nothing is created for it, so a batch of one costs as little as a single request does.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.bulk import encoder_of
from app.db.session import driver_of

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are not typed


async def insert(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows all have the columns of the first; what they do not have gets its default. Raises asyncpg's errors."""
    if rows:
        names = tuple(rows[0])
        await (await driver_of(connection)).execute(_inserting(table, names), *_arrays(table, names, rows))


async def change(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write records that were decided on the versions that the rows carry, as the next versions; return how many still had them."""
    if not rows:
        return 0
    names = tuple(rows[0])
    status = await (await driver_of(connection)).execute(_changing(table, names), *_arrays(table, names, rows))
    return int(status.rpartition(" ")[2])


@cache
def _inserting(table: Table, names: tuple[str, ...]) -> str:
    listed = ", ".join(names)
    return f"INSERT INTO {table.fullname} ({listed}) SELECT {listed} FROM {_unnested(table, names)}"  # noqa: S608 - our own columns


@cache
def _changing(table: Table, names: tuple[str, ...]) -> str:
    key = ("id", "student_id", "version")
    set_ = ", ".join(f"{name} = new.{name}" for name in names if name not in key)
    where = " AND ".join(f"t.{name} = new.{name}" for name in key)
    return (
        f"UPDATE {table.fullname} AS t SET {set_}, version = t.version + 1 FROM {_unnested(table, names)}"  # noqa: S608 - our own columns
        f" WHERE {where}"
    )


def _unnested(table: Table, names: tuple[str, ...]) -> str:
    arrays = ", ".join(
        f"${number}::{table.c[name].type.compile(_DIALECT)}[]" for number, name in enumerate(names, start=1)
    )
    return f"unnest({arrays}) AS new ({', '.join(names)})"


def _arrays(table: Table, names: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    arrays = []
    for name in names:
        encode = encoder_of(table.c[name])
        column = [row[name] for row in rows]
        arrays.append(column if encode is None else [encode(each) for each in column])
    return arrays
