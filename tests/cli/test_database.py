"""Commands whose database is away: each ends with a line that says so, and with nothing for programmers."""

import socketserver
import threading
from collections.abc import Iterator

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


@pytest.fixture(name="hanging_up")
def _hanging_up() -> Iterator[str]:
    """The address of something that takes a connection and closes it, as what stands before a database does while that is away."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"postgresql+asyncpg://nobody@127.0.0.1:{server.server_address[1]}/nothing"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("words", OF_THE_OWNER, ids=" ".join)
def test_a_connection_that_is_closed_is_told_in_a_line(words: tuple[str, ...], hanging_up: str) -> None:
    said = CliRunner().invoke(cli, words, env={"REGISTER_OWNER_DATABASE_URL": hanging_up})
    assert (said.exit_code, said.output.count("\n")) == (1, 1), said.output
    assert said.output.startswith("The database does not answer")
