"""The example of docs/identity.md: with its settings, everybody whose role it names can sign in."""

import json
import logging
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from app.settings import IdentityProviderSettings, Settings
from tests.api.identity_provider import IdentityProvider, SigningKey, running
from tests.api.people import bearer, trusting
from tests.factories import World

PAGE = (Path(__file__).parents[2] / "docs" / "identity.md").read_text()
EXAMPLE = PAGE[PAGE.index("## Example: Keycloak") :]
KEY = SigningKey(kid="rsa")
ORGANISATIONS = {
    Role.SCHOOL_HEAD: {"izm_registracijas_nr": "4400900001"},
    Role.MUNICIPALITY_COORDINATOR: {"atvk": "0038000"},
    Role.PROGRAMME_AUTHORITY: {},
}


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", EXAMPLE, re.DOTALL)
    assert found is not None
    return found[1]


TOKEN: dict[str, Any] = json.loads(block("json"))
SET = dict(line.split("=", maxsplit=1) for line in shlex.split(block("sh")))


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with running() as started:
        started.publish(KEY)
        yield started


@pytest.fixture(scope="module")
def settings(settings: Settings, provider: IdentityProvider) -> Settings:
    """As the page sets them; the issuer alone is the test's."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in SET.items():
            environment.setenv(name, value)
        stated = IdentityProviderSettings()
    return trusting(settings, **{**stated.model_dump(exclude={"oidc_issuer"}), "issuer": provider.issuer})


@pytest.fixture(scope="module", autouse=True)
async def _numbered(owner: asyncpg.Connection, world: World) -> None:
    statement = "INSERT INTO institution_registration VALUES ($1, '4400900001', $2, NULL)"
    await owner.execute(statement, world.school, date(2010, 9, 1))


async def me(http: httpx.AsyncClient, provider: IdentityProvider, claims: dict[str, Any]) -> dict[str, Any]:
    token = KEY.sign(provider.claims(**{name: value for name, value in claims.items() if name != "iss"}))
    answer = await http.get("/v1/me", headers=bearer(token))
    assert answer.status_code == 200, claims
    return dict(answer.json())


async def test_the_token_of_the_page_is_a_provider_of_supports(
    http: httpx.AsyncClient, provider: IdentityProvider, world: World
) -> None:
    said = await me(http, provider, TOKEN)
    assert (said["role"], said["institution_ids"], said["staff_member"]) == (
        "SUPPORT_PROVIDER",
        [world.school],
        "T-017",
    )


@pytest.mark.parametrize("role", sorted(set(json.loads(SET["REGISTER_OIDC_ROLES"]).values()) - {"SUPPORT_PROVIDER"}))
async def test_so_is_everybody_else_who_has_a_role_of_the_page(
    http: httpx.AsyncClient, provider: IdentityProvider, role: str
) -> None:
    names = {meant: name for name, meant in json.loads(SET["REGISTER_OIDC_ROLES"]).items()}
    claims = {"aud": TOKEN["aud"], "realm_access": {"roles": ["offline_access", names[role]]}}
    assert (await me(http, provider, {**claims, **ORGANISATIONS[Role(role)]}))["role"] == role


async def test_without_the_reference_the_log_says_what_is_missing(
    http: httpx.AsyncClient, provider: IdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "register.people")
    claims = {**TOKEN, "iss": provider.issuer, "personala_atsauce": None}
    answer = await http.get("/v1/me", headers=bearer(KEY.sign(provider.claims(**claims))))
    assert answer.status_code == 401
    (line,) = caplog.records
    assert line.fields == {"reason": "the token names no staff member"}  # type: ignore[attr-defined]
