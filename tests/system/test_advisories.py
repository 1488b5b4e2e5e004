"""What `make check` says of security advisories, with somebody in the place of pip-audit who says what the test wants."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOCK = "alembic==1.20.1 \\\n    --hash=sha256:00\nanyio==4.16.0 \\\n    --hash=sha256:11\n"
CLEAN = {"name": "alembic", "version": "1.20.1", "vulns": []}
UNKNOWN = {"name": "anyio", "skip_reason": "Dependency not found"}
FLAWED = {
    "name": "anyio",
    "version": "4.16.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["4.16.1"]}, {"id": "PYSEC-2026-2", "fix_versions": []}],
}


@pytest.mark.parametrize(
    ("first", "all_of_them", "status", "said"),
    [
        ([CLEAN], [CLEAN, CLEAN], 0, []),
        ([UNKNOWN], [], 0, ["Advisories were not checked: nobody who publishes them can be reached from here."]),
        (None, None, 0, ["Advisories were not checked: nobody who publishes them can be reached from here."]),
        (
            [CLEAN],
            [CLEAN, UNKNOWN],
            0,
            ["Advisories were checked for 1 of 2 packages; the others are not known there."],
        ),
        (
            [CLEAN],
            [CLEAN, FLAWED],
            1,
            [
                "anyio 4.16.0: PYSEC-2026-1 (mended in 4.16.1)",
                "anyio 4.16.0: PYSEC-2026-2 (mended in no version yet)",
            ],
        ),
    ],
    ids=["clean", "unknown", "silent", "some", "found"],
)
def test_a_finding_fails_and_silence_is_told(
    tmp_path: Path, first: list[Any] | None, all_of_them: list[Any] | None, status: int, said: list[str]
) -> None:
    asked = run(tmp_path, first, all_of_them)
    assert (asked.returncode, asked.stdout.splitlines()) == (status, said), asked.stderr


def run(folder: Path, first: list[Any] | None, all_of_them: list[Any] | None) -> "subprocess.CompletedProcess[str]":
    """The answers to a file of one package and to one of two. None: it fails, as without a network."""
    told = {1: first, 2: all_of_them}
    answers = {count: None if told is None else json.dumps({"dependencies": told}) for count, told in told.items()}
    pip_audit = folder / "pip-audit"
    pip_audit.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "requirements = open(sys.argv[sys.argv.index('--requirement') + 1]).read()\n"
        f"answer = {answers!r}[requirements.count('==')]\n"
        "sys.exit('no network') if answer is None else print(answer)\n"
    )
    pip_audit.chmod(0o755)
    lock = folder / "requirements.lock"
    lock.write_text(LOCK)
    command = [sys.executable, "tools/advisories.py", str(pip_audit), str(lock)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
