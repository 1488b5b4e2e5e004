"""Interventions through the bulk path in the authority's role, against COPY of the same rows into a bare table."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from app.db import bulk, scopes, tables
from app.db.session import Database
from app.db.tables.code import Code
from bench.house import Bench
from bench.measure import Result, paired

ROWS = 20_000
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are not typed


class _Undone(Exception):
    """Leaves the transaction, so that every round begins alike."""


async def bulk_import(bench: Bench) -> Result:
    database = Database(bench.house.settings.database_url.get_secret_value(), pool_size=2)
    columns = [column for column in tables.intervention.columns if column.name not in ("id", "recorded_at")]
    async with database.transaction(scopes.AUTHORITY, read_only=True) as connection:
        found = await connection.execute(select(*columns).limit(ROWS))
        rows = [dict(row) for row in found.mappings()]
    names = [column.name for column in columns]
    plain = [tuple(row.values()) for row in rows]

    async def through_the_rules_of_the_database() -> None:
        try:
            async with database.transaction(scopes.AUTHORITY) as connection:
                await bulk.copy(connection, tables.intervention, iter(rows))
                raise _Undone  # noqa: TRY301 - what is measured ends here
        except _Undone:
            pass

    async def into_a_bare_table() -> None:
        definition = ", ".join(f'"{column.name}" {_bare(column.name)}' for column in columns)
        transaction = bench.owner.transaction()
        await transaction.start()
        await bench.owner.execute(f"CREATE TEMPORARY TABLE bare ({definition})")
        await bench.owner.copy_records_to_table("bare", columns=names, records=plain)
        await transaction.rollback()

    ours, limit = await paired(through_the_rules_of_the_database, into_a_bare_table, rounds=5)
    await database.close()
    return Result(
        name="bulk-import",
        ours=len(rows) / ours,
        limit=len(rows) / limit,
        unit="rows/s",
        note="with policies, foreign keys, checks and two indexes, against COPY into a temporary table without any",
    )


def _bare(name: str) -> str:
    kind = tables.intervention.columns[name].type
    # Outside the register's own tables a code is its text.
    return "text" if isinstance(kind, Code) else kind.compile(DIALECT)
