"""Every command and every program of docs/integrators.md is run against the service, in the order in which a reader would."""

import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.api.clients import a_system
from tests.api.serving import on_a_socket
from tests.factories import World
from tests.system.guide import GUIDE, Guide, follow


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
    async with on_a_socket(app) as port:
        environment = {
            "REGISTER_ADDRESS": f"http://127.0.0.1:{port}",
            "REGISTER_CLIENT_ID": system.id,
            "REGISTER_CLIENT_SECRET": str(system.issued.secret),
        }
        await follow(guide, tmp_path, installed, environment)
