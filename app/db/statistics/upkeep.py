"""The tables of statistics as a whole: made anew from the records, and compared with them. As the owner of the register.

Both look at everything, and the keeper's role is the one that may: nobody can take it but the owner.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import asyncpg
from sqlalchemy import Table

from app.db.tables import (
    statistics_cell,
    statistics_delivery,
    statistics_plan,
    statistics_risk,
    statistics_several,
    statistics_staff,
)

KEPT: Final = (
    statistics_delivery,
    statistics_risk,
    statistics_plan,
    statistics_staff,
    statistics_cell,
    statistics_several,
)
"""Each has a view that says what it must hold: from the records, or from the tables before it."""

READ: Final = frozenset({"code", "municipality_region", "semester"})
"""Reference data without which they cannot be told: where it changes, all is made anew."""

REBUILD: Final = "SET LOCAL ROLE register_keeper; SELECT statistics_rebuild(); RESET ROLE"
"""In a transaction of the owner of the register."""

SHOWN: Final = 10
"""Rows that are shown of each table where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How many rows of a table differ from what they must be, and the first of them: what stands there, and what should, as JSON."""

    table: str
    count: int
    examples: tuple[tuple[str | None, str | None], ...]


async def rebuild(owner_url: str) -> None:
    """Make all of it anew, in one transaction: whoever writes meanwhile waits with COMMIT, and readers see what was."""
    async with _connected(owner_url) as connection, connection.transaction():
        await connection.execute(REBUILD)
    await analyse(owner_url)


async def analyse(owner_url: str) -> None:
    """So that the planner knows what there is."""
    async with _connected(owner_url) as connection:
        await connection.execute(f"ANALYZE {', '.join(table.name for table in KEPT)}")


async def differences(owner_url: str) -> list[Difference]:
    """What differs, in one snapshot: nothing, unless something was written past the register or has a fault."""
    async with _connected(owner_url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        # What the planner would guess of the views is far too little, and it would look through one for each row of another.
        await connection.execute("SET LOCAL ROLE register_keeper; SET LOCAL enable_nestloop = off")
        found = [await _compared(connection, table) for table in KEPT]
    return [each for each in found if each.count]


async def _compared(connection: asyncpg.Connection, table: Table) -> Difference:
    keys = ", ".join(column.name for column in table.primary_key)
    names = ", ".join(column.name for column in table.columns)
    rows = await connection.fetch(
        f"""SELECT to_jsonb(kept)::text AS kept, to_jsonb(now)::text AS now, count(*) OVER () AS count
        FROM (SELECT {names} FROM {table.name}) AS kept FULL JOIN (SELECT {names} FROM {table.name}_now) AS now USING ({keys})
        WHERE kept IS DISTINCT FROM now LIMIT {SHOWN}"""  # noqa: S608 - names of our own tables
    )
    examples = tuple((row["kept"], row["now"]) for row in rows)
    return Difference(table=table.name, count=rows[0]["count"] if rows else 0, examples=examples)


@asynccontextmanager
async def _connected(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(owner_url.replace("postgresql+asyncpg:", "postgresql:", 1))
    try:
        yield connection
    finally:
        await connection.close()
