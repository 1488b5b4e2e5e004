"""Tokens of an identity provider that are not accepted: whatever is wrong with one, the caller is told the same."""

import asyncio
import base64
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from app.api.tokens.json_web_keys import Algorithm
from app.main import create_app
from app.settings import Settings
from tests.api.identity_provider import IdentityProvider, SigningKey, ec_key, ed_key, running
from tests.api.people import bearer, roles, trusting

KEY = SigningKey(kid="rsa")
EC = SigningKey(kid="ec", private=ec_key(), algorithm="ES256")
ED = SigningKey(kid="ed", private=ed_key(), algorithm="EdDSA")
PSS = SigningKey(kid="pss", algorithm="PS256")
ENCRYPTING = SigningKey(kid="encrypting")
GIVEN_AWAY = SigningKey(kid="given-away")
STRANGER = SigningKey(kid="stranger")
SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    secret = {"kty": "oct", "kid": "secret", "k": base64url(SECRET), "alg": "HS256", "use": "sig"}
    with running() as started:
        started.publish(
            KEY, EC, ED, PSS, ENCRYPTING.published(use="enc"), GIVEN_AWAY.published(d="c2VjcmV0"), secret,
        )  # fmt: skip
        yield started


@pytest.fixture(scope="module")
def settings(settings: Settings, provider: IdentityProvider) -> Settings:
    return trusting(settings, provider.issuer)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None = None) -> str:
    """What an attacker sends need not come from a library: unsigned, or signed with HMAC-SHA-256."""
    times = {name: int(value.timestamp()) for name, value in claims.items() if isinstance(value, datetime)}
    parts = ({"typ": "at+jwt", "kid": "rsa", **header}, {**claims, **times})
    signed = ".".join(base64url(json.dumps(each).encode()) for each in parts)
    return f"{signed}.{'' if secret is None else base64url(hmac.digest(secret, signed.encode(), 'sha256'))}"


def bad_tokens(provider: IdentityProvider) -> dict[str, str]:
    head = {**roles("ikvd")}
    good = provider.claims(**head)
    public = KEY.private.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    header, payload, signature = KEY.sign(good).split(".")
    now = datetime.now(UTC)

    def claiming(**changed: Any) -> str:
        return KEY.sign(provider.claims(**{**head, **changed}))

    return {
        "alg none": by_hand({"alg": "none"}, good),
        "alg none with the signature of another": by_hand({"alg": "none"}, good) + signature,
        "alg None": by_hand({"alg": "None"}, good),
        "no alg": by_hand({}, good),
        "HS256 with the public key as PEM": by_hand({"alg": "HS256"}, good, pem),
        "HS256 with the public key as PEM, without its last line's end": by_hand({"alg": "HS256"}, good, pem.strip()),
        "HS256 with the public key as DER": by_hand({"alg": "HS256"}, good, der),
        "HS256 with the modulus": by_hand({"alg": "HS256"}, good, KEY.published()["n"].encode()),
        "HS256 with a secret of the key set": by_hand({"alg": "HS256", "kid": "secret"}, good, SECRET),
        "RS256, said of an HMAC": by_hand({"alg": "RS256"}, good, pem),
        "another algorithm of the same key": SigningKey(kid="rsa", private=KEY.private, algorithm="PS256").sign(good),
        "another hash": SigningKey(kid="rsa", private=KEY.private, algorithm="RS512").sign(good),
        "an elliptic key of the set": EC.sign(good),
        "an Edwards key of the set": ED.sign(good),
        "an elliptic key's kid": SigningKey(kid="ec", private=KEY.private).sign(good),
        "a key for encryption": ENCRYPTING.sign(good),
        "a key published with its private half": GIVEN_AWAY.sign(good),
        "an unknown kid": STRANGER.sign(good),
        "the kid of another's key": SigningKey(kid="rsa", private=STRANGER.private).sign(good),
        "no kid": KEY.sign(good, kid=None),
        "a kid that is a path": KEY.sign(good, kid="../../rsa"),
        "an endless kid": KEY.sign(good, kid="k" * 3_000),
        "a key set of its own": KEY.sign(good, jku="https://attacker.example/keys"),
        "a key set of its own, and an unknown kid": STRANGER.sign(good, jku=f"{provider.issuer}/keys"),
        "its own key": STRANGER.sign(good, kid="rsa", jwk=STRANGER.published()),
        "the right key, brought along": KEY.sign(good, jwk=KEY.published()),
        "its own certificate's address": KEY.sign(good, x5u="https://attacker.example/certificate"),
        "its own certificate": KEY.sign(good, x5c=["MIIB"]),
        "critical extensions": KEY.sign(good, crit=["b64"], b64=False),
        "critical extensions that nobody knows": KEY.sign(good, crit=["https://attacker.example/"]),
        "wrong audience": claiming(aud="another"),
        "no audience": claiming(aud=None),
        "other audiences": claiming(aud=["account", "another"]),
        "wrong issuer": claiming(iss="https://another.example"),
        "issuer with a slash more": claiming(iss=f"{provider.issuer}/"),
        "no issuer": claiming(iss=None),
        "missing type": KEY.sign(good, typ=None),
        "an identity token's type": KEY.sign(good, typ="JWT"),
        "the type of tokens for development": KEY.sign(good, typ="development+jwt"),
        "expired": claiming(exp=now - timedelta(seconds=31)),
        "never expires": claiming(exp=None),
        "expires at infinity": claiming(exp=float("inf")),
        "not yet valid": claiming(nbf=now + timedelta(seconds=60)),
        "issued in the future": claiming(iat=now + timedelta(seconds=60)),
        "issued at no time": claiming(iat=None),
        "no subject": claiming(sub=None),
        "an empty subject": claiming(sub=""),
        "an endless subject": claiming(sub="s" * 256),
        "a number for a subject": claiming(sub=17),
        "payload of another": f"{header}.{KEY.sign(provider.claims(**roles('vaditajs'))).split('.')[1]}.{signature}",
        "no signature": f"{header}.{payload}.",
        "garbage in three parts": "a.b.c",
    }  # fmt: skip


