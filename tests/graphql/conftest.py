"""The tiny register, and a way to ask it as whoever one likes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from app.api.tokens import utc_now
from app.domain.actors import Actor, Role
from app.main import tokens_from
from app.settings import Settings
from tests.graphql.tiny_plans import PLANS
from tests.graphql.tiny_register import write_network, write_plan

AUTHORITY = Actor(subject="authority", role=Role.PROGRAMME_AUTHORITY)
Ask = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
async def tiny_register(owner: asyncpg.Connection) -> None:
    await write_network(owner)
    for plan in PLANS:
        await write_plan(owner, plan)
    await owner.execute("SELECT statistics_rebuild()")


@pytest.fixture
def post(http: httpx.AsyncClient, settings: Settings) -> Ask:
    """The whole answer to a document, and its status."""

    async def post(document: str, actor: Actor = AUTHORITY, **variables: Any) -> httpx.Response:
        token = tokens_from(settings).issue(actor, now=utc_now(), lifetime=timedelta(minutes=5))
        return await http.post(
            "/graphql", json={"query": document, "variables": variables}, headers={"Authorization": f"Bearer {token}"}
        )

    return post


@pytest.fixture
def ask(post: Ask) -> Ask:
    """The `statistics` of an answer that must have no errors. `{ statistics(...) ... }` around it is added."""

    async def ask(arguments: str, selection: str, actor: Actor = AUTHORITY) -> Any:
        call = f"statistics({arguments})" if arguments else "statistics"
        answer = (await post(f"{{ {call} {{ {selection} }} }}", actor)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]["statistics"]

    return ask


@pytest.fixture
def refused(post: Ask) -> Ask:
    """The extensions of the one error of an answer."""

    async def refused(document: str, actor: Actor = AUTHORITY, **variables: Any) -> Any:
        answer = (await post(document, actor, **variables)).json()
        (error,) = answer["errors"]
        assert error["extensions"]["correlationId"]
        return error["extensions"] | {"message": error["message"]}

    return refused
