"""The client as guides have it, the demo that guides are about (`.cache/demo`), and the national register, made once for the checkout (`.cache/national`) and asked over GraphQL and REST as the authority would."""

import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from app.api.tokens import utc_now
from app.cli.demo_house import House, open_house
from app.db.embedded import EmbeddedServer
from app.demo.blocks import Scale
from app.domain.actors import Actor, Role
from app.main import create_app, tokens_from

FOLDER = Path(__file__).parents[2] / ".cache" / "national"
DEMO = Path(__file__).parents[2] / ".cache" / "demo"

Ask = Callable[[str], Awaitable[Any]]
CLIENT = Path(__file__).parents[2] / "app" / "client"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client under its own name, as guides have it installed."""
    target = tmp_path_factory.mktemp("client")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir", "--target", str(target)]
    command = [sys.executable, "-m", "pip", "install", *options, str(CLIENT)]
    subprocess.run(command, check=True)  # noqa: S603 - ours
    return target


@pytest.fixture(scope="session")
async def demo() -> AsyncIterator[House]:
    """The small demo as a visitor finds it, with its releases: made once for the checkout."""
    with EmbeddedServer.start(DEMO, durable=False) as server:
        yield await open_house(server, DEMO, Scale.SMALL, Console(quiet=True), released=True)


@pytest.fixture(scope="session")
async def national() -> AsyncIterator[House]:
    with EmbeddedServer.start(FOLDER, durable=False) as server:
        yield await open_house(server, FOLDER, Scale.NATIONAL, Console(quiet=True))


@pytest.fixture(scope="session")
async def authority(national: House) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(national.settings)
    actor = Actor(subject="test", role=Role.PROGRAMME_AUTHORITY)
    token = tokens_from(national.settings).issue(actor, now=utc_now(), lifetime=timedelta(hours=1))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://register.test", headers=headers) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def ask(authority: httpx.AsyncClient) -> Ask:
    """Ask a GraphQL query and get its data; errors fail the test."""

    async def ask_graphql(query: str) -> Any:
        answer = (await authority.post("/graphql", json={"query": query})).json()
        assert "errors" not in answer, answer
        return answer["data"]

    return ask_graphql
