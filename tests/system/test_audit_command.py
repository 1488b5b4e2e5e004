"""`risk-register audit`, as an operator runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from app.db import audit_log
from app.db.embedded import EmbeddedServer
from app.db.session import Database


@pytest.fixture(scope="module", autouse=True)
async def entries(owner: asyncpg.Connection, server: EmbeddedServer, database_name: str) -> None:
    await owner.execute(
        "INSERT INTO audit_inbox (subject, role, action, noun) SELECT 'x', 'X', 'READ', 'plan' FROM generate_series(1, 5)"
    )
    database = Database(server.url("register_app", database_name), pool_size=1)
    await audit_log.seal_next(database)
    await database.close()


@pytest.fixture
def url(server: EmbeddedServer, database_name: str) -> str:
    return server.url("register_app", database_name)


def run(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this interpreter and our own command
        [sys.executable, "-c", "from app.cli.main import cli; cli()", "audit", *words],
        env={"PATH": os.environ["PATH"], "REGISTER_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_a_whole_audit_verifies_also_against_a_head_kept_elsewhere(url: str, tmp_path: Path) -> None:
    head = run(url, "head")
    assert json.loads(head.stdout)["position"] == 5
    heads = tmp_path / "heads"
    heads.write_text(head.stdout)
    verified = run(url, "verify", "--heads", str(heads))
    assert (verified.returncode, verified.stdout) == (0, "The audit is whole: 5 entries, 1 noted heads.\n")


async def test_a_removed_entry_fails_the_command(url: str, owner: asyncpg.Connection, tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    heads.write_text(run(url, "head").stdout)
    transaction = await owner.fetch("DELETE FROM audit_log WHERE position = 3 RETURNING *")
    failed = run(url, "verify", "--heads", str(heads))
    assert (failed.returncode, failed.stderr) == (1, "Removed: nothing stands at position 3.\n")
    places = ", ".join(f"${number}" for number in range(1, len(transaction[0]) + 1))
    await owner.execute(f"INSERT INTO audit_log VALUES ({places})", *transaction[0])  # noqa: S608 - numbers
    assert run(url, "verify").returncode == 0


async def test_the_status_fails_when_nobody_seals(url: str, owner: asyncpg.Connection) -> None:
    assert run(url, "status").stdout == "5 entries are sealed; 0 wait, the oldest for 0.0 s.\n"
    await owner.execute(
        "INSERT INTO audit_inbox (at, subject, role, action, noun) VALUES (now() - interval '2 minutes', 'x', 'x', 'x', 'x')"
    )
    failed = run(url, "status")
    assert failed.returncode == 1
    assert "Nobody seals" in failed.stderr


async def test_a_file_that_holds_no_heads_is_said(url: str, tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    heads.write_text("nonsense\n")
    failed = run(url, "verify", "--heads", str(heads))
    assert failed.returncode == 2
    assert "is not a line of" in " ".join(failed.stderr.replace("│", "").split())
