"""What the settings of an identity provider must be before the service starts."""

from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from app.cli.main import cli
from app.domain.actors import OF_PEOPLE, Role
from app.settings import Settings
from tests.system.test_development import DEVELOPMENT, SETTINGS, served

__all__ = ["served"]

PROVIDER = {
    "REGISTER_OIDC_ISSUER": "https://login.example/realms/register",
    "REGISTER_OIDC_AUDIENCE": "risk-register-api",
    "REGISTER_OIDC_ROLES": '{"vaditajs": "SCHOOL_HEAD", "ikvd": "PROGRAMME_AUTHORITY"}',
}
HERE = {**PROVIDER, "REGISTER_OIDC_ISSUER": "http://127.0.0.1:9400"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def read(environment: pytest.MonkeyPatch, stated: dict[str, str]) -> Settings:
    for name, value in stated.items():
        environment.setenv(name, value)
    return Settings()


def test_without_an_issuer_there_are_no_people_from_outside(environment: pytest.MonkeyPatch) -> None:
    assert read(environment, {}).oidc_issuer is None
    assert read(environment, {"REGISTER_OIDC_ISSUER": "", "REGISTER_OIDC_ROLES": ""}).oidc_issuer is None


def test_issuer_audience_and_roles_are_enough(environment: pytest.MonkeyPatch) -> None:
    settings = read(environment, PROVIDER)
    assert settings.oidc_roles == {"vaditajs": Role.SCHOOL_HEAD, "ikvd": Role.PROGRAMME_AUTHORITY}
    assert (settings.oidc_algorithm, settings.oidc_type, settings.oidc_jwks_uri) == ("RS256", "at+jwt", None)
    assert read(environment, HERE).oidc_issuer == "http://127.0.0.1:9400"


@pytest.mark.parametrize(
    "changed",
    [
        {"REGISTER_OIDC_ISSUER": ""},
        {"REGISTER_OIDC_AUDIENCE": ""},
        {"REGISTER_OIDC_ROLES": ""},
        {"REGISTER_OIDC_ROLES": "{}"},
        {"REGISTER_OIDC_ROLES": "vaditajs"},
        {"REGISTER_OIDC_ROLES": '["SCHOOL_HEAD"]'},
        {"REGISTER_OIDC_ROLES": '{"vaditajs": "HEAD"}'},
        {"REGISTER_OIDC_ROLES": '{"vaditajs": ["SCHOOL_HEAD"]}'},
        {"REGISTER_OIDC_ROLES": '{"sistema": "SYNC_CLIENT"}'},
        {"REGISTER_OIDC_ISSUER": "http://login.example"},
        {"REGISTER_OIDC_ISSUER": "login.example"},
        {"REGISTER_OIDC_ISSUER": "https://"},
        {"REGISTER_OIDC_ISSUER": "https://user:secret@login.example"},
        {"REGISTER_OIDC_ISSUER": "https://login.example/?realm=register"},
        {"REGISTER_OIDC_ISSUER": "http://127.0.0.1.example"},
        {"REGISTER_OIDC_ISSUER": "https://register.example"},
        {"REGISTER_OIDC_JWKS_URI": "http://login.example/keys"},
        {"REGISTER_OIDC_JWKS_URI": "file:///keys"},
        {"REGISTER_OIDC_ALGORITHM": "HS256"},
        {"REGISTER_OIDC_ALGORITHM": "none"},
        {"REGISTER_OIDC_ORGANISATIONS_BY": "NAME"},
    ],
    ids=str,
)
def test_what_could_not_be_trusted_does_not_start(environment: pytest.MonkeyPatch, changed: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=r"(?i)oidc_"):
        read(environment, {**PROVIDER, **changed})


@pytest.mark.parametrize("role", sorted(OF_PEOPLE))
def test_every_role_of_people_can_come_from_the_provider(environment: pytest.MonkeyPatch, role: Role) -> None:
    stated = {**PROVIDER, "REGISTER_OIDC_ROLES": f'{{"value": "{role}"}}'}
    assert read(environment, stated).oidc_roles == {"value": role}


@pytest.mark.parametrize(
    "provider", [PROVIDER, {**HERE, "REGISTER_OIDC_JWKS_URI": "https://login.example/keys"}], ids=["issuer", "keys"]
)
def test_development_beside_a_provider_of_others_does_not_start(served: list[str], provider: dict[str, str]) -> None:
    result = CliRunner().invoke(cli, ["serve"], env={**DEVELOPMENT, **provider})
    assert (result.exit_code, served) == (1, [])
    assert "REGISTER_DEVELOPMENT is refused beside an identity provider" in result.output


def test_development_goes_with_a_provider_of_this_machine(served: list[str]) -> None:
    assert CliRunner().invoke(cli, ["serve"], env={**DEVELOPMENT, **HERE}).exit_code == 0
    assert served == ["127.0.0.1"]


def test_what_is_wrong_is_said_by_the_name_of_the_variable() -> None:
    wrong: dict[str, Any] = {**SETTINGS, **PROVIDER, "REGISTER_OIDC_ROLES": '{"sistema": "SYNC_CLIENT"}'}
    result = CliRunner().invoke(cli, ["serve"], env=wrong)
    assert "REGISTER_OIDC_ROLES: say which of these each value means" in result.output
    assert "docs/identity.md" in result.output
    assert "Traceback" not in result.output
