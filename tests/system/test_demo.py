"""The demo as its visitor meets it: a process, what it prints, and that nothing of it stays behind."""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.cli.demo import listen

ROOT = Path(__file__).parents[2]


def a_free_port() -> int:
    with listen(0) as listener:
        return int(listener.getsockname()[1])


def processes_of(data: Path) -> list[int]:
    """Those whose command line or working directory names the folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if str(data) in (each / "cmdline").read_text() or str(data) in os.fspath((each / "cwd").readlink()):
                found.append(int(each.name))
        except OSError:
            continue
    return found


def child_of_shell(data: Path) -> int:
    return int(Path(f"{data}.pid").read_text())


def said(printed: Path) -> str:
    return printed.read_text()


async def gone(data: Path) -> bool:
    deadline = time.monotonic() + 15
    while processes_of(data):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.1)
    return True


@contextmanager
def demo(data: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """The demo as the child of a small shell, in a group of its own, and where it prints to."""
    program = Path(sys.executable).with_name("risk-register")
    command = shlex.join([str(program), "demo", "--scale", "small", "--port", str(port), "--data", str(data)])
    printed = data.with_suffix(".out")
    with printed.open("wb") as out:
        shell = subprocess.Popen(  # noqa: S603 - the command above
            ["/bin/sh", "-c", f"{command} & echo $! > {shlex.quote(str(data))}.pid; wait $!"],
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield shell, printed
    finally:
        for pid in processes_of(data):
            os.kill(pid, signal.SIGTERM)
        shell.kill()
        shell.wait()


async def up(port: int, printed: Path) -> float:
    """Seconds until it is ready and has said everything."""
    started = time.monotonic()
    async with httpx.AsyncClient() as http:
        while time.monotonic() < started + 110:
            try:
                ready = (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == httpx.codes.OK
            except httpx.TransportError:
                ready = False
            if ready and "clients list)\n" in said(printed):
                return time.monotonic() - started
            await asyncio.sleep(0.1)
    raise AssertionError(said(printed))


async def typed(line: str) -> str:
    """What a line says as a shell runs it."""
    shell = await asyncio.create_subprocess_exec("/bin/sh", "-c", line, stdout=asyncio.subprocess.PIPE)
    answer, _ = await shell.communicate()
    assert shell.returncode == 0, line
    return answer.decode()


async def practised(data: Path, printed: Path) -> None:
    """An operator's commands work on the demo, by the line that it prints."""
    environment = data / "small" / "environment"
    assert environment.stat().st_mode & 0o777 == 0o600
    (line,) = [line for line in said(printed).splitlines() if line.startswith("(. ")]
    assert "School information system of" in await typed(line)
    for command, expected in {
        "audit verify": "The audit is whole",
        "keys status": "Under another key than 1: 0.",
        "retention run --dry-run": "students looked at",
        "statistics verify": "agrees with the records",
        "token ANALYST": ".",
    }.items():
        assert expected in await typed(line.replace("clients list", command)), command


async def ask(line: str) -> httpx.Response:
    words = shlex.split(line)
    headers = dict(re.split(r": ", words[at + 1], maxsplit=1) for at, word in enumerate(words) if word == "-H")
    async with httpx.AsyncClient(timeout=20) as http:
        if "-d" in words:
            return await http.post(words[-1], content=words[words.index("-d") + 1], headers=headers)
        return await http.get(words[-1], headers=headers)


async def the_releases(lines: list[str]) -> list[dict[str, object]]:
    """Those of the demo, asked with the analyst's token; who is answered from them."""
    (line,) = [line for line in lines if "/v1/statistics?" in line]
    told = (await ask(line)).json()
    assert told["source"] == "RELEASES"
    assert [each["key"]["semester"]["code"] for each in told["groups"]] == ["2020-1", "2020-2"]
    assert all(each["values"]["students"] > 100 for each in told["groups"])
    found: list[dict[str, object]] = (await ask(re.sub(r"/v1/statistics[^']*", "/v1/releases", line))).json()
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
async def test_a_visit_and_nothing_stays_behind(tmp_path: Path) -> None:
    data, port = tmp_path / "data", a_free_port()
    with demo(data, port) as (_shell, printed):
        first = await up(port, printed)
        lines = [line for line in said(printed).splitlines() if line.startswith("curl ")]
        assert len(lines) == 9
        (system,) = [line for line in lines if "$(" in line]
        if shutil.which("curl"):
            assert len(json.loads(await typed(system))["items"]) == 2
            (batch,) = [line for line in said(printed).splitlines() if line.startswith("printf ")]
            answered = json.loads(await typed(batch))
            assert {each["created"] for each in answered["counts"].values()} == {1}
            assert json.loads(await typed(batch)) == answered
        for line in set(lines) - {system}:
            answer = await ask(line)
            assert (answer.status_code, "errors" in answer.json()) == (200, False), line
        await practised(data, printed)
        sealed = await the_releases(lines)
        assert [each["semester"] for each in sealed] == ["2020-1", "2020-2"]
        # A shell without job control starts its background jobs deaf to Ctrl-C; the service listens again.
        os.kill(child_of_shell(data), signal.SIGINT)
        assert await gone(data)
    assert not (data / "small" / "environment").exists()
    with demo(data, port) as (shell, printed):
        assert await up(port, printed) < first
        assert await the_releases(lines) == sealed
        shell.kill()
        assert await gone(data)


def test_a_port_that_is_taken_is_said_with_a_command_that_works(tmp_path: Path) -> None:
    with listen(0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with demo(tmp_path / "data", port) as (shell, printed):
            assert shell.wait(30) == 1
            program, *words = shlex.split(said(printed).splitlines()[-1])
    assert Path(program).is_file()
    assert words == ["demo", "--scale", "small", "--port", str(port + 1), "--data", str(tmp_path / "data")]
