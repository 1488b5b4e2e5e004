"""The stage of the matrix, made once for each module; afterwards nothing that is asked of the service lasts."""

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.db import reach
from app.settings import Settings
from tests.factories import World, make_institution, make_world
from tests.matrix.cast import Player, Stage
from tests.matrix.shared import make_shared
from tests.matrix.sides import make_side
from tests.matrix.undone import UndoingDatabase


@pytest.fixture(scope="module")
async def world(owner: asyncpg.Connection, settings: Settings) -> World:
    """With numbers of institutions and partners that nothing else in an answer can be taken for."""
    await owner.execute("SELECT setval(pg_get_serial_sequence('institution', 'id'), 70000)")
    await owner.execute("SELECT setval(pg_get_serial_sequence('partner', 'id'), 80000)")
    made = await make_world(owner, settings)
    # So many that the region's scope is a wide one, with policies of its own.
    for number in range(reach.WIDE_RECORDS):
        await make_institution(owner, f"Vidzemes skola {number}", places=("0700200", "0038000"))
    return made


@pytest.fixture(scope="module")
async def stage(
    app: FastAPI, http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, settings: Settings
) -> AsyncIterator[Stage]:
    school = await make_side(http, world, owner, "Madona", world.school, world.madona)
    riga = await make_side(http, world, owner, "Riga", world.other_school, world.riga)
    college = await make_side(http, world, owner, "Valmiera", world.college, world.college_itself)
    shared = await make_shared(http, world, owner, school, riga)
    real = app.state.register
    undoing = UndoingDatabase(settings.database_url.get_secret_value(), pool_size=2)
    made = Stage(world=world, school=school, riga=riga, college=college, shared=shared, database=undoing)
    app.state.register = replace(real, database=undoing)
    yield made
    app.state.register = real
    await undoing.close()


@pytest.fixture(scope="module")
def players(stage: Stage) -> list[Player]:
    return list(stage.players())
