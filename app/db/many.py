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


async def insert(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], *, noting: str | None = None
) -> None:
    """Rows all have the columns of the first; what they do not have gets its default. Raises asyncpg's errors.

    `noting` is a statement for the same round trip, which reads the rows from `new`.
    """
    if rows:
        names = tuple(rows[0])
        await (await driver_of(connection)).execute(_inserting(table, names, noting), *_arrays(table, names, rows))


async def change(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], *, noting: str = "SELECT"
) -> int:
    """Write records that were decided on the versions that the rows carry, as the next versions; return how many still had them.

    `noting` is a statement for the same round trip, which reads from `written` each row as it was and as it is now.
    """
    if not rows:
        return 0
    names = tuple(rows[0])
    driver = await driver_of(connection)
    return int(await driver.fetchval(_changing(table, names, noting), *_arrays(table, names, rows)))


@cache
def _inserting(table: Table, names: tuple[str, ...], noting: str | None) -> str:
    listed = ", ".join(names)
    into = f"INSERT INTO {table.fullname} ({listed}) SELECT {listed} FROM"
    if noting is None:
        return f"{into} {_unnested(table, names)}"
    return f"WITH new AS (SELECT * FROM {_unnested(table, names)}), written AS ({into} new) {noting}"  # noqa: S608 - our own columns


@cache
def _changing(table: Table, names: tuple[str, ...], noting: str) -> str:
    key = ("id", "student_id", "version")
    set_ = ", ".join(f"{name} = new.{name}" for name in names if name not in key)
    where = " AND ".join(f"t.{name} = new.{name}" for name in key)
    return (
        f"WITH written AS (UPDATE {table.fullname} AS t SET {set_}, version = t.version + 1"  # noqa: S608 - our own columns
        f" FROM {_unnested(table, names)} WHERE {where} RETURNING WITH (OLD AS was, NEW AS now) was, now),"
        f" noted AS ({noting}) SELECT count(*) FROM written"
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
