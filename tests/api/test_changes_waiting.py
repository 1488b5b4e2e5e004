"""Long polling: who waits is told at once of what concerns it, and keeps nobody from anything meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from app.settings import Settings
from tests.api.replica import Replica
from tests.api.serving import serving
from tests.factories import World, identify_risk, register_student


@pytest.fixture
async def awake(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A service that looks for changes by itself."""
    async with serving(settings, change_interval=timedelta(seconds=0.05)) as client:
        yield client


async def test_who_waits_is_told_at_once_of_what_concerns_it(
    http: httpx.AsyncClient, awake: httpx.AsyncClient, world: World
) -> None:
    student_id = await register_student(http, world, world.school)
    mine = await Replica(http=awake, headers=world.head(world.school)).follow()
    other = await Replica(http=awake, headers=world.head(world.other_school)).follow()
    started = time.monotonic()
    waiting, in_vain = asyncio.create_task(mine.page(wait=30)), asyncio.create_task(other.page(wait=2))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    risk = await identify_risk(http, world, student_id, world.school)
    await waiting
    assert time.monotonic() - started < 2
    assert [(item["op"], item["id"]) for item in mine.items] == [("upsert", risk["id"])]
    await in_vain
    assert time.monotonic() - started >= 2
    assert other.items == []


async def test_who_waits_holds_no_connection(settings: Settings, world: World) -> None:
    """More wait than there are connections, and somebody asks meanwhile."""
    async with serving(settings, change_interval=timedelta(seconds=0.05), pool_size=2) as client:
        replicas = [await Replica(http=client, headers=world.head(world.school)).follow() for _ in range(6)]
        waiting = [asyncio.create_task(each.page(wait=1)) for each in replicas]
        await asyncio.sleep(0.3)
        assert (await client.get("/v1/students", headers=world.head(world.school))).is_success
        await asyncio.gather(*waiting)