async def test_whatever_is_wrong_the_answer_is_the_same(http: httpx.AsyncClient, provider: IdentityProvider) -> None:
    tokens = bad_tokens(provider)
    answers = await asyncio.gather(*(http.get("/v1/me", headers=bearer(token)) for token in tokens.values()))
    expected = {
        "type": "/problems/unauthenticated",
        "title": "Unauthorized",
        "status": 401,
        "detail": "This token is not accepted.",
        "correlation_id": "",
    }
    found = {
        what: (answer.status_code, answer.headers["WWW-Authenticate"], {**answer.json(), "correlation_id": ""})
        for what, answer in zip(tokens, answers, strict=True)
    }
    assert {what: each for what, each in found.items() if each != (401, 'Bearer realm="risk-register"', expected)} == {}


async def test_the_same_token_unspoilt_is_accepted(http: httpx.AsyncClient, provider: IdentityProvider) -> None:
    """Else the test above could not fail."""
    token = KEY.sign(provider.claims(**roles("ikvd")))
    assert (await http.get("/v1/me", headers=bearer(token))).json()["role"] == "PROGRAMME_AUTHORITY"
    answer = await http.post("/graphql", json={"query": "{ __typename }"}, headers=bearer(token))
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_clocks_may_differ_by_half_a_minute(http: httpx.AsyncClient, provider: IdentityProvider) -> None:
    now = datetime.now(UTC)
    slow = provider.claims(**roles("ikvd"), exp=now - timedelta(seconds=20))
    fast = provider.claims(**roles("ikvd"), iat=now + timedelta(seconds=20), nbf=now + timedelta(seconds=20))
    for claims in (slow, fast):
        assert (await http.get("/v1/me", headers=bearer(KEY.sign(claims)))).status_code == 200


async def test_one_audience_among_several_is_enough(http: httpx.AsyncClient, provider: IdentityProvider) -> None:
    claims = provider.claims(**roles("ikvd"), aud=["account", "risk-register-api"])
    assert (await http.get("/v1/me", headers=bearer(KEY.sign(claims)))).status_code == 200


@pytest.mark.parametrize(
    ("role", "claims", "reason"),
    [
        ("stranger", {}, "no role of the register"),
        ("vaditajs", {}, "the token names no institution"),
        ("vaditajs", {"institution": "1234567890"}, "no institution of that number today, or more than one"),
        ("pasvaldibas-koordinators", {"institution": "1234567890"}, "the token names no partner"),
        ("pasvaldibas-koordinators", {"partner": "1234567"}, "no partner of that number today, or more than one"),
        ("regiona-koordinators", {}, "the token names no planning region"),
        ("regiona-koordinators", {"region": "LV00A"}, "no planning region of that code today"),
    ],
)
async def test_why_is_in_the_log_and_nobody_else(
    http: httpx.AsyncClient,
    provider: IdentityProvider,
    caplog: pytest.LogCaptureFixture,
    role: str,
    claims: dict[str, str],
    reason: str,
) -> None:
    """A claim that is absent is told from a number that nobody has; the caller is told neither."""
    caplog.set_level(logging.INFO, "register.people")
    answer = await http.get("/v1/me", headers=bearer(KEY.sign(provider.claims(**roles(role), **claims))))
    assert (answer.status_code, answer.json()["detail"]) == (401, "This token is not accepted.")
    assert [record.fields for record in caplog.records] == [{"reason": reason}]  # type: ignore[attr-defined]
    assert not any(word in caplog.text for word in ("Paraudze", "paraudze", "1234567", "LV00A", "7f5f7a52"))


@pytest.mark.parametrize("key", [EC, ED, PSS], ids=lambda key: str(key.algorithm))
async def test_the_algorithm_that_is_set_is_the_only_one(
    settings: Settings, provider: IdentityProvider, key: SigningKey
) -> None:
    claims = provider.claims(**roles("ikvd"))
    app = create_app(settings.model_copy(update={"oidc_algorithm": Algorithm(key.algorithm)}))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://register.test") as http,
    ):
        assert (await http.get("/v1/me", headers=bearer(key.sign(claims)))).status_code == 200
        assert (await http.get("/v1/me", headers=bearer(KEY.sign(claims)))).status_code == 401
