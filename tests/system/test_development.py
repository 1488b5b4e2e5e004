"""What development allows is refused wherever somebody else could use it."""

from base64 import b64encode

import pytest
import uvicorn
from typer.testing import CliRunner

from app.api import logs
from app.cli import serve
from app.cli.main import cli

KEY, ANOTHER = (b64encode(part * 16).decode() for part in (b"01", b"ab"))
SETTINGS = {
    "REGISTER_DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/nothing",
    "REGISTER_TOKEN_KEY": KEY,
    "REGISTER_PERSON_KEY": KEY,
    "REGISTER_PERSON_HASH_KEY": ANOTHER,
}
DEVELOPMENT = {**SETTINGS, "REGISTER_DEVELOPMENT": "true"}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses on which the service would have been started."""
    hosts: list[str] = []
    monkeypatch.setattr(uvicorn, "run", lambda *_, host, **__: hosts.append(host))
    monkeypatch.setattr(logs, "configure", lambda: None)
    monkeypatch.setattr(serve, "checked", lambda *_: None)  # there is no database
    return hosts


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "register.example", "127.0.0.1.example"])  # noqa: S104 - refused
def test_development_is_not_served_to_others(served: list[str], host: str) -> None:
    result = CliRunner().invoke(cli, ["serve", "--host", host], env=DEVELOPMENT)
    assert (result.exit_code, served) == (1, [])
    assert f"it is not served on {host}" in result.output


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_development_is_served_to_this_machine(served: list[str], host: str) -> None:
    assert CliRunner().invoke(cli, ["serve", "--host", host], env=DEVELOPMENT).exit_code == 0
    assert served == [host]


def test_production_is_served_to_others(served: list[str]) -> None:
    assert CliRunner().invoke(cli, ["serve", "--host", "::"], env=SETTINGS).exit_code == 0
    assert served == ["::"]


def test_no_token_is_issued_in_production() -> None:
    refused = CliRunner().invoke(cli, ["token", "PROGRAMME_AUTHORITY"], env=SETTINGS)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "for development alone" in refused.stderr
    issued = CliRunner().invoke(cli, ["token", "PROGRAMME_AUTHORITY"], env=DEVELOPMENT)
    assert (issued.exit_code, issued.stdout.count(".")) == (0, 2)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["MUNICIPALITY_COORDINATOR"], "--partner: GET /v1/partners lists them"),
        (["SCHOOL_HEAD"], "--institution: GET /v1/institutions lists them"),
        (["REGIONAL_COORDINATOR"], "--region: GET /v1/regions lists them"),
        (["SUPPORT_PROVIDER", "--institution", "1"], "needs a staff member"),
    ],
)
def test_a_token_for_nobody_says_where_those_are_that_it_may_be_for(asked: list[str], said: str) -> None:
    refused = CliRunner().invoke(cli, ["token", *asked], env={**DEVELOPMENT, "COLUMNS": "300"})
    assert refused.exit_code == 2
    assert said in " ".join(refused.stderr.split())


def test_the_day_is_fixed_in_development_alone() -> None:
    refused = CliRunner().invoke(cli, ["serve"], env={**SETTINGS, "REGISTER_TODAY": "2021-11-15"})
    assert refused.exit_code == 1
    assert "REGISTER_TODAY fixes the register's day" in refused.output
