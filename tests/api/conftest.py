"""The world in which the tests through HTTP take place: one for each test module, as the database is."""

import asyncpg
import pytest

from app.settings import Settings
from tests.factories import World, make_world


@pytest.fixture(scope="module")
async def world(owner: asyncpg.Connection, settings: Settings) -> World:
    return await make_world(owner, settings)
