"""Brings a database to the newest migration and its reference tables in line with the packaged files."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from app.db.reference.load import Loaded, load_reference
from app.db.session import driver_of
from app.db.statistics import upkeep

ALEMBIC_INI = Path(__file__).resolve().parents[2] / "alembic.ini"


async def migrate(owner_url: str) -> tuple[Loaded, ...]:
    """As the owner of the tables. Harmless on a database that is up to date."""
    engine = create_async_engine(owner_url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade)
            await connection.commit()
        async with engine.begin() as connection:
            loaded = await load_reference(connection)
            others = any(each.inserted + each.updated for each in loaded if each.table in upkeep.READ)
            if others:
                # In one transaction: whoever migrates after this was cut off finds nothing changed, and would not know of it.
                await (await driver_of(connection)).execute(upkeep.REBUILD)
        if others:
            await upkeep.analyse(owner_url)
        return loaded
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config(ALEMBIC_INI)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
