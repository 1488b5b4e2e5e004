"""Both ids of a merged student answer, everywhere alike, and only to whoever may see the student."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from tests.api.merging import Twice, merged, recorded_twice
from tests.api.outcomes import of_year
from tests.api.test_disclosures import BODY as DISCLOSURE
from tests.factories import Json, World

ACCESS_LOG = "/v1/students/{student_id}/access-log"
"""Reading it adds to it, and it names what was done under the alias: the one operation that has a test of its own."""

Call = tuple[str, dict[str, str]]


@pytest.fixture(scope="module")
async def twice(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Twice:
    """Merged."""
    both = await recorded_twice(http, world, owner)
    await merged(http, world, both.elder, both.younger)
    return both


@pytest.fixture(scope="module")
async def disclosure(http: httpx.AsyncClient, world: World, twice: Twice) -> Json:
    """Opened by the alias."""
    address = f"/v1/students/{twice.younger}/identity-disclosures"
    return dict((await http.post(address, json=DISCLOSURE, headers=world.authority())).json())


def readings(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every operation that reads and is told a student: its path, and where the student's id goes."""
    for path, operations in app.openapi()["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", []):
            if parameter["name"] == "student_id" and path != ACCESS_LOG:
                yield path, parameter["in"]


def call(path: str, place: str, student_id: str, filled: dict[str, str]) -> Call:
    if place == "path":
        return path.format(student_id=student_id, **filled), {}
    return path, {"student_id": student_id}


def in_essence(answer: httpx.Response) -> Any:
    if "json" not in answer.headers["content-type"]:
        return answer.status_code, sorted(answer.text.splitlines())  # an export is in no order
    body = answer.json()
    return answer.status_code, {name: value for name, value in body.items() if name != "correlation_id"} if isinstance(
        body, dict
    ) else body


async def test_whatever_is_read_by_the_one_id_is_read_by_the_other(
    app: FastAPI, http: httpx.AsyncClient, world: World, twice: Twice, disclosure: Json
) -> None:
    """Drawn from the OpenAPI document: an operation that forgets aliases fails here on the day it is added."""
    found = list(readings(app))
    assert len(found) >= 10
    filled = {"disclosure_id": disclosure["id"]}
    reading = (world.authority(), world.coordinator(world.school), world.head(world.other_school))
    for path, place in found:
        answers = []
        for headers in reading:
            survivor, alias = [
                in_essence(await http.get(address, params=params, headers=headers))
                for address, params in (call(path, place, each, filled) for each in (twice.elder, twice.younger))
            ]
            assert alias == survivor, path
            answers.append(survivor)
        told = [body for status, body in answers if status == 200]
        assert told, f"{path} tells nobody anything: then nothing is known of aliases"
        assert twice.younger not in str(told)


async def test_the_access_log_is_one_for_both_ids(http: httpx.AsyncClient, world: World, twice: Twice) -> None:
    async def entries(student_id: str, headers: dict[str, str]) -> set[str]:
        answer = await http.get(ACCESS_LOG.format(student_id=student_id), params={"limit": 200}, headers=headers)
        return {each["id"] for each in answer.json()["items"]}

    for headers in (world.authority(), world.head(world.school), world.head(world.other_school)):
        before = await entries(twice.elder, headers)
        assert before
        assert before <= await entries(twice.younger, headers)
    stranger = world.head(world.college)
    alias, absent = [
        in_essence(await http.get(ACCESS_LOG.format(student_id=each), headers=stranger))
        for each in (twice.younger, uuid4())
    ]
    assert alias == absent


async def test_to_whoever_may_not_see_the_student_an_alias_is_absent(
    app: FastAPI, http: httpx.AsyncClient, world: World, twice: Twice, disclosure: Json
) -> None:
    filled = {"disclosure_id": disclosure["id"]}
    strangers = (world.head(world.college), world.provider(world.school, "T-999"), world.sync(world.college))
    for path, place in readings(app):
        for headers in strangers:
            alias, absent = [
                in_essence(await http.get(address, params=params, headers=headers))
                for address, params in (call(path, place, each, filled) for each in (twice.younger, str(uuid4())))
            ]
            assert alias == absent, path


async def test_what_is_recorded_under_an_alias_is_the_survivors(
    http: httpx.AsyncClient, world: World, twice: Twice
) -> None:
    headers = world.head(world.other_school)
    own = {"student_id": twice.younger, "institution_id": world.other_school}
    bodies = {
        "/v1/risks": own
        | {"type": "LANGUAGE_BARRIER", "identified_on": "2021-09-20", "identified_by": "TEACHER", "severity": "LOW"},
        "/v1/enrolments": own | {"grade": 6, "from": "2020-09-01", "to": "2020-12-31", "end_reason": "TRANSFERRED"},
        "/v1/outcomes": of_year(twice.younger, world.other_school, school_year="2019/20", result="PROMOTED")
        | {"left_on": None, "leaving_reason": None},
    }
    for path, body in bodies.items():
        made = await http.post(path, json=body, headers=headers)
        assert (made.status_code, made.json().get("student_id")) == (201, twice.elder), made.text
        foreign = await http.post(
            path, json=body | {"institution_id": world.college}, headers=world.head(world.college)
        )
        assert foreign.status_code == 404
    seen = await http.get(f"/v1/students/{twice.younger}/person", headers=headers)
    corrected = await http.patch(
        f"/v1/students/{twice.younger}/person",
        json={"given_names": "Labota"},
        headers={**headers, "If-Match": seen.headers["ETag"]},
    )
    assert (corrected.status_code, corrected.json()["student_id"]) == (200, twice.elder)


async def test_rights_are_exercised_by_either_id(http: httpx.AsyncClient, world: World, twice: Twice) -> None:
    why, headers = {"reason": "The guardian contests it."}, world.head(world.other_school)
    for address, standing in (("restriction", [world.other_school]), ("restriction-lifting", [])):
        answer = await http.post(f"/v1/students/{twice.younger}/{address}", json=why, headers=headers)
        assert answer.status_code == 200, answer.text
        assert [each["institution_id"] for each in answer.json()] == standing
    asked = {"requested_by": "GUARDIAN", "requested_on": "2021-11-10", "reason": "Iesniegums."}
    answers = [
        await http.post(f"/v1/students/{each}/subject-access", json=asked, headers=headers)
        for each in (twice.elder, twice.younger)
    ]
    assert [each.status_code for each in answers] == [200, 200], answers[0].text
    assert answers[0].json() == answers[1].json()


async def test_graphql_answers_by_either_id(http: httpx.AsyncClient, world: World, twice: Twice) -> None:
    query = """query ($id: UUID!) {
      student(id: $id) { id plans { id } risks { id } }
      plans(where: {studentId: $id}) { edges { node { id studentId } } }
      interventions(where: {studentId: $id}) { edges { node { id } } }
    }"""

    async def ask(student_id: str, headers: dict[str, str]) -> Any:
        body = {"query": query, "variables": {"id": student_id}}
        answer = (await http.post("/graphql", json=body, headers=headers)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    headers = world.head(world.other_school)
    survivor, alias = await ask(twice.elder, headers), await ask(twice.younger, headers)
    assert alias == survivor
    assert alias["student"]["id"] == twice.elder
    assert [each["node"]["studentId"] for each in alias["plans"]["edges"]] == [twice.elder]
    assert len(alias["interventions"]["edges"]) == 1
    stranger = world.head(world.college)
    assert await ask(twice.younger, stranger) == await ask(str(uuid4()), stranger)
