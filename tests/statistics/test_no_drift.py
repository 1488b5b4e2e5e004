"""Whatever is written, in whatever order and together with whatever: statistics agree with the records when it is committed."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.db import touched
from app.db.embedded import EmbeddedServer
from app.db.sealing import Sealer
from app.db.session import Database
from app.db.statistics import upkeep
from app.settings import Settings
from tests.factories import World
from tests.statistics.clerk import ACTS, Act, Clerk

transactions = st.lists(st.lists(st.sampled_from(ACTS), min_size=1, max_size=5), min_size=8, max_size=16)
"""What is done in each."""


@pytest.fixture(scope="module")
async def loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.fixture(scope="module")
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url.get_secret_value(), pool_size=2)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def clerk_of(database: Database, settings: Settings, world: World) -> Clerk:
    sealer = Sealer(key_id=1, keys={1: settings.person_key}, hash_key=settings.person_hash_key)
    return Clerk(database=database, sealer=sealer, at=(world.school, world.other_school, world.college))


@pytest.mark.parametrize("many", [200, 0], ids=["one by one", "as if there were thousands"])
def test_nothing_drifts(
    many: int,
    loop: asyncio.AbstractEventLoop,
    clerk_of: Clerk,
    server: EmbeddedServer,
    database_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both functions of the database that settle, for one record and for thousands, are asked to do the same."""
    monkeypatch.setattr(touched, "MANY", many)
    owner_url = server.url("register_owner", database_name)

    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # to look for a shorter failure would take minutes
    )
    @given(wanted=transactions, seed=st.integers(0, 2**32))
    def written(wanted: list[list[Act]], seed: int) -> None:
        loop.run_until_complete(_written(clerk_of, wanted, Random(seed), owner_url))

    written()


async def _written(like: Clerk, wanted: list[list[Act]], random: Random, owner_url: str) -> None:
    clerk = Clerk(database=like.database, sealer=like.sealer, at=like.at)
    await clerk.registered(4)
    await clerk.do([Clerk.plan] * 6, random)
    await clerk.do([Clerk.deliver] * 6, random)
    for acts in wanted:
        await clerk.do(acts, random)
    assert await upkeep.differences(owner_url) == []
    await clerk.merge(random)
    assert await upkeep.differences(owner_url) == []
    await clerk.erase(random)
    assert await upkeep.differences(owner_url) == []
