"""Every command and every program of docs/analysts.md is run against the service, in the order in which a reader would."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.api.tokens import utc_now
from app.main import tokens_from
from app.settings import Settings
from tests.api.serving import on_a_socket
from tests.graphql.conftest import AUTHORITY, tiny_register
from tests.system.guide import DOCS, Guide, follow

__all__ = ["tiny_register"]


@pytest.mark.usefixtures("tiny_register")
@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide asks with curl")
async def test_the_guide_does_what_it_says(app: FastAPI, settings: Settings, installed: Path, tmp_path: Path) -> None:
    guide = Guide.read((DOCS / "analysts.md").read_text(encoding="utf-8"))
    assert len(guide.runs) == 7
    assert all(run.answer is not None for run in guide.runs)
    token = tokens_from(settings).issue(AUTHORITY, now=utc_now(), lifetime=timedelta(minutes=10))
    async with on_a_socket(app) as port:
        environment = {"REGISTER_ADDRESS": f"http://127.0.0.1:{port}", "REGISTER_TOKEN": token}
        await follow(guide, tmp_path, installed, environment)
