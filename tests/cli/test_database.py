"""Commands whose database is away: each ends with a line that says so, and with nothing for programmers."""

import pytest
from typer.testing import CliRunner

from app.cli.main import cli

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
OF_THE_SERVICE = [
    ("audit", "status"),
    ("audit", "head"),
    ("audit", "verify"),
    ("changes", "new-epoch"),
    ("clients", "list"),
    ("release", "build", "2020-1"),
    ("release", "list"),
    ("retention", "run"),
    ("retention", "tombstones"),
]
OF_THE_OWNER = [("migrate",), ("statistics", "verify"), ("statistics", "rebuild")]


@pytest.mark.parametrize("words", OF_THE_SERVICE, ids=" ".join)
def test_a_database_of_the_service_that_is_away_is_told_in_a_line(words: tuple[str, ...]) -> None:
    said = CliRunner().invoke(cli, words, env={"REGISTER_DATABASE_URL": NOWHERE})
    told = said.stderr.splitlines()[-1]
    assert (said.exit_code, told) == (1, "The database of REGISTER_DATABASE_URL does not answer."), said.output


@pytest.mark.parametrize("words", OF_THE_OWNER, ids=" ".join)
def test_a_database_of_the_owner_that_is_away_is_told_in_a_line(words: tuple[str, ...]) -> None:
    said = CliRunner().invoke(cli, words, env={"REGISTER_OWNER_DATABASE_URL": NOWHERE})
    assert said.exit_code == 1
    assert said.output.startswith("The database does not answer: Connect")
