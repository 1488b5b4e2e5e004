"""Migrating: statistics are made anew with the reference data that they are told from, or neither is changed."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from app.db.embedded import EmbeddedServer
from app.db.migrations import migrate

ERAS = "SELECT array_agg(day ORDER BY day) FROM statistics_era"


async def test_where_statistics_could_not_be_made_anew_the_next_one_does_all_of_it_again(
    server: EmbeddedServer, database_name: str, owner: asyncpg.Connection
) -> None:
    url = server.url("register_owner", database_name)
    eras = await owner.fetchval(ERAS)
    await owner.execute("UPDATE municipality_region SET valid_to = valid_to - 1 WHERE municipality = '0700200'")
    await owner.execute("SELECT statistics_rebuild()")
    assert await owner.fetchval(ERAS) != eras
    await owner.execute("ALTER FUNCTION statistics_rebuild() RENAME TO statistics_broken")
    with pytest.raises((DBAPIError, asyncpg.PostgresError)):
        await migrate(url)
    await owner.execute("ALTER FUNCTION statistics_broken() RENAME TO statistics_rebuild")
    await migrate(url)
    assert await owner.fetchval(ERAS) == eras
