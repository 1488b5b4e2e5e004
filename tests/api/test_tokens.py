"""Tokens that are not accepted: whatever is wrong with one, the caller is told the same."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from app.settings import Settings
from tests.conftest import KEY
from tests.factories import World

TYPED = {"typ": "at+jwt"}


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
    settings: Settings, *, key: bytes = KEY, typ: str | None = "at+jwt", alg: str = "HS256", **changed: Any
) -> str:
    return jwt.encode(claims(settings, **changed), key, algorithm=alg, headers={"typ": typ})


def unsigned(settings: Settings) -> str:
    """With `alg: none`, by hand: what an attacker sends need not come from a library."""
    now = int(datetime.now(UTC).timestamp())
    parts = ({**TYPED, "alg": "none"}, claims(settings, iat=now, exp=now + 300))
    return ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in parts) + "."


def bad_tokens(settings: Settings) -> dict[str, str]:
    past = datetime.now(UTC) - timedelta(seconds=5)
    good = signed(settings)
    header, payload, signature = good.split(".")
    return {
        "alg none": unsigned(settings),
        "alg none with the signature of another": unsigned(settings) + signature,
        "another algorithm": signed(settings, key=KEY * 2, alg="HS512"),
        "wrong key": signed(settings, key=KEY[::-1]),
        "payload of another": f"{header}.{signed(settings, role='PROGRAMME_AUTHORITY').split('.')[1]}.{signature}",
        "no signature": f"{header}.{payload}.",
        "wrong audience": signed(settings, aud="another"),
        "no audience": signed(settings, aud=None),
        "wrong issuer": signed(settings, iss="https://another.example"),
        "no issuer": signed(settings, iss=None),
        "expired": signed(settings, exp=past),
        "never expires": signed(settings, exp=None),
        "from the future": signed(settings, iat=datetime.now(UTC) + timedelta(hours=1)),
        "no subject": signed(settings, sub=None),
        "missing type": signed(settings, typ=None),
        "wrong type": signed(settings, typ="JWT"),
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
