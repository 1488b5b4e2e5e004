"""Runs migrations as the owner of the tables: on a connection handed in, on REGISTER_OWNER_DATABASE_URL, or as SQL text."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from app.db.tables import metadata

# A migration that waits for a lock holds up everyone behind it: it gives up and is tried again at a quieter hour.
TIMEOUTS = ("SET lock_timeout = '5s'", "SET statement_timeout = '10min'")


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name in (None, "person")


def run(connection: Connection) -> None:
    for timeout in TIMEOUTS:
        connection.exec_driver_sql(timeout)
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_name=include_name,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_run(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


if context.is_offline_mode():
    context.configure(
        dialect_name="postgresql", target_metadata=metadata, literal_binds=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        for timeout in TIMEOUTS:
            context.execute(timeout)
        context.run_migrations()
elif isinstance(given := context.config.attributes.get("connection"), Connection):
    run(given)
else:
    asyncio.run(connect_and_run(os.environ["REGISTER_OWNER_DATABASE_URL"]))
