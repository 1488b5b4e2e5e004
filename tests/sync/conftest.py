import asyncpg
import httpx
import pytest

from tests.api.delivered import active_plan
from tests.factories import World
from tests.sync.broken import Desk


@pytest.fixture(scope="module")
async def desk(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Desk:
    return Desk(http=http, world=world, owner=owner, plan=await active_plan(http, world, owner))
