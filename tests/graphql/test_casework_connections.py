"""What a document takes from the pool: two connections at most, and never one while it waits for another."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app.main import create_app
from app.settings import Settings
from tests.api.plan_chain import draft
from tests.factories import Json, World

WIDE = """
{ statistics { totals { plans } }
  students { edges { node { enrolments { id } risks { id } yearOutcomes { id } plans {
      institution { name } enrolment { grade } outcome { id } steps { step } continues { id }
      interventions(first: 1) { edges { cursor } } other: interventions(first: 2) { edges { cursor } } } } } }
  plans { edges { node { id risks { id } } } }
  more: plans(first: 1) { edges { cursor } }
  interventions { edges { cursor } } }
"""
RECORDS_ALONE = WIDE.replace("statistics { totals { plans } }", "")


@pytest.fixture
async def small(settings: Settings) -> AsyncIterator[FastAPI]:
    """The service with a pool of two."""
    made = create_app(settings.model_copy(update={"pool_size": 2}))
    async with made.router.lifespan_context(made):
        yield made


@contextmanager
def most_at_once(app: FastAPI) -> Iterator[list[int]]:
    """How many connections were out of the pool after each time that one was taken."""
    pool = app.state.register.database.engine.sync_engine.pool
    taken: list[int] = []
    out = 0

    def take(*_: Any) -> None:
        nonlocal out
        out += 1
        taken.append(out)

    def give(*_: Any) -> None:
        nonlocal out
        out -= 1

    event.listen(pool, "checkout", take)
    event.listen(pool, "checkin", give)
    try:
        yield taken
    finally:
        event.remove(pool, "checkout", take)
        event.remove(pool, "checkin", give)


async def asked(app: FastAPI, query: str, headers: dict[str, str]) -> Json:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as client:
        answer = await client.post("/graphql", json={"query": query}, headers=headers)
    return dict(answer.json())


@pytest.fixture(scope="module")
async def plans(http: httpx.AsyncClient, world: World) -> list[Json]:
    return [await draft(http, world, world.school) for _ in range(3)]


async def test_a_document_holds_two_connections_at_most(app: FastAPI, world: World, plans: list[Json]) -> None:
    with most_at_once(app) as taken:
        answer = await asked(app, RECORDS_ALONE, world.municipality(world.madona))
    assert len(answer["data"]["plans"]["edges"]) == len(plans)
    assert max(taken) == 2


async def test_many_documents_on_a_pool_of_two_are_all_answered(
    small: FastAPI, world: World, plans: list[Json]
) -> None:
    """A municipality's scope is looked up in the database as well, before the first record is read."""
    readers = [world.municipality(world.madona), world.head(world.school), world.authority()] * 10
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*(asked(small, WIDE, headers) for headers in readers))
    assert all("errors" not in answer for answer in answers)
    assert [len(answer["data"]["plans"]["edges"]) for answer in answers] == [len(plans)] * len(readers)


async def test_an_abandoned_document_gives_its_connections_back(
    small: FastAPI, world: World, plans: list[Json]
) -> None:
    for _ in range(6):
        abandoned = asyncio.create_task(asked(small, WIDE, world.head(world.school)))
        await asyncio.sleep(0.005)
        abandoned.cancel()
        await asyncio.gather(abandoned, return_exceptions=True)
    async with asyncio.timeout(20):
        answer = await asked(small, WIDE, world.head(world.school))
    assert len(answer["data"]["plans"]["edges"]) == len(plans)
