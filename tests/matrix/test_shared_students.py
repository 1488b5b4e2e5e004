"""A student whom two institutions know: from what is its own, nobody gets to what the other wrote."""

from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.api.graphql.schema import schema as served
from app.domain.permissions import Permission
from tests.api.test_route_access import ACCESS
from tests.matrix.asking import Answer
from tests.matrix.cast import Player, Stage
from tests.matrix.graphql_rows import selection
from tests.matrix.judgement import leaks
from tests.matrix.shared import PLANTED_STAFF, plant


def lists_by_student(app: FastAPI) -> list[str]:
    """Every list that can be asked for one student, of the OpenAPI document."""
    return [
        path
        for path, methods in app.openapi()["paths"].items()
        if any(each["name"] == "student_id" and each["in"] == "query" for each in _parameters(methods))
    ]


def reads_of_a_student(app: FastAPI) -> list[str]:
    """Everything that is read below a student's own address."""
    of_student = "/v1/students/{student_id}"
    return [
        path
        for path, methods in app.openapi()["paths"].items()
        if path.startswith(of_student) and "get" in methods and "{" not in path.removeprefix(of_student)
    ]


def _parameters(methods: dict[str, Any]) -> list[dict[str, Any]]:
    return list(methods.get("get", {}).get("parameters", []))


@pytest.fixture(scope="module")
async def planted(stage: Stage, owner: asyncpg.Connection) -> frozenset[str]:
    """The school's plan points at the other's records, which no request can bring about: so it is the database that has to stop whoever
    follows a reference, and not that there is none.
    """
    return await plant(owner, stage.shared)


@pytest.fixture(scope="module")
def readers(players: list[Player], stage: Stage) -> list[Player]:
    """Who sees the school's records and not the other institution's."""
    found = [
        each for each in players if each.own is stage.school and each.foreign and each.may(Permission.READ_RECORDS)
    ]
    assert len(found) >= 7
    return found


async def test_lists_of_one_student(
    app: FastAPI, http: httpx.AsyncClient, stage: Stage, readers: list[Player], planted: frozenset[str]
) -> None:
    paths = lists_by_student(app)
    assert {"/v1/enrolments", "/v1/risks", "/v1/plans", "/v1/interventions", "/v1/outcomes"} <= set(paths)
    for path in paths:
        for player in [each for each in readers if each.may(ACCESS[f"GET {path}"])]:
            answer = await http.get(path, params={"student_id": stage.shared.student}, headers=player.headers)
            assert answer.status_code == httpx.codes.OK, answer.text
            # What was planted is part of the school's own plan.
            found = list(
                leaks(player, Answer.of(answer, ()), planted if path in ("/v1/plans", "/v1/plans/export") else ())
            )
            assert not found, f"{path}, {player}: {found}"


@pytest.mark.usefixtures("planted")
async def test_what_is_read_below_the_student(
    app: FastAPI, http: httpx.AsyncClient, stage: Stage, readers: list[Player]
) -> None:
    """That is told by its own institution as if there were no other."""
    paths = reads_of_a_student(app)
    assert {"/v1/students/{student_id}/person", "/v1/students/{student_id}/access-log"} <= set(paths)
    for path in paths:
        address = path.format(student_id=stage.shared.student)
        for player in [each for each in readers if each.may(ACCESS[f"GET {path}"])]:
            answer = await http.get(address, params=of_school(path, stage), headers=player.headers)
            assert answer.status_code == httpx.codes.OK, answer.text
            found = list(leaks(player, Answer.of(answer, ()), ()))
            assert not found, f"{path}, {player}: {found}"


def of_school(path: str, stage: Stage) -> dict[str, int]:
    """A client that acts for several institutions says whose statement of a person it asks for."""
    return {"institution_id": stage.school.institution} if path.endswith("/person") else {}


@pytest.mark.usefixtures("planted")
async def test_everything_below_an_own_student_and_an_own_plan(
    http: httpx.AsyncClient, stage: Stage, readers: list[Player]
) -> None:
    schema = served._schema  # noqa: SLF001 - strawberry has no other name for it
    assert schema.query_type is not None
    for field, key in (("student", stage.shared.student), ("plan", stage.shared.plan)):
        kind = schema.get_type(field.title())
        document = f'{{ {field}(id: "{key}") {selection(kind)} }}'
        for player in readers:
            answer = await http.post("/graphql", json={"query": document}, headers=player.headers)
            assert "errors" not in answer.json(), answer.text
            assert key in answer.text
            found = list(leaks(player, Answer.of(answer, ()), ()))
            assert not found, f"{field}, {player}: {found}"


async def test_the_authority_sees_both(http: httpx.AsyncClient, stage: Stage) -> None:
    """Else there would be nothing to be found."""
    kind = served._schema.get_type("Student")  # noqa: SLF001 - strawberry has no other name for it
    document = f'{{ student(id: "{stage.shared.student}") {selection(kind)} }}'
    answer = await http.post("/graphql", json={"query": document}, headers=stage.world.authority())
    assert all(side.mark in answer.text for side in (stage.school, stage.riga))


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("path", ["plans", "plans/{}", "risks", "interventions", "outcomes", "enrolments", "students"])
async def test_nobody_is_named_in_a_plan_by_another_institution(
    http: httpx.AsyncClient, stage: Stage, path: str
) -> None:
    headers = stage.world.provider(stage.school.institution, PLANTED_STAFF)
    answer = await http.get(f"/v1/{path.format(stage.shared.theirs['id'])}", headers=headers)
    assert answer.status_code == (httpx.codes.NOT_FOUND if "{" in path else httpx.codes.OK)
    found = [each for each in stage.riga.secrets if each in answer.text]
    assert found == []
