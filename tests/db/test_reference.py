from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.db.embedded import EmbeddedServer
from app.db.reference import packaged
from app.db.reference.load import Loaded, load_reference
from app.db.reference.table_rows import table_rows
from app.db.tables.reference import code, municipality, municipality_region, programme_rule, region


@pytest.fixture
async def connection(server: EmbeddedServer, database_name: str) -> AsyncIterator[AsyncConnection]:
    """As the owner, with the reference data loaded; whatever a test does is rolled back."""
    engine = create_async_engine(server.url("register_owner", database_name))
    async with engine.connect() as connection:
        await load_reference(connection)
        yield connection
        await connection.rollback()
    await engine.dispose()


async def reload(connection: AsyncConnection, table: str) -> Loaded:
    return {each.table: each for each in await load_reference(connection)}[table]


async def test_loading_again_changes_nothing(connection: AsyncConnection) -> None:
    loaded = await load_reference(connection)
    assert len(loaded) == 10
    for each in loaded:
        assert (each.inserted, each.updated, each.not_packaged) == (0, 0, 0)
        assert each.unchanged > 0


async def test_what_is_missing_is_inserted(connection: AsyncConnection) -> None:
    await connection.execute(delete(programme_rule).where(programme_rule.c.topic == "MODE"))
    loaded = await reload(connection, "programme_rule")
    assert (loaded.inserted, loaded.updated, loaded.unchanged) == (5, 0, 8)


async def test_what_differs_is_put_right_also_where_it_should_be_empty(connection: AsyncConnection) -> None:
    await connection.execute(update(region).values(valid_to=None).where(region.c.scheme == "NUTS3_2021"))
    await connection.execute(update(region).values(name_en="Livonia").where(region.c.code == "PR-VIDZEME"))
    loaded = await reload(connection, "region")
    assert (loaded.inserted, loaded.updated, loaded.unchanged) == (0, 7, 9)
    name = await connection.scalar(select(region.c.name_en).where(region.c.code == "PR-VIDZEME"))
    assert name == "Vidzeme planning region"


async def test_what_the_files_do_not_have_is_reported_and_kept(connection: AsyncConnection) -> None:
    extra = {"list": "risks", "code": "HOMESICK", "id": 999, "name_lv": "ilgas", "name_en": "longing"}
    await connection.execute(insert(code).values(**extra, valid_from=packaged().programmes["PUMPURS"].period.start))
    loaded = await reload(connection, "code")
    assert (loaded.inserted, loaded.updated, loaded.not_packaged) == (0, 0, 1)
    assert await connection.scalar(select(code.c.id).where(code.c.code == "HOMESICK")) == 999


async def test_the_database_sorts_municipalities_as_latvian_does(connection: AsyncConnection) -> None:
    statement = select(municipality.c.code).order_by(municipality.c.sort_key, municipality.c.valid_from)
    codes = (await connection.execute(statement)).scalars().all()
    expected = sorted(packaged().geography.municipalities, key=lambda each: (each.sort_key, each.period.start))
    assert list(codes) == [each.code for each in expected]


async def test_the_database_knows_the_region_of_every_municipality_as_the_domain_does(
    connection: AsyncConnection,
) -> None:
    rows = (await connection.execute(select(municipality_region))).all()
    expected = {
        (each.municipality, each.scheme, each.code, each.period.start) for each in packaged().geography.memberships
    }
    assert {(row.municipality, row.scheme, row.region, row.valid_from) for row in rows} == expected


async def test_every_semester_ends_the_day_before_the_next(connection: AsyncConnection) -> None:
    gaps = text("SELECT starts_on - lag(ends_on) OVER (ORDER BY starts_on) FROM semester OFFSET 1")
    assert set((await connection.execute(gaps)).scalars()) == {1}


async def test_every_table_holds_what_the_files_hold(connection: AsyncConnection) -> None:
    for table, rows in table_rows(packaged()):
        kept = (await connection.execute(select(table))).mappings().all()
        packed = {tuple(row.get(column.name) for column in table.columns) for row in rows}
        assert {tuple(row.values()) for row in kept} == packed, table.name
        assert len(kept) == len(rows)
