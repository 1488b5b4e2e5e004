"""Whatever is sent to keep the service busy is refused in at most ten times the time of a trivial question, in the same run."""

import json
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.api.graphql.documents import MAX_ERRORS
from tests.factories import World
from tests.graphql.hostile import ASKED, DOCUMENTS, VARIABLES

TRIVIAL = {"query": "{ __typename }"}
TIMES = 10
LARGEST_ANSWER = 50_000
"""Bytes: the largest refusals repeat what is wrong with each of 200 values."""
ROUNDS = 7
"""The fastest of so many counts, each beside a trivial question of its own. Time is the processor's: nothing here waits for anything,
and whatever else runs on the machine is not counted.
"""

BODIES: dict[str, dict[str, Any]] = {
    **{name: {"query": document} for name, document in DOCUMENTS.items()},
    **{f"variables: {name}": {"query": ASKED, "variables": variables} for name, variables in VARIABLES.items()},
}


async def seconds(
    http: httpx.AsyncClient, body: dict[str, Any], headers: dict[str, str]
) -> tuple[float, httpx.Response]:
    started = time.process_time()
    answer = await post(http, body, headers)
    return time.process_time() - started, answer


async def post(http: httpx.AsyncClient, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
    # In ASCII: half a character can be spelt by its number alone.
    return await http.post(
        "/graphql", content=json.dumps(body), headers={**headers, "Content-Type": "application/json"}
    )


@pytest.mark.parametrize("name", BODIES)
async def test_a_hostile_document_is_refused_fast(http: httpx.AsyncClient, world: World, name: str) -> None:
    headers, trivial, hostile = world.authority(), [], []
    for _ in range(ROUNDS):
        trivial.append((await seconds(http, TRIVIAL, headers))[0])
        taken, answer = await seconds(http, BODIES[name], headers)
        hostile.append(taken)
        assert_refused(answer)
    assert min(hostile) <= TIMES * min(trivial), f"{min(hostile) / min(trivial):.1f} times"


def assert_refused(answer: httpx.Response) -> None:
    if answer.status_code == 200:
        assert answer.json().get("data") is None
        assert 1 <= len(answer.json()["errors"]) <= MAX_ERRORS + 1
    else:
        assert answer.status_code in (413, 422)
    assert "internal-error" not in answer.text
    assert len(answer.content) < LARGEST_ANSWER


@pytest.mark.parametrize("variables", [{"id": "\ud800"}, {"id": ["\udfff"]}, {"\ud800": 1}, {"id": {"\ud800": 1}}])
async def test_half_a_character_among_the_variables_is_named(
    http: httpx.AsyncClient, world: World, variables: dict[str, Any]
) -> None:
    """What would repeat it in an answer could not be sent."""
    body = {"query": "query q($id: UUID!) { student(id: $id) { id } }", "variables": variables}
    answer = await post(http, body, world.authority())
    assert answer.status_code == 200
    assert [each["extensions"]["code"] for each in answer.json()["errors"]] == ["invalid-text"]


async def test_the_service_is_as_before(http: httpx.AsyncClient, world: World, app: FastAPI) -> None:
    """After all of them: nothing hangs, nothing is taken."""
    for body in BODIES.values():
        await post(http, body, world.authority())
    assert (await http.post("/graphql", json=TRIVIAL, headers=world.authority())).json() == {
        "data": {"__typename": "Query"}
    }
    assert app.state.register.database.engine.pool.checkedout() == 0
