"""Who is not believed at /oauth/token: whatever is wrong with the proof, the client is told the same."""

import base64
import time
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from fastapi import FastAPI

from app.domain.clients import Algorithm
from tests.api.clients import GRANT, System, a_key, a_system, asserting, by_hand, operator, pem
from tests.factories import World

NOT_BELIEVED = (
    401,
    'Basic realm="risk-register"',
    "no-store",
    {"error": "invalid_client", "error_description": "The client could not prove that it is itself."},
)


async def asked(http: httpx.AsyncClient, form: Any, headers: dict[str, str] | None = None) -> tuple[Any, ...]:
    answer = await http.post("/oauth/token", data=form, headers=headers)
    return (
        answer.status_code,
        answer.headers.get("WWW-Authenticate"),
        answer.headers["Cache-Control"],
        answer.json(),
    )


async def others_than_refused(http: httpx.AsyncClient, forms: dict[str, dict[str, str]]) -> dict[str, Any]:
    found = {what: await asked(http, form) for what, form in forms.items()}
    return {what: answer for what, answer in found.items() if answer != NOT_BELIEVED}


@pytest.fixture(scope="module")
async def system(app: FastAPI, world: World) -> System:
    """With a secret."""
    return await a_system(app, world.school)


@pytest.fixture(scope="module")
async def signer(app: FastAPI, world: World) -> System:
    """With a key."""
    return await a_system(app, world.school, algorithm=Algorithm.ES256)


async def test_a_wrong_secret(http: httpx.AsyncClient, app: FastAPI, world: World, system: System) -> None:
    revoked, half = await a_system(app, world.school), await a_system(app, world.school)
    await operator(app).revoke(revoked.issued.client.id)
    await operator(app).revoke(half.issued.client.id, half.issued.credential.id)
    other = await a_system(app, world.school)
    forms = {
        "wrong": system.by_form("wrong"),
        "almost right": system.by_form(str(system.issued.secret)[:-1]),
        "of another client": system.by_form(other.issued.secret),
        "unknown client": {**system.by_form(), "client_id": str(uuid4())},
        "a client that is no id": {**system.by_form(), "client_id": "client"},
        "a client of half a character": {**system.by_form(), "client_id": "\0"},
        "no client": {**GRANT, "client_secret": str(system.issued.secret)},
        "revoked client": revoked.by_form(),
        "revoked credential": half.by_form(),
        "no proof": {**GRANT, "client_id": system.id},
    }
    assert await others_than_refused(http, forms) == {}
    assert (await asked(http, system.by_form()))[0] == 200


@pytest.mark.parametrize(
    "header", ["Bearer abc", "Basic", "Basic ", "Basic %%%", "Basic YWJj", "Digest x", "Basic gICA"], ids=str
)
async def test_a_header_that_proves_nothing(http: httpx.AsyncClient, header: str) -> None:
    assert await asked(http, GRANT, {"Authorization": header}) == NOT_BELIEVED


async def test_a_wrong_secret_in_the_header(http: httpx.AsyncClient, system: System) -> None:
    nobody = base64.b64encode(f"{uuid4()}:{system.issued.secret}".encode()).decode()
    assert await asked(http, GRANT, system.by_header("wrong")) == NOT_BELIEVED
    assert await asked(http, GRANT, {"Authorization": f"Basic {nobody}"}) == NOT_BELIEVED
    assert (await asked(http, GRANT, system.by_header()))[0] == 200


