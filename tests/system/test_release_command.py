"""`risk-register release`, as the authority's operator runs it."""

import json
import os
import subprocess
import sys

import asyncpg
import pytest

from app.db.embedded import EmbeddedServer


@pytest.fixture
def environment(server: EmbeddedServer, database_name: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "REGISTER_DATABASE_URL": server.url("register_app", database_name)}


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this interpreter and our own command
        [sys.executable, "-c", "from app.cli.main import cli; cli()", "release", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


async def test_a_release_from_its_beginning_to_its_end(environment: dict[str, str], owner: asyncpg.Connection) -> None:
    refused = run(environment, "build", "2020-1")
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (1, "Semester 2020-1 is not closed.")
    await owner.execute("INSERT INTO semester_closing (semester, closed_on) VALUES ('2020-1', '2021-02-01')")
    built = run(environment, "build", "2020-1", "--by", "Ieva Paraudze")
    assert built.returncode == 0, built.stderr
    release_id = built.stdout.splitlines()[0].rpartition(" ")[2]
    assert built.stdout.startswith("Release 1 of semester 2020-1 is sealed: ")
    assert release_id in run(environment, "list").stdout
    shown = json.loads(run(environment, "show", release_id).stdout)
    assert (shown["id"], shown["semester"], shown["withdrawn_on"]) == (release_id, "2020-1", None)
    assert shown["definition"]["tables"]
    assert json.loads(run(environment, "show", "1").stdout) == shown
    unknown = run(environment, "show", "7")
    assert (unknown.returncode, unknown.stderr.splitlines()[-1]) == (
        1,
        "There is no such release.",
    )
    again = run(environment, "build", "2020-1")
    assert again.returncode == 1
    assert "reopen the semester" in again.stderr
    await owner.execute("INSERT INTO semester_closing (semester, closed_on) VALUES ('2019-2', '2020-10-01')")
    beyond = run(environment | {"REGISTER_RELEASE_CEILING": "0.25"}, "build", "2019-2")
    assert beyond.returncode == 1
    assert "may ever be spent" in beyond.stderr
    withdrawn = run(environment, "withdraw", "1", "--reason", "Kļūda stundās.")
    assert withdrawn.returncode == 0
    assert withdrawn.stdout == (
        "Release 1 of semester 2020-1 is withdrawn.\nNothing is answered of that semester any more.\n"
    )
    assert run(environment, "withdraw", release_id, "--reason", "Kļūda stundās.").returncode == 1
    entries = await owner.fetch("SELECT subject, action, reason FROM audit_event WHERE noun = 'release' ORDER BY at")
    assert [tuple(each)[1:] for each in entries] == [("SEAL", None), ("WITHDRAW", "Kļūda stundās.")]
    assert entries[0]["subject"] == "Ieva Paraudze"


async def test_who_withdraws_a_correction_is_told_what_is_answered_from_instead(
    environment: dict[str, str], owner: asyncpg.Connection
) -> None:
    await owner.execute("INSERT INTO semester_closing (semester, closed_on) VALUES ('2018-1', '2019-02-01')")
    ids = []
    for _ in range(2):
        built = run(environment, "build", "2018-1")
        assert built.returncode == 0, built.stderr
        ids.append(built.stdout.splitlines()[0].rpartition(" ")[2])
        await owner.execute("UPDATE semester_closing SET reopened_on = closed_on WHERE semester = '2018-1'")
        await owner.execute("INSERT INTO semester_closing (semester, closed_on) VALUES ('2018-1', '2019-03-01')")
    newer = run(environment, "withdraw", ids[1], "--reason", "Kļūda stundās.")
    assert f"again. If that is wrong as well: {ids[0]}" in newer.stdout
    older = run(environment, "withdraw", ids[0], "--reason", "Kļūda stundās.")
    assert "Nothing is answered of that semester any more." in older.stdout
