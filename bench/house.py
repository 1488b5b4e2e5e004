"""The register that is measured: the demo's, on an embedded server of its own, and the service on a real socket."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import uvicorn
from rich.console import Console

from app.api.tokens import utc_now
from app.cli.demo import listen
from app.cli.demo_house import DATABASE, House, open_house
from app.db.embedded import SUPERUSER, EmbeddedServer
from app.demo.blocks import Scale
from app.domain.actors import Actor, Role
from app.main import create_app, tokens_from

SCALE = Scale(os.environ.get("SCALE", "small"))
FOLDER = Path(__file__).parents[1] / ".cache" / SCALE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """`owner` is past every policy: it measures limits. `authority` and `school` ask the service over HTTP."""

    house: House
    owner: asyncpg.Connection
    authority: httpx.AsyncClient
    school: httpx.AsyncClient


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    with EmbeddedServer.start(FOLDER, durable=False) as server:
        house = await open_house(server, FOLDER, SCALE, Console())
        owner = await asyncpg.connect(server.dsn(SUPERUSER, DATABASE))
        async with (
            _serving(house) as url,
            _client(house, url, _authority()) as authority,
            _client(house, url, _head(house)) as school,
        ):
            yield Bench(house=house, owner=owner, authority=authority, school=school)
        await owner.close()


def _authority() -> Actor:
    return Actor(subject="bench", role=Role.PROGRAMME_AUTHORITY)


def _head(house: House) -> Actor:
    return Actor(subject="bench", role=Role.SCHOOL_HEAD, institution_ids=frozenset({house.examples.school}))


@asynccontextmanager
async def _serving(house: House) -> AsyncIterator[str]:
    listener = listen(0)
    server = uvicorn.Server(uvicorn.Config(create_app(house.settings), log_level="warning", access_log=False))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task


def _client(house: House, url: str, actor: Actor) -> httpx.AsyncClient:
    token = tokens_from(house.settings).issue(actor, now=utc_now(), lifetime=timedelta(hours=1))
    return httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=120)
