"""A large page of the load is read on two connections in one snapshot, and nothing of that is seen in it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import httpx
import pytest

from app.db import feed_load
from app.db.feed_lines import Reading
from app.db.session import Connection, Database
from tests.api.delivered import active_plan, consultation, recorded
from tests.api.replica import Json, Replica, is_equal
from tests.factories import World

INTERVENTIONS = "/v1/interventions"
ask, ask_of_plans = Reading.items, Reading.items_of_plans


@pytest.fixture(scope="module", autouse=True)
async def plans(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> list[Json]:
    """Of four students, with an intervention each."""
    active = [await active_plan(http, world, owner) for _ in range(4)]
    for plan in active:
        await recorded(http, INTERVENTIONS, consultation(plan), world.coordinator(world.school))
    return active


@pytest.fixture
def replica(http: httpx.AsyncClient, world: World) -> Replica:
    return Replica(http=http, headers=world.authority())


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    """On which it is asked: for interventions student by student, and before them for everything else at once."""
    used: list[Connection] = []

    async def noted(reading: Reading, asked: Any) -> Any:
        used.append(reading.connection)
        return await ask(reading, asked)

    async def noted_of_plans(reading: Reading, **others: Any) -> Any:
        used.append(reading.connection)
        return await ask_of_plans(reading, **others)

    monkeypatch.setattr(feed_load, "_AT_ONCE", 1)
    monkeypatch.setattr(Reading, "items", noted)
    monkeypatch.setattr(Reading, "items_of_plans", noted_of_plans)
    return used


def by_id(items: Sequence[Json]) -> list[Json]:
    return sorted(items, key=lambda item: str(item.get("id")))


async def test_two_connections_find_what_one_finds(
    http: httpx.AsyncClient, replica: Replica, connections: list[Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    await replica.page()
    assert (len(connections), len(set(connections))) == (5, 2)
    monkeypatch.setattr(Database, "has_free", property(lambda _: False))
    other = Replica(http=http, headers=replica.headers)
    await other.page()
    assert len(set(connections[5:])) == 1, "others need the second one"
    assert by_id(other.items) == by_id(replica.items)
    assert [item.get("type") for item in other.items] == [item.get("type") for item in replica.items]
    assert await is_equal(replica)


@pytest.mark.usefixtures("connections")
async def test_both_connections_see_one_moment(
    http: httpx.AsyncClient, world: World, replica: Replica, plans: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed while the page is read is in no part of it: it comes after the load."""
    new, all_recorded = set[str](), asyncio.Event()

    async def record_first(reading: Reading, asked: Any) -> Any:
        for plan in plans:
            body = consultation(plan, on="2021-10-12")
            new.add((await recorded(http, INTERVENTIONS, body, world.coordinator(world.school)))["id"])
        all_recorded.set()
        return await ask(reading, asked)

    async def ask_afterwards(reading: Reading, **others: Any) -> Any:
        await all_recorded.wait()
        return await ask_of_plans(reading, **others)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Reading, "items", record_first)
        meanwhile.setattr(Reading, "items_of_plans", ask_afterwards)
        await replica.page()
    assert len(new) == len(plans)
    assert not new & {item.get("id") for item in replica.items}
    await replica.page()
    assert {item["id"] for item in replica.items if item["type"] == "intervention"} == new
    assert await is_equal(replica)


@pytest.mark.parametrize("failing", ["items", "items_of_plans"])
@pytest.mark.usefixtures("connections")
async def test_where_one_connection_fails_nothing_is_sent_and_nothing_is_left_behind(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    async def fail(reading: Reading, *_: Any, **__: Any) -> Any:
        return await reading.fetch("SELECT 1 / 0")

    with monkeypatch.context() as broken:
        broken.setattr(Reading, failing, fail)
        assert (await replica.ask()).status_code == httpx.codes.INTERNAL_SERVER_ERROR
    await replica.follow()
    assert await is_equal(replica)
