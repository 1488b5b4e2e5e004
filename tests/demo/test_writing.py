"""The synthetic register reaches the database through the bulk path, in the authority's role."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from app.db import bulk, scopes
from app.db.embedded import EmbeddedServer
from app.db.sealing import Sealer
from app.db.session import Database
from app.db.statistics import upkeep
from app.db.tables import student
from app.demo.blocks import Block
from app.demo.network import Network
from app.demo.writing import write_block, write_network
from app.settings import Settings


@pytest.fixture(scope="module")
def sealer(settings: Settings) -> Sealer:
    return Sealer(key_id=1, keys={1: settings.person_key}, hash_key=settings.person_hash_key)


@pytest.fixture(scope="module")
async def written(settings: Settings, sealer: Sealer, country: Network, small: tuple[Block, ...]) -> Counter[str]:
    url = settings.database_url.get_secret_value()
    block = min(small, key=lambda each: each.plans)
    database = Database(url, pool_size=1)
    try:
        counts = await write_network(database, country, frozenset(country.institutions))
    finally:
        await database.close()
    return counts + await asyncio.to_thread(write_block, url, sealer, block)


async def test_every_row_that_was_sent_is_there(written: Counter[str], owner: asyncpg.Connection) -> None:
    there = {table: await owner.fetchval(f"SELECT count(*) FROM {table}") for table in written}  # noqa: S608 - our own tables
    assert there == dict(written)
    assert written["institution"] == 640
    assert written["intervention"] > 10_000


async def test_codes_arrive_as_numbers_that_mean_the_same(written: Counter[str], owner: asyncpg.Connection) -> None:
    assert written["intervention"]
    measures = await owner.fetch(
        "SELECT DISTINCT c.code, i.hours IS NULL AS in_eur FROM intervention AS i"
        " JOIN code AS c ON c.list = 'support-measures' AND c.id = i.support_measure"
    )
    in_eur = {row["code"] for row in measures if row["in_eur"]}
    assert "SUBJECT_CONSULTATION" in {row["code"] for row in measures} - in_eur
    assert "MEALS" in in_eur


async def test_names_are_sealed(written: Counter[str], owner: asyncpg.Connection) -> None:
    assert written["person.person"]
    names = await owner.fetch("SELECT given_names, family_name FROM person.person")
    assert not any(b"Anna" in name for row in names for name in row)


async def test_a_column_that_is_not_of_the_table_is_refused(settings: Settings) -> None:
    database = Database(settings.database_url.get_secret_value(), pool_size=1)
    try:
        async with database.transaction(scopes.AUTHORITY) as connection:
            with pytest.raises(ValueError, match="no columns"):
                await bulk.copy(connection, student, [{"colour": "green"}])
            assert await bulk.copy(connection, student, []) == 0
    finally:
        await database.close()


async def test_statistics_say_what_was_written(
    written: Counter[str], owner: asyncpg.Connection, server: EmbeddedServer, database_name: str
) -> None:
    url = server.url("register_owner", database_name)
    await bulk.settle(url)
    assert await owner.fetchval("SELECT sum(attended + not_attended) FROM statistics_plan") == written["intervention"]
    assert await upkeep.differences(url) == []


async def test_what_does_not_agree_with_the_records_is_found(
    written: Counter[str], owner: asyncpg.Connection, server: EmbeddedServer, database_name: str
) -> None:
    url = server.url("register_owner", database_name)
    assert written["intervention"]
    await upkeep.rebuild(url)
    await owner.execute("UPDATE statistics_cell SET alone = alone + 1 WHERE category = 3 AND code = 1 AND term = 4042")
    await owner.execute(
        "DELETE FROM statistics_staff WHERE staff_member = (SELECT min(staff_member) FROM statistics_staff)"
    )
    staff, cells = await upkeep.differences(url)
    assert (staff.table, cells.table) == ("statistics_staff", "statistics_cell")
    assert (staff.examples[0][0], staff.count > 0, cells.count > 0) == (None, True, True)
    await upkeep.rebuild(url)
    assert await upkeep.differences(url) == []