async def test_a_wrong_assertion(
    http: httpx.AsyncClient, app: FastAPI, world: World, signer: System, system: System
) -> None:
    another, now = a_key(Algorithm.ES256), int(time.time())
    rsa = a_key(Algorithm.RS256)
    revoked = await a_system(app, world.school, algorithm=Algorithm.EDDSA)
    await operator(app).revoke(revoked.issued.client.id)
    other = await a_system(app, world.school, algorithm=Algorithm.ES256)
    es256 = {"alg": "ES256", "kid": signer.kid}
    replayed = signer.assertion()
    assert (await asked(http, asserting(replayed)))[0] == 200
    assertions = {
        "replayed": replayed,
        "signed by another": signer.assertion(key=another),
        "signed by the key of another client": signer.assertion(key=other.key, header={"kid": other.kid}),
        "another algorithm": signer.assertion(key=rsa, alg="RS256"),
        "signed with the public key as if it were a secret": jwt.encode(
            signer.claims(), base64.b64encode(pem(signer.signing).encode()), "HS256", {"kid": signer.kid}
        ),
        "alg none": by_hand({**es256, "alg": "none"}, signer.claims()),
        "no signature": by_hand(es256, signer.claims()),
        "unknown kid": signer.assertion(header={"kid": "another"}),
        "no kid": jwt.encode(signer.claims(), signer.signing, "ES256"),
        **{
            f"header {name}": signer.assertion(header={name: value})
            for name, value in {
                "jku": "https://attacker.example",
                "jwk": {},
                "x5u": "https://attacker.example",
                "x5c": [],
                "x5t": "a",
                "x5t#S256": "a",
            }.items()
        },
        "crit": by_hand({**es256, "crit": ["exp"], "exp": 1}, signer.claims()),
        "type of an access token": signer.assertion(header={"typ": "at+jwt"}),
        "another issuer": signer.assertion(iss=other.id),
        "another subject": signer.assertion(sub=other.id),
        "unknown client": signer.assertion(iss=str(uuid4()), sub=str(uuid4())),
        "no subject": signer.assertion(sub=None),
        "half a character for a subject": signer.assertion(sub="\ud800"),
        "another audience": signer.assertion(aud="https://register.example/oauth/token"),
        "two audiences": signer.assertion(aud=["https://register.example", "https://another.example"]),
        "no audience": signer.assertion(aud=None),
        "no jti": signer.assertion(jti=None),
        "half a character for a jti": signer.assertion(jti="\ud800"),
        "a jti with an end": signer.assertion(jti="a\0b"),
        "a jti that is no text": signer.assertion(jti=1),
        "a jti of a thousand": signer.assertion(jti="a" * 1000),
        "expired": signer.assertion(exp=now - 1),
        "expires in an hour": signer.assertion(exp=now + 3600),
        "expires in no calendar": signer.assertion(exp=1e30),
        "expires in infinity": signer.assertion(exp=float("inf")),
        "expires in words": signer.assertion(exp="soon"),
        "expires truly": signer.assertion(exp=True),
        "never expires": signer.assertion(exp=None),
        "from the future": signer.assertion(iat=now + 3600),
        "not yet valid": signer.assertion(nbf=now + 3600),
        "revoked client": revoked.assertion(),
        "of a client that has a secret": signer.assertion(iss=system.id, sub=system.id),
        "garbage": "garbage",
        "too long": signer.assertion(note="a" * 8192),
    }
    forms = {what: asserting(assertion) for what, assertion in assertions.items()}
    assert await others_than_refused(http, forms) == {}
    assert (await asked(http, asserting(signer.assertion(), client_id=signer.id)))[0] == 200
    assert (await asked(http, asserting(signer.assertion(header={"typ": "client-authentication+jwt"}))))[0] == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({**GRANT, "scope": "everything"}, 400, "invalid_scope"),
        ({**GRANT, "client_assertion": "a.b.c"}, 400, "invalid_request"),
        ({**GRANT, "client_assertion": "a.b.c", "client_assertion_type": "saml"}, 400, "invalid_request"),
        ({**GRANT, "client_assertion": "a.b.c", "client_secret": "a"}, 400, "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
        ("grant_type=client_credentials&client_secret=%FF", 400, "invalid_request"),
        ("grant_type=client_credentials&client_secret=\u0101", 400, "invalid_request"),
        ("&".join(f"a{each}=1" for each in range(21)), 400, "invalid_request"),
        ("grant_type=" + "a" * 20_000, 413, "invalid_request"),
    ],
)
async def test_a_request_that_cannot_be_answered(http: httpx.AsyncClient, form: Any, status: int, error: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = {"content": form.encode()} if isinstance(form, str) else {"data": form}
    answer = await http.post("/oauth/token", headers=headers, **body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["Cache-Control"] == "no-store"


async def test_one_way_of_proving_it_is_enough(http: httpx.AsyncClient, system: System, signer: System) -> None:
    both = await asked(http, system.by_form(), system.by_header())
    foreign = await asked(http, {**GRANT, "client_id": signer.id}, system.by_header())
    another = await asked(http, asserting(signer.assertion(), client_id=system.id))
    assert [each[3]["error"] for each in (both, foreign, another)] == ["invalid_request"] * 3
    assert (await asked(http, {**GRANT, "client_id": system.id}, system.by_header()))[0] == 200


async def test_only_a_form_is_read(http: httpx.AsyncClient, system: System) -> None:
    answer = await http.post("/oauth/token", json=system.by_form())
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_who_is_not_believed_uses_nothing_up(http: httpx.AsyncClient, signer: System) -> None:
    """Else whoever sees a jti could spoil it for the client."""
    forged = signer.assertion(key=a_key(Algorithm.ES256), jti="seen")
    assert await asked(http, asserting(forged)) == NOT_BELIEVED
    assert await asked(http, asserting(signer.assertion(jti="seen", aud="another"))) == NOT_BELIEVED
    assert (await asked(http, asserting(signer.assertion(jti="seen"))))[0] == 200
