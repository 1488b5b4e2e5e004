"""Ten thousand requests of all tenants at once, on two connections: each gets the answer that it gets alone, and nobody else's."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db.session import Database, driver_of
from app.domain.permissions import Permission
from app.settings import Settings
from tests.matrix.asgi import Answer, Request, answered
from tests.matrix.cast import Player, Stage

REQUESTS = 10_000
AT_ONCE = 16
CANCELLED_IN = 50
"""One of so many is cancelled before it is answered; it does not count."""
DOCUMENTS_IN = 20
"""One of so many is a GraphQL document, which takes several transactions."""

PLANS = "{ plans(first: 5) { edges { node { id studentId risks { id } outcome { evaluation } } } } }"
FIGURES = "{ statistics(by: [INSTITUTION]) { groups { key { institution { id } } students plans } totals { plans } } }"
LEFT_OVER = "SELECT current_user, current_setting('register.institutions', true), pg_current_xact_id_if_assigned()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a tenant asks, and what it is answered when nobody else asks."""

    player: Player
    request: Request
    alone: tuple[int, bytes]


@pytest.fixture(scope="module")
async def pool(app: FastAPI, stage: Stage, settings: Settings) -> AsyncIterator[Database]:
    """Two connections, on which everything is done in earnest."""
    assert stage.sides
    database = Database(settings.database_url.get_secret_value(), pool_size=2)
    before = app.state.register
    app.state.register = replace(before, database=database)
    yield database
    app.state.register = before
    await database.close()


def requests_of(player: Player, stage: Stage) -> Iterator[Request]:
    """Reads of records and lists, own and foreign, statistics, and changes that come too late: they lock, and change nothing."""

    def request(method: str, path: str, query: str = "", **more: Any) -> Request:
        return Request(method=method, path=path, query=query, headers=player.headers | more.pop("extra", {}), **more)

    yield request("GET", "/v1/me")
    yield request("GET", "/v1/students", "limit=5")
    yield request("POST", "/graphql", body={"query": PLANS})
    yield request("POST", "/graphql", body={"query": FIGURES})
    for side in stage.sides:
        yield request("GET", f"/v1/plans/{side.ids['plan.ACTIVE']}")
        yield request("GET", f"/v1/interventions/{side.ids['intervention']}")
        yield request("GET", f"/v1/students/{side.ids['student.ACTIVE']}/person", f"institution_id={side.institution}")
        yield request("GET", "/v1/risks", f"student_id={side.ids['student.ACTIVE']}")
        late: dict[str, Any] = {"extra": {"If-Match": '"7"'}, "body": {"severity": "HIGH"}}
        yield request("PATCH", f"/v1/risks/{side.ids['risk.ACTIVE']}", **late)


async def questions_of(app: FastAPI, stage: Stage, players: list[Player]) -> list[Question]:
    found = []
    for player in players:
        if not player.may(Permission.READ_RECORDS):
            continue
        for request in requests_of(player, stage):
            alone = plain(await answered(app, request, "alone-alone"), "alone-alone")
            found.append(Question(player=player, request=request, alone=alone))
    return found


def plain(answer: Answer, correlation_id: str) -> tuple[int, bytes]:
    """Without the id of this very request, which has to be in it."""
    assert answer.headers["x-correlation-id"] == correlation_id
    return answer.status, answer.body.replace(correlation_id.encode(), b"<correlation id>")


async def test_ten_thousand_requests_on_two_connections(
    app: FastAPI, stage: Stage, players: list[Player], pool: Database
) -> None:
    questions = await questions_of(app, stage, players)
    _are_worth_asking(questions)
    documents = [each for each in questions if each.request.path == "/graphql"]
    records = [each for each in questions if each.request.path != "/graphql"]
    chance, numbers, wrong, cut = random.Random(10_000), count(), [], 0

    async def ask(question: Question, number: int) -> None:
        word = f"request-{number:08}"
        if plain(await answered(app, question.request, word), word) != question.alone:
            wrong.append(f"{question.player}: {question.request.method} {question.request.path}")

    async def tenant() -> None:
        nonlocal cut
        while (number := next(numbers)) < REQUESTS + cut:
            asking = ask(chance.choice(records if number % DOCUMENTS_IN else documents), number)
            if chance.randrange(CANCELLED_IN):
                await asking
            elif await _cut_off(asking, chance.uniform(0, 0.02)):
                cut += 1

    await asyncio.gather(*(tenant() for _ in range(AT_ONCE)))
    assert wrong == []
    assert cut > REQUESTS / CANCELLED_IN / 4
    await _is_clean(pool)


def _are_worth_asking(questions: list[Question]) -> None:
    """Tenants are answered differently, some with what is theirs and some with nothing; else a mix-up would not be seen."""
    for path in ("/v1/me", "/v1/students"):
        answers = {question.alone for question in questions if question.request.path == path}
        assert len(answers) >= 4
    assert {question.alone[0] for question in questions} == {
        httpx.codes.OK,
        httpx.codes.FORBIDDEN,
        httpx.codes.NOT_FOUND,
        httpx.codes.PRECONDITION_FAILED,
    }


async def _cut_off(asking: Any, delay: float) -> bool:
    """Whether it was cancelled before it had its answer."""
    task = asyncio.create_task(asking)
    done, _ = await asyncio.wait([task], timeout=delay)
    if done:
        return False
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


async def _is_clean(pool: Database) -> None:
    """Both connections are back, and no transaction, role or institution is left on them."""
    async with pool.connect() as first, pool.connect() as second:
        for connection in (first, second):
            assert not (await driver_of(connection)).is_in_transaction()
            role, institutions, transaction = (await connection.execute(text(LEFT_OVER))).one()
            assert (role, institutions or "", transaction) == ("register_app", "", None)
