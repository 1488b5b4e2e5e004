"""A backup restored brings back who was erased since; the tombstones, replayed, erase again before it serves anybody."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.db.embedded import EmbeddedServer
from app.main import create_app
from app.settings import Settings
from tests.factories import World, end_enrolment, enrol, identify_risk, register_student

RESTORED = "restored"


async def command(url: str, *words: str, **others: str) -> tuple[int, str, str]:
    """`risk-register retention ...`, as an operator would run it: exit code, standard output, standard error."""
    register = Path(sys.executable).with_name("risk-register")
    process = await asyncio.create_subprocess_exec(
        register,
        "retention",
        *words,
        env={**os.environ, "REGISTER_DATABASE_URL": url, **others},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode(), complained.decode()


async def tool(server: EmbeddedServer, name: str, *words: str) -> None:
    process = await asyncio.create_subprocess_exec(server.binaries / name, *words, stderr=subprocess.PIPE)
    _, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()


@pytest.fixture(scope="module")
def url(settings: Settings) -> str:
    return settings.database_url.get_secret_value()


@asynccontextmanager
async def serving(settings: Settings, url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings.model_copy(update={"database_url": type(settings.database_url)(url)}))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://register.test") as client,
    ):
        yield client


async def student(http: httpx.AsyncClient, world: World) -> str:
    """Who left in October 2021: the person is due three years later."""
    student_id = await register_student(http, world, world.school)
    await identify_risk(http, world, student_id, world.school)
    await end_enrolment(http, world, await enrol(http, world, student_id, world.school))
    return student_id


async def test_erased_after_the_backup_erased_after_the_restore(
    http: httpx.AsyncClient,
    world: World,
    server: EmbeddedServer,
    database_name: str,
    settings: Settings,
    url: str,
    tmp_path: Path,
) -> None:
    by_rule, on_request = await student(http, world), await student(http, world)
    await enrol(http, world, on_request, world.school, **{"from": "2021-11-01"})
    restored_url = server.url("register_app", RESTORED)
    dump, stones = tmp_path / "register.dump", tmp_path / "tombstones.ndjson"
    dsn = server.dsn("register_owner", database_name)
    await tool(server, "pg_dump", "--format=custom", f"--file={dump}", dsn)

    code, said, _ = await command(url, "run", "--by", "the-night-shift")
    assert (code, "2 students looked at" in said) == (0, True)
    body = {"scope": "RECORDS", "reason": "Decision 7."}
    erased = await http.post(f"/v1/students/{on_request}/erasure", json=body, headers=world.authority())
    assert erased.status_code == 200
    code, said, _ = await command(url, "tombstones")
    stones.write_text(said)
    assert [(each["student_id"], each["what"], each["reason"]) for each in map(json.loads, said.splitlines())] == [
        (by_rule, "PERSON", "rule-1"),
        (on_request, "RECORDS", "request"),
    ]

    owner = await asyncpg.connect(server.dsn("register_owner", "postgres"))
    await owner.execute(f"CREATE DATABASE {RESTORED}")
    await owner.close()
    await tool(server, "pg_restore", "--exit-on-error", f"--dbname={server.dsn('register_owner', RESTORED)}", str(dump))
    person = f"/v1/students/{by_rule}/person"
    async with serving(settings, restored_url) as before:
        assert (await before.get(person, headers=world.head(world.school))).status_code == 200

    assert await command(restored_url, "replay", str(stones)) == (
        0,
        "2 tombstones: 2 erased again, 0 gone already.\n",
        "",
    )
    async with serving(settings, restored_url) as after:
        assert (await after.get(person, headers=world.head(world.school))).status_code == 404
        for headers in (world.head(world.school), world.authority()):
            assert (await after.get(f"/v1/students/{by_rule}", headers=headers)).status_code == 200
            assert (await after.get(f"/v1/students/{on_request}", headers=headers)).status_code == 404
    again = await command(restored_url, "replay", str(stones))
    assert again == (0, "2 tombstones: 0 erased again, 2 gone already.\n", "")
    assert (await command(restored_url, "tombstones"))[1] == stones.read_text()


async def test_a_file_with_a_bad_line_changes_nothing(
    http: httpx.AsyncClient, world: World, url: str, tmp_path: Path
) -> None:
    student_id = await student(http, world)
    good = {"student_id": student_id, "what": "RECORDS", "on": "2026-01-01", "reason": "request"}
    file = tmp_path / "tombstones.ndjson"
    file.write_text(f"{json.dumps(good)}\n\nno tombstone\n")
    code, said, complained = await command(url, "replay", str(file))
    assert (code, said) == (1, "")
    assert complained == f"{file}, line 3 is not a tombstone. Nothing was changed.\n"
    assert (await http.get(f"/v1/students/{student_id}", headers=world.authority())).status_code == 200


async def test_nothing_is_erased_before_its_day(url: str) -> None:
    code, said, complained = await command(url, "run", "--on", "2999-01-01")
    assert (code, said) == (1, "")
    assert complained == "Nothing is erased before its day: a day to come needs --dry-run.\n"
    assert (await command(url, "run", "--dry-run", "--on", "2999-01-01"))[0] == 0


async def test_the_day_is_the_registers_own(url: str) -> None:
    fixed = {"REGISTER_DEVELOPMENT": "true", "REGISTER_TODAY": "2021-11-15"}
    code, said, _ = await command(url, "run", "--dry-run", **fixed)
    assert (code, "Due on 2021-11-15: " in said) == (0, True)
    assert (await command(url, "run", "--on", "2021-11-16", **fixed))[0] == 1
    assert (await command(url, "run", "--dry-run", REGISTER_TODAY="2021-11-15"))[0] == 1  # of development alone
