"""Tokens that are not accepted: whatever is wrong with one, the caller is told the same."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.api.tokens import BadToken
from app.main import register_from
from app.settings import Settings
from tests.conftest import KEY
from tests.factories import World

TYPE = "development+jwt"
SOMEBODY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
"""Whoever attacks has keys of their own, and publishes them."""
FOREIGN_KEY = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(SOMEBODY.public_key()))
PEM = SOMEBODY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
HEADERS: dict[str, Any] = {
    "jku": "https://attacker.example/keys.json",
    "jwk": FOREIGN_KEY,
    "x5u": "https://attacker.example/key.pem",
    "x5c": ["MIIB"],
    "x5t": "c29tZWJvZHk",
    "x5t#S256": "c29tZWJvZHk",
}


def claims(settings: Settings, **changed: Any) -> dict[str, Any]:
    """Of a token that is accepted, unless something is changed; None leaves a claim out."""
    now = datetime.now(UTC)
    good = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": "test",
        "iat": now - timedelta(minutes=1),
        "exp": now + timedelta(minutes=5),
        "role": "SCHOOL_HEAD",
        "institutions": [1],
        **changed,
    }
    return {name: value for name, value in good.items() if value is not None}


def signed(
    settings: Settings, *, key: Any = KEY, alg: str = "HS256", header: dict[str, Any] | None = None, **changed: Any
) -> str:
    """The JSON Web Signature of these claims; `header` adds to its header or, with None, takes from it."""
    return jwt.encode(claims(settings, **changed), key, algorithm=alg, headers={"typ": TYPE, **(header or {})})


def by_hand(header: dict[str, Any], payload: dict[str, Any], key: bytes = KEY) -> str:
    """What an attacker sends need not come from a library, which would refuse to make it."""
    said = ".".join(
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in (header, payload)
    )
    mac = hmac.digest(key, said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def unsigned(settings: Settings, alg: str = "none") -> str:
    return by_hand({"typ": TYPE, "alg": alg}, in_seconds(settings)).rpartition(".")[0] + "."


def in_seconds(settings: Settings, **changed: Any) -> dict[str, Any]:
    now = int(datetime.now(UTC).timestamp())
    return claims(settings, **{"iat": now - 60, "exp": now + 300, **changed})


def bad_tokens(settings: Settings) -> dict[str, str]:
    past = datetime.now(UTC) - timedelta(seconds=5)
    good = signed(settings)
    header, payload, signature = good.split(".")
    return {
        "alg none": unsigned(settings),
        "alg none with the signature of another": unsigned(settings) + signature,
        "alg None": unsigned(settings, "None"),
        "no alg": by_hand({"typ": TYPE}, in_seconds(settings)),
        "another algorithm": signed(settings, key=KEY * 2, alg="HS512"),
        "signed with a key of the attacker's": signed(settings, key=SOMEBODY, alg="RS256"),
        "said to be RSA, signed with the secret": by_hand({"typ": TYPE, "alg": "RS256"}, in_seconds(settings)),
        "signed with a public key as if it were the secret": by_hand(
            {"typ": TYPE, "alg": "HS256"}, in_seconds(settings), PEM
        ),
        **{
            f"genuine, with the header {name}": signed(settings, header={name: value})
            for name, value in HEADERS.items()
        },
        "signed with the key it brings": signed(settings, key=SOMEBODY, alg="RS256", header={"jwk": FOREIGN_KEY}),
        "genuine, with an extension that must be understood": by_hand(
            {"typ": TYPE, "alg": "HS256", "crit": ["exp"], "exp": 1}, in_seconds(settings)
        ),
        "genuine, with an extension that the library understands": by_hand(
            {"typ": TYPE, "alg": "HS256", "crit": ["b64"], "b64": True}, in_seconds(settings)
        ),
        "a kid that is no text": by_hand({"typ": TYPE, "alg": "HS256", "kid": 1}, in_seconds(settings)),
        "wrong key": signed(settings, key=KEY[::-1]),
        "payload of another": f"{header}.{signed(settings, role='PROGRAMME_AUTHORITY').split('.')[1]}.{signature}",
        "no signature": f"{header}.{payload}.",
        "wrong audience": signed(settings, aud="another"),
        "no audience": signed(settings, aud=None),
        "wrong issuer": signed(settings, iss="https://another.example"),
        "no issuer": signed(settings, iss=None),
        "expired": signed(settings, exp=past),
        "never expires": signed(settings, exp=None),
        "expires in infinity": by_hand({"typ": TYPE, "alg": "HS256"}, in_seconds(settings, exp=float("inf"))),
        "not yet valid": signed(settings, nbf=datetime.now(UTC) + timedelta(minutes=1)),
        "from the future": signed(settings, iat=datetime.now(UTC) + timedelta(hours=1)),
        "no subject": signed(settings, sub=None),
        "missing type": signed(settings, header={"typ": None}),
        "wrong type": signed(settings, header={"typ": "JWT"}),
        "type of another kind of token": signed(settings, header={"typ": "at+jwt"}),
        "type that is no text": by_hand({"typ": [TYPE], "alg": "HS256"}, in_seconds(settings)),
        "issuer that is no text": by_hand(
            {"typ": TYPE, "alg": "HS256"}, in_seconds(settings, iss=[settings.token_issuer])
        ),
        "too long": signed(settings, note="a" * 8192),
        "unknown role": signed(settings, role="MINISTER"),
        "no role": signed(settings, role=None),
        "a list of roles": signed(settings, role=["SCHOOL_HEAD"]),
        "a school without institution": signed(settings, institutions=None),
        "a school with two institutions": signed(settings, institutions=[1, 2]),
        "institutions that are no numbers": signed(settings, institutions=["one"]),
        "institutions that are no list": signed(settings, institutions=1),
        "a coordinator without partner": signed(settings, role="MUNICIPALITY_COORDINATOR"),
        "a regional coordinator without region": signed(settings, role="REGIONAL_COORDINATOR"),
        "a provider without staff member": signed(settings, role="SUPPORT_PROVIDER"),
        "a system without institutions": signed(settings, role="SYNC_CLIENT", institutions=None),
        "garbage": "garbage",
        "garbage in three parts": "a.b.c",
        "not Base64": "ā.ē.ī".encode().hex() + ".%%%.",
    }


async def test_whatever_is_wrong_the_answer_is_the_same(http: httpx.AsyncClient, settings: Settings) -> None:
    answers = {}
    for what, token in bad_tokens(settings).items():
        answer = await http.get("/v1/risks", headers={"Authorization": f"Bearer {token}"})
        answers[what] = (
            answer.status_code,
            answer.headers["WWW-Authenticate"],
            {**answer.json(), "correlation_id": ""},
        )
    expected = {
        "type": "/problems/unauthenticated",
        "title": "Unauthorized",
        "status": 401,
        "detail": "This token is not accepted.",
        "correlation_id": "",
    }
    assert {
        what: found for what, found in answers.items() if found != (401, 'Bearer realm="risk-register"', expected)
    } == {}


async def test_the_same_token_unspoilt_is_accepted(http: httpx.AsyncClient, settings: Settings) -> None:
    """Else the test above could not fail."""
    answer = await http.get("/v1/risks", headers={"Authorization": f"Bearer {signed(settings)}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic dGVzdDp0ZXN0"}, {"Authorization": "Bearer"}])
async def test_without_a_bearer_token_nothing_is_answered(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await http.get("/v1/risks", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")


async def test_graphql_asks_for_the_same_tokens(http: httpx.AsyncClient, world: World) -> None:
    query = {"query": "{ __typename }"}
    refused = await http.post("/graphql", json=query, headers={"Authorization": f"Bearer {unsigned(world.settings)}"})
    accepted = await http.post("/graphql", json=query, headers=world.authority())
    assert (refused.status_code, accepted.status_code) == (401, 200)


async def test_in_production_nothing_verifies_tokens_for_development(settings: Settings) -> None:
    """The very token that is accepted above: there is no verifier that could."""
    production = settings.model_copy(update={"development": False})
    with pytest.raises(BadToken, match="nobody here verifies such tokens"):
        await register_from(production).tokens.actor(signed(production))
    assert (await register_from(settings).tokens.actor(signed(settings))).subject == "test"
