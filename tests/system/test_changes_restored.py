"""A register restored is another one: whoever follows it is told so, begins anew, and has again what the service shows."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.db.embedded import EmbeddedServer
from app.db.migrations import migrate
from app.settings import Settings
from tests.api.replica import Expired, Replica, is_equal
from tests.api.serving import serving
from tests.factories import World, enrol, identify_risk, register_student


@pytest.fixture(scope="module")
def other_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.start(tmp_path_factory.mktemp("other"), durable=False) as running:
        yield running


async def tool(program: Path, *words: str, **environment: str) -> str:
    process = await asyncio.create_subprocess_exec(
        program, *words, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    said, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    return said.decode()


@pytest.fixture
async def dump(
    http: httpx.AsyncClient, world: World, server: EmbeddedServer, database_name: str, tmp_path: Path
) -> Path:
    """With something in it that is noted and has no position yet."""
    student_id = await register_student(http, world, world.school)
    await enrol(http, world, student_id, world.school)
    file = tmp_path / "register.dump"
    dsn = server.dsn("register_owner", database_name)
    await tool(server.binaries / "pg_dump", "--format=custom", f"--file={file}", dsn)
    return file


async def created(server: EmbeddedServer, name: str) -> None:
    owner = await asyncpg.connect(server.dsn("register_owner", "postgres"))
    await owner.execute(f"CREATE DATABASE {name}")
    await owner.close()


async def restored(server: EmbeddedServer, dump: Path, name: str) -> None:
    await created(server, name)
    dsn = server.dsn("register_owner", name)
    await tool(server.binaries / "pg_restore", "--exit-on-error", f"--dbname={dsn}", str(dump))


@asynccontextmanager
async def on(server: EmbeddedServer, name: str, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    url = type(settings.database_url)(server.url("register_app", name))
    async with serving(settings, database_url=url) as client:
        yield client


async def moves_on(replica: Replica, http: httpx.AsyncClient, world: World) -> None:
    """What it knows is more than the backup does; then it asks the restored register."""
    await replica.follow()
    student_id = await register_student(replica.http, world, world.school)
    await identify_risk(replica.http, world, student_id, world.school)
    assert await is_equal(replica)
    replica.http = http
    with pytest.raises(Expired):
        await replica.page()
    replica.cursor = None
    await replica.page()
    assert [item["op"] for item in replica.items][:: len(replica.items) - 1] == ["load-begins", "load-ends"]
    assert ("student", student_id) not in replica.kept
    assert await is_equal(replica)
    await register_student(http, world, world.school)
    assert await is_equal(replica)


async def test_on_another_server(
    http: httpx.AsyncClient, world: World, dump: Path, other_server: EmbeddedServer, settings: Settings
) -> None:
    # The roles belong to the server: any migrated database makes them.
    await created(other_server, "for_its_roles")
    await migrate(other_server.url("register_owner", "for_its_roles"))
    await restored(other_server, dump, "elsewhere")
    async with on(other_server, "elsewhere", settings) as client:
        await moves_on(Replica(http=http, headers=world.head(world.school)), client, world)


async def test_in_another_database_of_the_same_server(
    http: httpx.AsyncClient, world: World, dump: Path, server: EmbeddedServer, settings: Settings
) -> None:
    await restored(server, dump, "beside")
    async with on(server, "beside", settings) as client:
        await moves_on(Replica(http=http, headers=world.authority()), client, world)


@pytest.mark.parametrize("command", ["new-epoch", "replay"])
async def test_the_operator_says_so(
    http: httpx.AsyncClient, world: World, settings: Settings, tmp_path: Path, command: str
) -> None:
    replica = await Replica(http=http, headers=world.head(world.school)).follow()
    (tmp_path / "none.ndjson").touch()
    words = {"new-epoch": ["changes", "new-epoch"], "replay": ["retention", "replay", str(tmp_path / "none.ndjson")]}
    url = settings.database_url.get_secret_value()
    said = await tool(Path(sys.executable).with_name("risk-register"), *words[command], REGISTER_DATABASE_URL=url)
    assert ("has begun" in said) == (command == "new-epoch")
    with pytest.raises(Expired):
        await replica.page()
    replica.cursor = None
    assert await is_equal(replica)
