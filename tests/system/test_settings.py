"""What is wrong with a setting is said in one line, by its own name and without its value."""

import pytest
from typer.testing import CliRunner

from app.cli.main import cli
from tests.system.test_development import SETTINGS, served

__all__ = ["served"]

URL = "REGISTER_DATABASE_URL: write it as postgresql+asyncpg://user:password@host/register"
KEY = "it must be 32 bytes in Base64: openssl rand -base64 32."
ROLES = 'REGISTER_OIDC_ROLES: it must be a JSON object such as {"head": "SCHOOL_HEAD"}.'
ORIGINS = "REGISTER_CORS_ORIGINS: name each origin as https://statistika.example, without a path and with blanks between them; * is refused."
RATE = "write it as 600/minute: a number from 1 to 999999999, a stroke, and second, minute, hour or day."
WRONG = [
    ("REGISTER_DATABASE_URL", "secret", URL),
    ("REGISTER_DATABASE_URL", "postgresql://app:secret@host/register", URL),
    ("REGISTER_DATABASE_URL", "postgresql+asyncpg://app:secret@host:port/register", URL),
    ("REGISTER_DATABASE_URL", "postgresql+asyncpg://app:secret@host:543299/register", URL),
    ("REGISTER_DATABASE_URL", "postgresql+psycopg://app:secret@host/register", URL),
    ("REGISTER_DATABASE_URL", "postgresql+asyncpg://app:secret@host", URL),
    ("REGISTER_DATABASE_URL", "postgresql+asyncpg:///secret", URL),
    ("REGISTER_TOKEN_KEY", "secret", f"REGISTER_TOKEN_KEY: {KEY}"),
    ("REGISTER_PERSON_KEY", "c2VjcmV0", f"REGISTER_PERSON_KEY: {KEY}"),
    (
        "REGISTER_PERSON_FORMER_KEYS",
        "2:secret",
        "REGISTER_PERSON_FORMER_KEYS: write it as 1:key,2:key, each id once and",
    ),
    ("REGISTER_CORS_ORIGINS", "*", ORIGINS),
    ("REGISTER_CORS_ORIGINS", "https://one.example https://secret.example/path", ORIGINS),
    ("REGISTER_RATE_LIMIT", "secret", f"REGISTER_RATE_LIMIT: {RATE}"),
    ("REGISTER_RATE_LIMIT", "600/minutes", f"REGISTER_RATE_LIMIT: {RATE}"),
    ("REGISTER_RATE_LIMIT", "600/minute\n", f"REGISTER_RATE_LIMIT: {RATE}"),
    ("REGISTER_RATE_LIMIT_PERSONS", "0/hour", f"REGISTER_RATE_LIMIT_PERSONS: {RATE}"),
    ("REGISTER_RATE_LIMIT_BATCH_PERSONS", "3000", f"REGISTER_RATE_LIMIT_BATCH_PERSONS: {RATE}"),
    ("REGISTER_RATE_LIMIT_FAILURES", "60", f"REGISTER_RATE_LIMIT_FAILURES: {RATE}"),
    ("REGISTER_OIDC_ROLES", "secret", ROLES),
    ("REGISTER_OIDC_ROLES", '["secret"]', ROLES),
    ("REGISTER_OIDC_AUDIENCE", "secret", "REGISTER_OIDC_ISSUER is not set, but needed by REGISTER_OIDC_AUDIENCE."),
    ("REGISTER_PERSON_HASH_KEY", SETTINGS["REGISTER_PERSON_KEY"], "Of the keys of persons, the hash key included, two"),
]


@pytest.mark.parametrize(("name", "value", "line"), WRONG)
def test_what_is_wrong_is_one_line_with_its_name(served: list[str], name: str, value: str, line: str) -> None:
    result = CliRunner().invoke(cli, ["serve"], env={**SETTINGS, name: value})
    assert (result.exit_code, served) == (1, [])
    said = result.output.splitlines()
    assert said[0].startswith(line)
    assert said[1] == "docs/running.md says what each one is."
    assert ("docs/identity.md" in result.output, len(said)) == ("OIDC" in name, 3 if "OIDC" in name else 2)
    for never in ("secret", "Value error", "..", "Traceback"):
        assert never not in result.output


@pytest.mark.parametrize("host", ["host", "host:5433", "[::1]:5433"])
def test_databases_elsewhere_are_named_by_host_and_port(served: list[str], host: str) -> None:
    url = f"postgresql+asyncpg://app:p%40ss@{host}/register"
    assert CliRunner().invoke(cli, ["serve"], env={**SETTINGS, "REGISTER_DATABASE_URL": url}).exit_code == 0
    assert len(served) == 1


def test_a_variable_that_is_no_setting_is_told_and_stops_nothing(served: list[str]) -> None:
    result = CliRunner().invoke(cli, ["serve"], env={**SETTINGS, "REGISTER_RATE_LIMITS": "secret"})
    assert (result.exit_code, len(served)) == (0, 1)
    assert result.stderr == "REGISTER_RATE_LIMITS is no setting, and does nothing: docs/running.md lists them.\n"


def test_where_every_variable_is_a_setting_nothing_is_told(served: list[str]) -> None:
    assert not CliRunner().invoke(cli, ["serve"], env=SETTINGS).output
    assert len(served) == 1
