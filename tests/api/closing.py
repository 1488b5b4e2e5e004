"""A semester that ends: plans of 2021/22, semester I, and the register on a day after it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import httpx

from app.main import create_app
from app.settings import Settings
from tests.factories import World

AUTUMN = "2021-1"
AFTERWARDS = date(2022, 1, 10)


@asynccontextmanager
async def service_on(settings: Settings, day: date) -> AsyncIterator[httpx.AsyncClient]:
    """The service of the same database on another day."""
    app = create_app(settings.model_copy(update={"today": day}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as client:
            yield client


async def close(http: httpx.AsyncClient, world: World, semester: str = AUTUMN) -> httpx.Response:
    return await http.post(f"/v1/semesters/{semester}/closing", headers=world.authority())


async def reopen(http: httpx.AsyncClient, world: World, semester: str = AUTUMN) -> httpx.Response:
    body = {"reason": "Divas skolas bija ierakstījušas cita mēneša stundas."}
    return await http.post(f"/v1/semesters/{semester}/reopening", json=body, headers=world.authority())


def kind(answer: httpx.Response) -> str:
    """The code with which something was refused because of the state of the register."""
    assert answer.status_code == httpx.codes.CONFLICT, answer.text
    return str(answer.json()["type"]).removeprefix("/problems/")
