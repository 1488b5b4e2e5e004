"""School information systems: how they get a token, what it opens, and when it stops."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import asyncpg
import httpx
import jwt
import pytest
from fastapi import FastAPI

from app.domain.clients import Algorithm
from app.domain.periods import Period
from app.main import create_app
from tests.api.clients import GRANT, ISSUER, System, a_system, asserting, bearer_of, operator
from tests.conftest import TODAY
from tests.factories import World, register_student

Get = Callable[[httpx.AsyncClient, System], Awaitable[httpx.Response]]


async def by_header(http: httpx.AsyncClient, system: System) -> httpx.Response:
    return await http.post("/oauth/token", data=GRANT, headers=system.by_header())


async def by_form(http: httpx.AsyncClient, system: System) -> httpx.Response:
    return await http.post("/oauth/token", data=system.by_form())


@pytest.mark.parametrize("get", [by_header, by_form])
async def test_a_secret_gets_a_token(http: httpx.AsyncClient, app: FastAPI, world: World, get: Get) -> None:
    answer = await get(http, await a_system(app, world.school))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json().keys() == {"access_token", "token_type", "expires_in"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 600)


@pytest.mark.parametrize("algorithm", list(Algorithm))
async def test_a_key_gets_a_token(http: httpx.AsyncClient, app: FastAPI, world: World, algorithm: Algorithm) -> None:
    system = await a_system(app, world.school, algorithm=algorithm)
    me = (await http.get("/v1/me", headers=await bearer_of(http, system))).json()
    assert (me["subject"], me["role"], me["institution_ids"]) == (system.id, "SYNC_CLIENT", [world.school])


async def test_the_token_names_the_client_and_nothing_that_it_may_do(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    token = (await bearer_of(http, await a_system(app, world.school)))["Authorization"].removeprefix("Bearer ")
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "at+jwt"}
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims.keys() == {"iss", "aud", "sub", "client_id", "credential", "iat", "exp", "jti"}
    assert claims["exp"] - claims["iat"] == 600


async def test_a_client_reads_and_writes_for_the_institutions_granted_to_it(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    mine = await register_student(http, world, world.school)
    foreign = await register_student(http, world, world.other_school)
    headers = await bearer_of(http, await a_system(app, world.school))
    assert (await http.get(f"/v1/students/{mine}", headers=headers)).status_code == 200
    assert (await http.get(f"/v1/students/{foreign}", headers=headers)).status_code == 404
    body = {"student_id": mine, "institution_id": world.school, "grade": 7, "from": "2021-09-01"}
    assert (await http.post("/v1/enrolments", json=body, headers=headers)).status_code == 201


async def test_what_a_client_does_is_kept_under_its_id(
    http: httpx.AsyncClient, app: FastAPI, world: World, owner: asyncpg.Connection
) -> None:
    system = await a_system(app, world.school)
    student = await register_student(http, world, world.school)
    body = {"student_id": student, "institution_id": world.school, "grade": 7, "from": "2021-09-01"}
    await http.post("/v1/enrolments", json=body, headers=await bearer_of(http, system))
    kept = await owner.fetch("SELECT role, action, noun FROM audit_event WHERE subject = $1 ORDER BY id", system.id)
    assert [tuple(each) for each in kept] == [
        ("SYNC_CLIENT", "ISSUE_TOKEN", "client credential"),
        ("SYNC_CLIENT", "CREATE", "enrolment"),
    ]


async def test_a_revoked_client_is_nobody_on_its_next_request(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    system = await a_system(app, world.school)
    headers = await bearer_of(http, system)
    assert (await http.get("/v1/risks", headers=headers)).status_code == 200
    await operator(app).revoke(system.issued.client.id)
    assert (await http.get("/v1/risks", headers=headers)).status_code == 401
    assert (await by_form(http, system)).status_code == 401


async def test_a_revoked_credential_takes_its_tokens_with_it_and_no_others(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    old = await a_system(app, world.school)
    new = replace(old, issued=await operator(app).rotate(old.issued.client.id, overlap=timedelta(hours=24)))
    before, after = await bearer_of(http, old), await bearer_of(http, new)
    await operator(app).revoke(old.issued.client.id, old.issued.credential.id)
    assert (await http.get("/v1/risks", headers=before)).status_code == 401
    assert (await http.get("/v1/risks", headers=after)).status_code == 200
    assert (await by_form(http, old)).status_code == 401


async def test_a_rotated_credential_ends_after_the_overlap(http: httpx.AsyncClient, app: FastAPI, world: World) -> None:
    old = await a_system(app, world.school)
    headers = await bearer_of(http, old)
    new = replace(old, issued=await operator(app).rotate(old.issued.client.id, overlap=timedelta(0)))
    assert (await by_form(http, old)).status_code == 401
    assert (await http.get("/v1/risks", headers=headers)).status_code == 401
    assert (await by_form(http, new)).status_code == 200


async def test_a_withdrawn_grant_is_closed_on_the_next_request(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    mine = await register_student(http, world, world.school)
    system = await a_system(app, world.school, world.college)
    headers = await bearer_of(http, system)
    assert (await http.get(f"/v1/students/{mine}", headers=headers)).status_code == 200
    await operator(app).withdraw(system.issued.client.id, world.school, TODAY - timedelta(days=1))
    assert (await http.get(f"/v1/students/{mine}", headers=headers)).status_code == 404
    await operator(app).grant(system.issued.client.id, [world.school], Period(TODAY))
    assert (await http.get(f"/v1/students/{mine}", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("start", "end", "granted"),
    [
        (TODAY, TODAY, True),
        (date(2021, 9, 1), None, True),
        (TODAY + timedelta(days=1), None, False),
        (date(2021, 9, 1), TODAY - timedelta(days=1), False),
    ],
)
async def test_grants_have_days(
    http: httpx.AsyncClient, app: FastAPI, world: World, start: date, end: date | None, *, granted: bool
) -> None:
    headers = await bearer_of(http, await a_system(app, world.school, period=Period(start, end)))
    me = (await http.get("/v1/me", headers=headers)).json()
    assert me["institution_ids"] == ([world.school] if granted else [])


async def test_a_client_without_grants_today_reads_reference_data_and_nothing_else(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    student = await register_student(http, world, world.school)
    headers = await bearer_of(http, await a_system(app))
    assert (await http.get("/v1/regions", headers=headers)).status_code == 200
    assert (await http.get("/v1/students", headers=headers)).json()["items"] == []
    assert (await http.get(f"/v1/students/{student}", headers=headers)).status_code == 404
    of_school = f"/v1/students/{student}/person?institution_id={world.school}"
    assert (await http.get(of_school, headers=headers)).status_code == 404
    assert (await http.get(f"/v1/students/{student}/person", headers=headers)).status_code == 422
    enrolment = {"student_id": student, "institution_id": world.school, "grade": 7, "from": "2021-09-01"}
    assert (await http.post("/v1/enrolments", json=enrolment, headers=headers)).status_code == 404
    query = {"query": "{ students(first: 2) { edges { node { id } } } }"}
    assert (await http.post("/graphql", json=query, headers=headers)).json() == {"data": {"students": {"edges": []}}}


async def test_one_connection_is_enough_for_many_requests_at_once(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    """Whoever waited for a second one while holding the first would wait for ever."""
    headers = await bearer_of(http, await a_system(app, world.school))
    narrow = create_app(world.settings.model_copy(update={"pool_size": 1}))
    transport = httpx.ASGITransport(app=narrow)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test", headers=headers) as client:
        asked = asyncio.gather(*(client.get("/v1/risks") for _ in range(20)))
        assert {each.status_code for each in await asyncio.wait_for(asked, 20)} == {200}
    await narrow.state.register.database.close()


async def test_one_assertion_at_once_by_twenty_gets_one_token(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    system = await a_system(app, world.school, algorithm=Algorithm.ES256)
    form = asserting(system.assertion())
    answers = await asyncio.gather(*(http.post("/oauth/token", data=form) for _ in range(20)))
    assert sorted(each.status_code for each in answers) == [200] + [401] * 19


async def test_two_clients_may_choose_the_same_jti(http: httpx.AsyncClient, app: FastAPI, world: World) -> None:
    for _ in range(2):
        system = await a_system(app, world.school, algorithm=Algorithm.EDDSA)
        assert (await http.post("/oauth/token", data=asserting(system.assertion(jti="1")))).status_code == 200


async def test_assertions_are_forgotten_once_they_have_expired(
    http: httpx.AsyncClient, app: FastAPI, world: World, owner: asyncpg.Connection
) -> None:
    system = await a_system(app, world.school, algorithm=Algorithm.EDDSA)
    await bearer_of(http, system)
    aged = "UPDATE client_assertion SET expires_at = now() - interval '1 hour' WHERE client_id = $1"
    await owner.execute(aged, system.issued.client.id)
    await bearer_of(http, system)
    kept = "SELECT count(*) FROM client_assertion WHERE client_id = $1"
    assert await owner.fetchval(kept, system.issued.client.id) == 1


async def test_client_libraries_find_the_way(http: httpx.AsyncClient) -> None:
    found = (await http.get("/.well-known/oauth-authorization-server")).json()
    assert found == {
        "issuer": ISSUER,
        "token_endpoint": f"{ISSUER}/oauth/token",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "PS256", "EdDSA"],
        "response_types_supported": [],
    }
