"""Every command and every program of docs/analysts.md and docs/privacy.md is run against the demo, in the order in which a reader would."""

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from app.api.tokens import utc_now
from app.cli.demo_house import House
from app.domain.actors import Actor, Role
from app.main import create_app, tokens_from
from tests.api.serving import on_a_socket
from tests.system.guide import DOCS, Guide, follow

RUNS = {"analysts.md": 10, "privacy.md": 2}


def tokens(demo: House) -> Mapping[str, str]:
    """As the pages have them named: whoever reads one after the other keeps both."""

    def token(role: Role) -> str:
        actor = Actor(subject="reader", role=role)
        return tokens_from(demo.settings).issue(actor, now=utc_now(), lifetime=timedelta(minutes=10))

    return {"REGISTER_TOKEN": token(Role.PROGRAMME_AUTHORITY), "ANALYST_TOKEN": token(Role.ANALYST)}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.skipif(shutil.which("curl") is None, reason="the guides ask with curl")
async def test_the_guide_does_what_it_says(demo: House, installed: Path, tmp_path: Path, name: str) -> None:
    guide = Guide.read((DOCS / name).read_text(encoding="utf-8"))
    assert len(guide.runs) == RUNS[name]
    app = create_app(demo.settings)
    async with app.router.lifespan_context(app), on_a_socket(app) as port:
        address = {"REGISTER_ADDRESS": f"http://127.0.0.1:{port}"}
        await follow(guide, tmp_path, installed, {**address, **tokens(demo)})
