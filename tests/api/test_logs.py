"""What a log keeps of a request: one line of JSON with its correlation id, and nothing about anybody."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.api.logs import JsonLines
from app.main import create_app
from app.settings import Settings
from tests.factories import World, a_person, register_student

ID = "a-request.of_mine-1"


class Lines(io.StringIO):
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything that the root logger is sent, as the service would write it."""
    stream, root = Lines(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(JsonLines())
    handler.addFilter(lambda record: record.name != "httpx")  # the tests' own client
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


async def test_a_line_has_the_template_and_neither_path_nor_person(
    http: httpx.AsyncClient, world: World, lines: Lines
) -> None:
    person = a_person(given_names="Unikālijs")
    student_id = await register_student(http, world, world.school, person)
    headers = {**world.coordinator(world.school), "X-Correlation-Id": ID}
    await http.get(f"/v1/students/{student_id}/person?institution_id={world.school}", headers=headers)
    again = {"institution_id": world.school, "person": person}
    await http.post("/v1/students", json=again, headers=headers)
    mine = [each for each in lines.entries() if each["correlation_id"] == ID and each["logger"] == "register.access"]
    assert [(each["method"], each["route"], each["status"]) for each in mine] == [
        ("GET", "/v1/students/{student_id}/person", 200),
        ("POST", "/v1/students", mine[1]["status"]),
    ]
    text = lines.getvalue()
    for secret in (student_id, *map(str, person.values()), headers["Authorization"].split()[1], "institution_id"):
        assert secret not in text


async def test_a_failure_is_masked_and_its_line_has_no_values(settings: Settings, world: World, lines: Lines) -> None:
    secret = "00000000-0000-4000-8000-00000000abcd"

    def no_day() -> date:
        raise LookupError(secret)

    app = create_app(settings)
    app.state.register = replace(app.state.register, today=no_day)
    answer = await asked(app, f"/v1/students/{secret}", world)
    assert (answer.status_code, answer.headers["X-Correlation-Id"]) == (500, ID)
    assert answer.json() == {
        "type": "/problems/internal-error",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong on our side; nothing was changed.",
        "correlation_id": ID,
    }
    assert_told_without(lines, secret, "LookupError")


async def test_a_database_that_is_away_is_told_and_its_line_has_no_values(
    settings: Settings, world: World, lines: Lines, tmp_path: Path
) -> None:
    nowhere = SecretStr(f"postgresql+asyncpg://register_app@/register?host={tmp_path}")
    secret = "00000000-0000-4000-8000-00000000abcd"
    answer = await asked(
        create_app(settings.model_copy(update={"database_url": nowhere})), f"/v1/students/{secret}", world
    )
    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["X-Correlation-Id"]) == (503, "5", ID)
    assert answer.json() == {
        "type": "/problems/unavailable",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The register cannot answer right now. Ask again in a moment.",
        "correlation_id": ID,
    }
    assert_told_without(lines, secret, "FileNotFoundError")
    assert str(tmp_path) not in lines.getvalue()


async def asked(app: FastAPI, path: str, world: World) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as http:
        return await http.get(path, headers={**world.coordinator(world.school), "X-Correlation-Id": ID})


def assert_told_without(lines: Lines, secret: str, error: str) -> None:
    ours = [each for each in lines.entries() if each["logger"].startswith("register.")]
    assert {each["logger"] for each in ours} == {"register.access", "register.problems"}
    assert {each["correlation_id"] for each in ours} == {ID}
    assert any(each.get("error") == error and each["at_line"] for each in ours)
    assert secret not in lines.getvalue()


async def test_a_sound_correlation_id_is_kept(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz", headers={"X-Correlation-Id": ID})).headers["X-Correlation-Id"] == ID


@pytest.mark.parametrize("unsound", ["", "short", "x" * 65, "with blanks in it", '{"json": "or so"}', "new%0aline!"])
async def test_an_unsound_one_is_replaced(http: httpx.AsyncClient, unsound: str) -> None:
    given = (await http.get("/v1/me", headers={"X-Correlation-Id": unsound})).headers["X-Correlation-Id"]
    assert given != unsound
    assert len(given) == 36
