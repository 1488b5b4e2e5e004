"""The register's database on the embedded server: made, migrated, and made anew."""

import asyncpg

from app.db.embedded import SUPERUSER, EmbeddedServer
from app.db.migrations import migrate

LOGIN = "register_app"


async def ensure_database(server: EmbeddedServer, name: str, *, anew: bool = False) -> None:
    """A migrated database of this name with its reference data; with `anew`, whatever it held is gone."""
    connection = await asyncpg.connect(server.dsn(SUPERUSER, "postgres"))
    try:
        if anew:
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    await migrate(server.url(SUPERUSER, name))
