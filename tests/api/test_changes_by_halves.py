"""A large page of the load is read by halves, on two connections in one snapshot, and nothing of that is seen in it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from app.db import feed_load
from app.db.feed_lines import Reading
from app.db.session import Database
from tests.api.replica import Json, Replica, is_equal
from tests.factories import World, enrol, identify_risk, register_student

read = feed_load._items  # noqa: SLF001 - which part is read where is seen nowhere else


@pytest.fixture(scope="module", autouse=True)
async def some(http: httpx.AsyncClient, world: World) -> list[str]:
    """Five students, each with an enrolment and a risk."""
    students = [await register_student(http, world, world.school) for _ in range(5)]
    for student_id in students:
        await enrol(http, world, student_id, world.school)
        await identify_risk(http, world, student_id, world.school)
    return students


@pytest.fixture
def replica(http: httpx.AsyncClient, world: World) -> Replica:
    return Replica(http=http, headers=world.authority())


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is read at a time, where five students are many."""
    seen: list[Any] = []

    async def noted(reading: Reading, part: Any, *others: Any) -> Any:
        seen.append((reading.connection, len(part.students)))
        return await read(reading, part, *others)

    monkeypatch.setattr(feed_load, "_items", noted)
    monkeypatch.setattr(feed_load, "_MANY", 5)
    return seen


def sorted_by_id(items: Sequence[Json]) -> list[Json]:
    return sorted(items, key=lambda item: str(item.get("id")))


async def test_halves_are_the_whole(
    replica: Replica, parts: list[Any], monkeypatch: pytest.MonkeyPatch, http: httpx.AsyncClient
) -> None:
    await replica.page()
    (one, first), (other, second) = parts
    assert one is not other
    assert (first, second) == (2, 3)
    monkeypatch.setattr(feed_load, "_MANY", 6)
    whole = Replica(http=http, headers=replica.headers)
    await whole.page()
    assert len(parts) == 3
    assert sorted_by_id(whole.items) == sorted_by_id(replica.items)
    assert [item.get("type") for item in whole.items] == [item.get("type") for item in replica.items]
    assert await is_equal(replica)


async def test_where_no_connection_is_free_it_is_read_on_the_first(
    replica: Replica, parts: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "has_free", property(lambda _: False))
    await replica.page()
    assert [count for _, count in parts] == [5]
    assert await is_equal(replica)


@pytest.mark.usefixtures("parts")
async def test_both_halves_are_of_one_moment(
    http: httpx.AsyncClient, world: World, replica: Replica, some: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed while the halves are read is in neither: it comes after the load."""
    new: list[str] = []
    recorded = asyncio.Event()

    async def afterwards(reading: Reading, part: Any, *others: Any) -> Any:
        if len(part.students) == 2:
            new.extend([(await identify_risk(http, world, each, world.school))["id"] for each in some])
            recorded.set()
        await recorded.wait()
        return await read(reading, part, *others)

    monkeypatch.setattr(feed_load, "_items", afterwards)
    await replica.page()
    assert len(new) == len(some)
    assert not set(new) & {item.get("id") for item in replica.items}
    await replica.page()
    assert {item["id"] for item in replica.items} == set(new)
    assert await is_equal(replica)


@pytest.mark.parametrize("half", [2, 3])
@pytest.mark.usefixtures("parts")
async def test_where_one_half_fails_nothing_is_sent_and_nothing_is_left_behind(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, half: int
) -> None:
    async def failing(reading: Reading, part: Any, *others: Any) -> Any:
        if len(part.students) == half:
            await reading.fetch("SELECT 1 / 0")
        return await read(reading, part, *others)

    with monkeypatch.context() as broken:
        broken.setattr(feed_load, "_items", failing)
        assert (await replica.ask()).status_code == httpx.codes.INTERNAL_SERVER_ERROR
    await replica.follow()
    assert await is_equal(replica)
