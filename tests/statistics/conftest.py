"""The tiny register of the tests of GraphQL, asked over REST as whoever one likes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.api.tokens import utc_now
from app.domain.actors import Actor
from app.main import tokens_from
from app.settings import Settings
from tests.graphql.conftest import AUTHORITY, post, tiny_register

__all__ = ["post", "tiny_register"]

PATH = "/v1/statistics"
Get = Callable[..., Awaitable[httpx.Response]]
Figures = Callable[..., Awaitable[Any]]


@pytest.fixture
def get(http: httpx.AsyncClient, settings: Settings) -> Get:
    """The whole answer. Parameters are given by name, those whose names are no Python in `also`."""

    async def get(
        actor: Actor = AUTHORITY,
        headers: dict[str, str] | None = None,
        also: dict[str, Any] | None = None,
        **asked: Any,
    ) -> httpx.Response:
        token = tokens_from(settings).issue(actor, now=utc_now(), lifetime=timedelta(minutes=5))
        return await http.get(
            PATH, params={**asked, **(also or {})}, headers={"Authorization": f"Bearer {token}", **(headers or {})}
        )

    return get


@pytest.fixture
def figures(get: Get) -> Figures:
    """The JSON of an answer that must have no errors."""

    async def figures(actor: Actor = AUTHORITY, **asked: Any) -> Any:
        answer = await get(actor, **asked)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    return figures


@pytest.fixture
def wrong(get: Get) -> Callable[..., Awaitable[list[tuple[str, str]]]]:
    """Place and code of each fault of a question that is refused."""

    async def wrong(**asked: Any) -> list[tuple[str, str]]:
        answer = await get(**asked)
        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, answer.text
        return [(each["pointer"], each["code"]) for each in answer.json()["violations"]]

    return wrong
