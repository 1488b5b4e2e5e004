"""Every command and every program of docs/integrators.md is run against the service, in the order in which a reader would."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.api.clients import a_system
from tests.api.serving import on_a_socket
from tests.factories import World
from tests.system.guide import GUIDE, Guide

ROOT = GUIDE.parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client under its own name, as the guide has it installed."""
    target = tmp_path_factory.mktemp("client")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir", "--target", str(target)]
    command = [sys.executable, "-m", "pip", "install", *options, str(ROOT / "app" / "client")]
    subprocess.run(command, check=True)  # noqa: S603 - ours
    return target


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide asks with curl")
async def test_the_guide_does_what_it_says(app: FastAPI, world: World, installed: Path, tmp_path: Path) -> None:
    guide = Guide.read(GUIDE.read_text(encoding="utf-8"))
    assert guide.untried == [
        "make demo",
        '. .data/small/environment\nexport PATH="$PWD/.venv/bin:$PATH"',
        "pip install ./app/client",
    ]
    assert world.school == 1, "the guide names the institution by its number in the demo"
    system = await a_system(app, world.school, world.college)
    for name, text in guide.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    async with on_a_socket(app) as port:
        environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(installed),
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "REGISTER_ADDRESS": f"http://127.0.0.1:{port}",
            "REGISTER_CLIENT_ID": system.id,
            "REGISTER_CLIENT_SECRET": str(system.issued.secret),
        }
        shell = await asyncio.create_subprocess_exec(
            "bash", "-c", guide.script(tmp_path), cwd=tmp_path, env=environment, stderr=asyncio.subprocess.PIPE
        )
        _, complaints = await shell.communicate()
    reached = int((tmp_path / "at").read_text())
    for number, run in enumerate(guide.runs[: reached + 1]):
        printed = (tmp_path / f"{number}.out").read_text(encoding="utf-8")
        try:
            run.check(printed)
        except (AssertionError, ValueError) as error:
            message = f"{run.block.text}\nprinted\n{printed}\nand complained\n{complaints.decode()}"
            raise AssertionError(message) from error
    assert shell.returncode == 0, f"{guide.runs[reached].block.text}\n{complaints.decode()}"
