"""`risk-register statistics`, as an operator runs it."""

import os
import subprocess
import sys

import asyncpg
import httpx
import pytest

from app.db.embedded import EmbeddedServer
from tests.api.delivered import active_plan, consultation, recorded
from tests.factories import World


@pytest.fixture
def url(server: EmbeddedServer, database_name: str) -> str:
    return server.url("register_owner", database_name)


def run(url: str, word: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this interpreter and our own command
        [sys.executable, "-c", "from app.cli.main import cli; cli()", "statistics", word],
        env={"PATH": os.environ["PATH"], "REGISTER_OWNER_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


async def test_what_was_changed_past_the_register_fails_until_all_is_made_anew(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, url: str
) -> None:
    plan = await active_plan(http, world, owner)
    await recorded(http, "/v1/interventions", consultation(plan), world.coordinator(world.school))
    verified = run(url, "verify")
    assert (verified.returncode, verified.stdout) == (0, "What statistics are read from agrees with the records.\n")
    await owner.execute("DELETE FROM intervention")
    failed = run(url, "verify")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "statistics_delivery: 1 rows differ." in failed.stderr
    assert run(url, "rebuild").returncode == 0
    assert run(url, "verify").returncode == 0
