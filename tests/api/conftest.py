"""An active plan of the school, and who coordinates there. A module that needs another plan has its own."""

import asyncpg
import httpx
import pytest

from tests.api.delivered import active_plan
from tests.factories import Json, World


@pytest.fixture
async def plan(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    return await active_plan(http, world, owner)


@pytest.fixture
def coordinator(world: World) -> dict[str, str]:
    return world.coordinator(world.school)
