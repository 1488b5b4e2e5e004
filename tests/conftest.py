"""A real PostgreSQL for the whole run, a migrated database for each test module, and the service on top of it."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from itertools import count

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.db.embedded import EmbeddedServer
from app.db.migrations import migrate
from app.db.session import Database
from app.db.statistics import upkeep
from app.main import create_app
from app.settings import Settings
from tests.factories import World, make_world

TODAY = date(2021, 11, 15)
KEY = b"0123456789abcdef0123456789abcdef"
UNHURRIED = {
    "rate_limit": "1000000/second",
    "rate_limit_persons": "1000000/second",
    "rate_limit_batch_persons": "1000000/second",
    "rate_limit_failures": "1000000/second",
    "database_wait": 60,
}
"""Tests ask as fast as they can; those of the limits say their own."""
_numbers = count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.start(tmp_path_factory.mktemp("postgres"), durable=False) as running:
        yield running


@pytest.fixture(scope="session")
async def template(server: EmbeddedServer) -> str:
    """A migrated, empty register, to make copies of."""
    await _execute(server, "CREATE DATABASE template_register")
    await migrate(server.url("register_owner", "template_register"))
    return "template_register"


@pytest.fixture(scope="module")
async def database_name(server: EmbeddedServer, template: str) -> str:
    name = f"register_{next(_numbers)}"
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


async def _execute(server: EmbeddedServer, statement: str) -> None:
    connection = await asyncpg.connect(server.dsn("register_owner", "postgres"))
    await connection.execute(statement)
    await connection.close()


@pytest.fixture(scope="module")
async def owner(server: EmbeddedServer, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    """The owner's own connection, past every policy: to look at what is really there."""
    connection = await asyncpg.connect(server.dsn("register_owner", database_name))
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
def settings(server: EmbeddedServer, database_name: str) -> Settings:
    return Settings.model_validate(
        {
            "database_url": server.url("register_app", database_name),
            "token_key": KEY,
            "person_key": KEY[::-1],
            "person_hash_key": KEY.swapcase(),
            "development": True,
            # Sealed by the tests that are about it: elsewhere nothing happens but what a test does.
            "audit_interval": 30,
            "change_interval": 30,
            "today": TODAY,
            **UNHURRIED,
        }
    )


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """What the service has beneath it, without the service. Modules to which it matters how many connections it has make their own."""
    made = Database(settings.database_url.get_secret_value(), pool_size=4)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture(scope="module")
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks HTTP to the service, without a token: tests add the one of whoever they play."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as client:
        yield client


@pytest.fixture(scope="module")
async def world(
    owner: asyncpg.Connection, settings: Settings, server: EmbeddedServer, database_name: str
) -> AsyncIterator[World]:
    """The institutions among which a test takes place: made anew for each test module, as the database is.

    Whatever a module does through the register, statistics must still agree with the records when it has done it.
    """
    yield await make_world(owner, settings)
    assert await upkeep.differences(server.url("register_owner", database_name)) == []
