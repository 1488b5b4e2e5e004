"""Tokens that are not accepted: whatever is wrong with one, the caller is told the same."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from fastapi import FastAPI

from app.api.tokens import BadToken
from app.main import register_from
from app.settings import Settings
from tests.api.clients import a_system, bearer_of, operator
from tests.api.forged import Forger
from tests.factories import World

REFUSED = {
    "type": "/problems/unauthenticated",
    "title": "Unauthorized",
    "status": 401,
    "detail": "This token is not accepted.",
    "correlation_id": "",
}


@pytest.fixture(scope="module")
def development(settings: Settings) -> Forger:
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": "test",
        "iat": now - 60,
        "exp": now + 3600,
        "role": "SCHOOL_HEAD",
        "institutions": [1],
    }
    return Forger(typ="development+jwt", claims=claims)


@pytest.fixture(scope="module")
async def client(http: httpx.AsyncClient, app: FastAPI, world: World) -> Forger:
    """Of the tokens that a client of the school is issued."""
    token = (await bearer_of(http, await a_system(app, world.school)))["Authorization"].removeprefix("Bearer ")
    return Forger(typ="at+jwt", claims=jwt.decode(token, options={"verify_signature": False}))


async def answers_to(http: httpx.AsyncClient, tokens: dict[str, str]) -> dict[str, tuple[int, str, Any]]:
    """Other answers than the one that refuses, by what was wrong."""
    others = {}
    for what, token in tokens.items():
        answer = await http.get("/v1/risks", headers={"Authorization": f"Bearer {token}"})
        found = (answer.status_code, answer.headers.get("WWW-Authenticate"), {**answer.json(), "correlation_id": ""})
        if found != (401, 'Bearer realm="risk-register"', REFUSED):
            others[what] = found
    return others


async def test_a_bad_token_for_development(http: httpx.AsyncClient, development: Forger) -> None:
    bad = {
        "type of another kind of token": development.token(header={"typ": "at+jwt"}),
        "unknown role": development.token(role="MINISTER"),
        "no role": development.token(role=None),
        "a list of roles": development.token(role=["SCHOOL_HEAD"]),
        "a school without institution": development.token(institutions=None),
        "a school with two institutions": development.token(institutions=[1, 2]),
        "institutions that are no numbers": development.token(institutions=["one"]),
        "institutions that are no list": development.token(institutions=1),
        "an institution beyond all integers": development.token(institutions=[2**40]),
        "an institution below all": development.token(institutions=[0]),
        "an institution in words of Python": development.token(institutions=[" 1_0 "]),
        "a number as text": development.token(institutions=["1"]),
        "one and nine tenths of an institution": development.token(institutions=[1.9]),
        "a truth for an institution": development.token(institutions=[True]),
        "a partner beyond all integers": development.token(role="MUNICIPALITY_COORDINATOR", partner=2**40),
        "a partner as text": development.token(role="MUNICIPALITY_COORDINATOR", partner="1"),
        "a region that is a number": development.token(role="REGIONAL_COORDINATOR", region=1),
        "an empty subject": development.token(sub=""),
        "a null character in the subject": development.token(sub="te\0st"),
        "half a character for a subject": development.token(sub="\ud800"),
        "a line end in the subject": development.token(sub="test\n"),
        "a subject beyond measure": development.token(sub="x" * 256),
        "a coordinator without partner": development.token(role="MUNICIPALITY_COORDINATOR"),
        "a regional coordinator without region": development.token(role="REGIONAL_COORDINATOR"),
        "a provider without staff member": development.token(role="SUPPORT_PROVIDER"),
    }
    assert await answers_to(http, development.bad() | bad) == {}


async def test_a_bad_token_of_a_client(http: httpx.AsyncClient, client: Forger) -> None:
    another = str(uuid4())
    bad = {
        "type of another kind of token": client.token(header={"typ": "development+jwt"}),
        "with a role": client.token(role="PROGRAMME_AUTHORITY"),
        "with institutions": client.token(institutions=[1]),
        "without a jti": client.token(jti=None),
        "another subject": client.token(sub=another),
        "a client that is not there": client.token(sub=another, client_id=another),
        "a client that is no id": client.token(sub="client", client_id="client"),
        "a client that is no text": client.by_hand({"alg": "HS256"}, client_id=1),
        "a credential that is not there": client.token(credential=another),
        "a credential that is no text": client.by_hand({"alg": "HS256"}, credential=[another]),
    }
    assert await answers_to(http, client.bad() | bad) == {}


async def test_a_token_that_was_good_until_now(http: httpx.AsyncClient, app: FastAPI, world: World) -> None:
    gone, replaced, other = [await a_system(app, world.school) for _ in range(3)]
    tokens = {
        "of a revoked client": (await bearer_of(http, gone))["Authorization"].removeprefix("Bearer "),
        "of a revoked credential": (await bearer_of(http, replaced))["Authorization"].removeprefix("Bearer "),
    }
    assert {what: found[0] for what, found in (await answers_to(http, tokens)).items()} == dict.fromkeys(tokens, 200)
    await operator(app).revoke(gone.issued.client.id)
    await operator(app).revoke(replaced.issued.client.id, replaced.issued.credential.id)
    assert await answers_to(http, tokens) == {}
    assert (await http.get("/v1/risks", headers=await bearer_of(http, other))).status_code == 200


async def test_the_same_tokens_unspoilt_are_accepted(
    http: httpx.AsyncClient, development: Forger, client: Forger
) -> None:
    """Else the tests above could not fail."""
    for token in (
        development.token(),
        client.token(),
        development.by_hand({"alg": "HS256"}),
        client.by_hand({"alg": "HS256"}),
    ):
        answer = await http.get("/v1/risks", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic dGVzdDp0ZXN0"}, {"Authorization": "Bearer"}])
async def test_without_a_bearer_token_nothing_is_answered(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await http.get("/v1/risks", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")


async def test_graphql_asks_for_the_same_tokens(http: httpx.AsyncClient, world: World, development: Forger) -> None:
    query = {"query": "{ __typename }"}
    unsigned = {"Authorization": f"Bearer {development.unsigned('none')}"}
    refused = await http.post("/graphql", json=query, headers=unsigned)
    accepted = await http.post("/graphql", json=query, headers=world.authority())
    assert (refused.status_code, accepted.status_code) == (401, 200)


async def test_in_production_nothing_verifies_tokens_for_development(settings: Settings, development: Forger) -> None:
    """The very token that is accepted above: there is no verifier that could."""
    production = settings.model_copy(update={"development": False})
    with pytest.raises(BadToken, match="nobody here verifies such tokens"):
        await register_from(production).tokens.actor(development.token())
    assert (await register_from(settings).tokens.actor(development.token())).subject == "test"
