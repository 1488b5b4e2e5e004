"""The register that is measured: the demo's, on an embedded server of its own, and the service on a real socket."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import uvicorn
from fastapi import FastAPI
from rich.console import Console

from app.api.tokens import utc_now
from app.cli.demo import listen
from app.cli.demo_environment import stated
from app.cli.demo_house import DATABASE, House, open_house
from app.db.embedded import SUPERUSER, EmbeddedServer
from app.demo.blocks import Scale
from app.domain.actors import Actor, Role
from app.main import create_app, tokens_from

SCALE = Scale(os.environ.get("SCALE", "small"))
UNHURRIED = {
    "RATE_LIMIT": "1000000/second",
    "RATE_LIMIT_PERSONS": "1000000/second",
    "RATE_LIMIT_BATCH_PERSONS": "1000000/second",
    "RATE_LIMIT_FAILURES": "1000000/second",
}
"""Benchmarks ask as fast as they can."""
FOLDER = Path(__file__).parents[1] / ".cache" / SCALE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """`owner` is past every policy: it measures limits. `authority` and `school` ask the service over HTTP."""

    house: House
    owner: asyncpg.Connection
    owner_url: str
    authority: httpx.AsyncClient
    school: httpx.AsyncClient


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    # Filled in haste, and measured on a server that keeps its word: a commit waits for the disk, as in production.
    with EmbeddedServer.start(FOLDER, durable=False) as server:
        await open_house(server, FOLDER, SCALE, Console())
    with EmbeddedServer.start(FOLDER) as server:
        house = await open_house(server, FOLDER, SCALE, Console())
        owner_url = server.url(SUPERUSER, DATABASE)
        owner = await asyncpg.connect(server.dsn(SUPERUSER, DATABASE))
        async with (
            serving(create_app(house.settings)) as url,
            client_of(house, url, the_authority()) as authority,
            client_of(house, url, head_of(house)) as school,
        ):
            yield Bench(house=house, owner=owner, owner_url=owner_url, authority=authority, school=school)
        await owner.close()


def the_authority() -> Actor:
    return Actor(subject="bench", role=Role.PROGRAMME_AUTHORITY)


def head_of(house: House) -> Actor:
    """Of the school with examples."""
    return Actor(subject="bench", role=Role.SCHOOL_HEAD, institution_ids=frozenset({house.examples.school}))


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """The address of the service while it runs."""
    listener = listen(0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task


@asynccontextmanager
async def serving_apart(house: House) -> AsyncIterator[str]:
    """The address of the service in a process of its own, as it is in production: whoever asks does not take its time."""
    told = {f"REGISTER_{name}": value for name, value in (stated(house.settings) | UNHURRIED).items()}
    command = (str(Path(sys.executable).with_name("risk-register")), "serve")
    async with apart(command, told, known_by="/healthz") as url:
        yield url


@asynccontextmanager
async def apart(command: tuple[str, ...], environment: dict[str, str], *, known_by: str) -> AsyncIterator[str]:
    """The address of whatever the command serves, once it answers at the path by which it is known to be there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *command, "--port", str(port), env=os.environ | environment, stdout=DEVNULL, stderr=DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as client:
            while not await _answers(client, url + known_by):
                if process.returncode is not None:
                    raise RuntimeError("The service did not start.")
                await asyncio.sleep(0.1)
        yield url
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.TransportError:
        return False


def client_of(house: House, url: str, actor: Actor) -> httpx.AsyncClient:
    """Asks the service at this address as the actor."""
    return httpx.AsyncClient(base_url=url, headers={"Authorization": token_of(house, actor)}, timeout=120)


def token_of(house: House, actor: Actor) -> str:
    """As the header Authorization has it."""
    return f"Bearer {tokens_from(house.settings).issue(actor, now=utc_now(), lifetime=timedelta(hours=1))}"
