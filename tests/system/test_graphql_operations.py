"""The file of registered operations: checked by whoever writes it, and before a service starts with it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.api.graphql.operations import hash_of
from app.cli.main import cli
from tests.system.test_development import SETTINGS, served

__all__ = ["served"]

FIT = "query Regions { statistics(by: [REGION]) { groups { key { region { code } } students } } }"
UNFIT = "query Regions { statistic { groups { students } } }"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "operations.json"


def write(file: Path, *documents: str) -> None:
    file.write_text(json.dumps({hash_of(each): each for each in documents}))


def test_a_frontend_checks_its_operations_without_a_register(file: Path) -> None:
    write(file, FIT)
    result = CliRunner().invoke(cli, ["graphql-operations", "check", str(file)], env={})
    assert (result.exit_code, result.output) == (0, "Fit to be registered: 1 operations.\n")


def test_and_is_told_each_that_would_not_be_answered(file: Path) -> None:
    write(file, FIT, UNFIT)
    result = CliRunner().invoke(cli, ["graphql-operations", "check", str(file)], env={})
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"Regions ({hash_of(UNFIT)[:12]}): line 1, column 17: Cannot query field 'statistic' on type 'Query'.",
        f"{file} is not fit to be registered: docs/graphql.md says what it holds.",
    ]


def test_no_service_starts_with_a_wrong_file(served: list[str], file: Path) -> None:
    environment = {**SETTINGS, "REGISTER_GRAPHQL_OPERATIONS": str(file)}
    missing = CliRunner().invoke(cli, ["serve"], env=environment)
    assert (missing.exit_code, served) == (1, [])
    assert missing.stderr.startswith(f"{file} cannot be read: No such file or directory.\n")
    write(file, UNFIT)
    assert CliRunner().invoke(cli, ["serve"], env=environment).exit_code == 1
    assert served == []
    write(file, FIT)
    assert CliRunner().invoke(cli, ["serve"], env=environment).exit_code == 0
    assert len(served) == 1


def test_only_registered_ones_need_some(served: list[str]) -> None:
    result = CliRunner().invoke(cli, ["serve"], env={**SETTINGS, "REGISTER_GRAPHQL_ONLY_REGISTERED": "true"})
    assert (result.exit_code, served) == (1, [])
    assert result.output.startswith("REGISTER_GRAPHQL_ONLY_REGISTERED needs REGISTER_GRAPHQL_OPERATIONS.\n")
