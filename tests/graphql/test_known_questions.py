"""Bodies that are known by their bytes: they go past whatever has found them in order before, and past nothing else."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.api.graphql.known_questions import KnownQuestions, Question
from app.api.graphql.operations import hash_of
from app.api.graphql.requests import GraphQLRequest
from app.api.tokens import utc_now
from app.domain.actors import Actor, Role
from app.main import tokens_from
from app.settings import Settings
from tests.api.serving import serving
from tests.graphql.conftest import AUTHORITY

pytestmark = pytest.mark.usefixtures("tiny_register")

DOCUMENT = "query Known { statistics { totals { plans } } }"
BODY = json.dumps({"query": DOCUMENT}).encode()
COLLEAGUE = Actor(subject="colleague", role=Role.PROGRAMME_AUTHORITY)
Send = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def send(http: httpx.AsyncClient, settings: Settings) -> Send:
    async def send(body: bytes = BODY, actor: Actor | None = AUTHORITY, **headers: str) -> httpx.Response:
        return await sent(http, settings, body, actor, **headers)

    return send


async def sent(
    http: httpx.AsyncClient,
    settings: Settings,
    body: bytes,
    actor: Actor | None,
    path: str = "/graphql",
    **headers: str,
) -> httpx.Response:
    own = {"Content-Type": "application/json"}
    if actor is not None:
        token = tokens_from(settings).issue(actor, now=utc_now(), lifetime=timedelta(minutes=5))
        own["Authorization"] = f"Bearer {token}"
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return await http.post(path, content=body, headers=own | changed)


async def test_a_known_body_is_answered_as_an_unknown_one(send: Send, app: FastAPI) -> None:
    unknown, known = await send(), await send(actor=COLLEAGUE)
    assert app.state.register.questions.find(BODY) is not None
    assert known.content == unknown.content
    beside = ("x-correlation-id", "ratelimit")
    assert [(name, value) for name, value in known.headers.items() if name not in beside] == [
        (name, value) for name, value in unknown.headers.items() if name not in beside
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/graphql+json"}, 200),
    ],
)
async def test_it_is_still_asked_who_asks_and_how(send: Send, headers: dict[str, str], status: int) -> None:
    await send()
    assert (await send(**headers)).status_code == status
    # And of a body that is not known, the same.
    other = json.dumps({"query": DOCUMENT.replace("Known", f"Other{len(headers)}{status}")}).encode()
    assert (await send(other, **headers)).status_code == status


async def test_a_parameter_is_unknown_to_a_known_body(http: httpx.AsyncClient, settings: Settings, send: Send) -> None:
    await send()
    answer = await sent(http, settings, BODY, AUTHORITY, path="/graphql?fast=1")
    assert (answer.status_code, answer.json()["violations"][0]["code"]) == (422, "unknown-parameter")


async def test_each_time_is_counted(settings: Settings) -> None:
    async with serving(settings, rate_limit="3/hour") as http:
        answers = [await sent(http, settings, BODY, AUTHORITY) for _ in range(4)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert [each.headers["RateLimit"].split(";")[1] for each in answers[:3]] == ["r=2", "r=1", "r=0"]
        assert (await sent(http, settings, BODY, COLLEAGUE)).status_code == 200


async def test_a_hash_is_known_to_its_sender_alone_however_many_share_the_answer(send: Send, app: FastAPI) -> None:
    persisted = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(DOCUMENT)}}}
    by_hash, with_text = (json.dumps(each).encode() for each in (persisted, persisted | {"query": DOCUMENT}))
    assert (await send(with_text)).content == (await send(by_hash)).content
    error = (await send(by_hash, COLLEAGUE)).json()["errors"][0]
    assert error["message"] == "PersistedQueryNotFound"
    assert app.state.register.questions.find(by_hash) is None
    assert (await send(with_text, COLLEAGUE)).content == (await send(by_hash, COLLEAGUE)).content


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ statistics { totals { nonsense } } }"},
        {"query": "{ plans(first: 1) { edges { node { id } } } }"},
        {"query": "{ __typename __schema { queryType { name } } }"},
        {"query": DOCUMENT, "variables": {}, "nonsense": 1},
    ],
)
async def test_only_sound_questions_to_the_statistics_are_known(send: Send, app: FastAPI, body: dict[str, Any]) -> None:
    written = json.dumps(body).encode()
    await send(written)
    assert app.state.register.questions.find(written) is None


def test_few_are_known_and_none_that_is_long() -> None:
    known = KnownQuestions(remembered=3)
    question = Question(GraphQLRequest(query="{ statistics }"), "{ statistics }", b"name")
    for number in range(4):
        known.keep(str(number).encode(), question)
        known.find(b"0")
    known.keep(bytes(30_000), question)
    assert [known.find(str(number).encode()) is not None for number in range(4)] == [True, False, True, True]
    assert known.find(bytes(30_000)) is None
