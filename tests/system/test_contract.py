"""The service keeps to its own OpenAPI document, whatever is sent to whichever operation by whichever role."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.domain.actors import Role
from tests.factories import World, draft_plan, enrol, identify_risk, register_student

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
Aim = Callable[[Case[Any], dict[str, Any]], Case[Any]]
BASE = "http://register.test"
WITHOUT_INPUT = ("/healthz", "/readyz", "/.well-known/oauth-authorization-server")
"""Nothing can be sent to these that they would not take."""

EXAMPLES = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
async def known(http: httpx.AsyncClient, world: World) -> dict[str, Any]:
    """Ids of records that are there, by the names under which paths and bodies speak of them."""
    student_id = await register_student(http, world, world.school)
    enrolment = await enrol(http, world, student_id, world.school)
    risk = await identify_risk(http, world, student_id, world.school)
    plan = await draft_plan(http, world, enrolment, risk_ids=[risk["id"]])
    participations = await http.get("/v1/participations", headers=world.authority())
    return {
        "student_id": student_id,
        "institution_id": world.school,
        "enrolment_id": enrolment["id"],
        "risk_id": risk["id"],
        "plan_id": plan["id"],
        "partner_id": world.madona,
        "participation_id": participations.json()["items"][0]["id"],
        "name": "risks",
    }


def aimed(case: Case[Any], known: dict[str, Any]) -> Case[Any]:
    """The same case at records that exist, in a version that they may have."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            part.update({name: known[name] for name in part.keys() & known.keys()})
    if "If-Match" in case.headers:
        case.headers["If-Match"] = '"1"'
    return case


def as_it_is(case: Case[Any], _known: dict[str, Any]) -> Case[Any]:
    return case


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
async def test_every_answer_is_documented(
    app: FastAPI, http: httpx.AsyncClient, world: World, known: dict[str, Any], mode: GenerationMode
) -> None:
    bearers = [
        world.head(world.school),
        world.authority(),
        world.sync(world.school),
        world.sync(),
        world.bearer(Role.ANALYST),
    ]
    loop = asyncio.get_running_loop()
    flaws: list[str] = []

    def send(case: Case[Any], bearer: dict[str, str]) -> httpx.Response:
        ready = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
        assert ready.body is None or isinstance(ready.body, str | bytes)
        headers = {name: str(value) for name, value in ready.headers.items()} | bearer
        request = http.build_request(str(ready.method), str(ready.url), headers=headers, content=ready.body)
        return asyncio.run_coroutine_threadsafe(http.send(request), loop).result(timeout=30)

    def explore(operation: APIOperation[Any, Any, Any, Any]) -> None:
        @EXAMPLES
        @given(
            operation.as_strategy(generation_mode=mode), st.sampled_from(bearers), st.sampled_from((aimed, as_it_is))
        )
        def answers_as_documented(case: Case[Any], bearer: dict[str, str], aim: Aim) -> None:
            sent = aim(case, known)
            sent.validate_response(send(sent, bearer), checks=CHECKS)

        try:
            answers_as_documented()
        except Unsatisfiable as nothing:
            if operation.path not in WITHOUT_INPUT or mode is GenerationMode.POSITIVE:
                flaws.append(f"{operation.label}: {nothing}")
        except Exception as flaw:  # noqa: BLE001 - all operations are looked at before the test fails
            flaws.append(f"{operation.label}: {flaw}")

    def explore_all() -> None:
        for result in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
            assert isinstance(result, Ok), result
            explore(result.ok())

    await asyncio.to_thread(explore_all)
    assert not flaws, "\n\n".join(flaws)
