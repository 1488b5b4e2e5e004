"""What is wrong with a request before anybody looks at what it says: never a 500, never a guess."""

from typing import Any

import httpx
import pytest

from tests.factories import World

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/students?instituton_id=1", "/query/instituton_id"),
        ("/v1/risks?student=1&limit=10", "/query/student"),
        ("/v1/interventions?plan_id=00000000-0000-4000-8000-000000000000&form=2021-01-01", "/query/form"),
        ("/v1/outcomes?Kind=PLAN", "/query/Kind"),
        ("/v1/regions?a/b~c", "/query/a~1b~0c"),
        ("/v1/me?token=x", "/query/token"),
        ("/healthz?verbose", "/query/verbose"),
    ],
)
async def test_a_parameter_that_is_not_known_is_refused(
    http: httpx.AsyncClient, world: World, path: str, pointer: str
) -> None:
    answer = await http.get(path, headers=world.head(world.school))
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["violations"]] == [(pointer, "unknown-parameter")]


async def test_all_of_them_are_told_at_once_also_of_a_change(http: httpx.AsyncClient, world: World) -> None:
    answer = await http.post("/v1/risks?dry_run=1&force=1", json={}, headers=world.head(world.school))
    assert [each["pointer"] for each in answer.json()["violations"]] == ["/query/dry_run", "/query/force"]


async def test_they_are_told_with_all_else_that_is_wrong_with_the_address(
    http: httpx.AsyncClient, world: World
) -> None:
    answer = await http.get("/v1/interventions?limit=0&form=2021-01-01", headers=world.head(world.school))
    assert [each["pointer"] for each in answer.json()["violations"]] == ["/query/form", "/query/limit"]
    assert answer.json()["violations"][0]["message"] == "This operation has no such parameter. Did you mean from?"
    answer = await http.get("/v1/students/nobody?as=x", headers=world.head(world.school))
    assert {each["pointer"] for each in answer.json()["violations"]} == {"/query/as", "/path/student_id"}


async def test_known_parameters_pass_those_of_models_and_dependencies_too(
    http: httpx.AsyncClient, world: World
) -> None:
    for path in (
        "/v1/interventions?from=2021-01-01&limit=5",
        "/v1/outcomes?school_year=2020%2F21&limit=5",
        "/v1/regions",
    ):
        assert (await http.get(path, headers=world.head(world.school))).status_code == 200, path


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", "nonsense"]
)
async def test_a_body_that_does_not_say_it_is_json_is_refused(
    http: httpx.AsyncClient, world: World, media_type: str
) -> None:
    headers = {**world.head(world.school), "Content-Type": media_type}
    for path in ("/v1/risks", "/v1/students/search", "/graphql"):
        answer = await http.post(path, content=b"{}", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type")


async def test_json_may_say_its_charset_and_its_kind(http: httpx.AsyncClient, world: World) -> None:
    for media_type in ("application/json; charset=utf-8", "application/merge-patch+json", "Application/JSON"):
        headers = {**world.head(world.school), "Content-Type": media_type}
        answer = await http.post("/v1/students/search", content=b'{"personal_code": "x"}', headers=headers)
        assert answer.json()["violations"][0]["pointer"] == "/personal_code", media_type


@pytest.mark.parametrize(
    "body",
    [b'{"personal_code": "a", "personal_code": "b"}', b'{"personal_code": "a", "x": {"y": [{"z": 1, "z": 1}]}}'],
)
async def test_a_key_that_stands_twice_is_no_choice_of_ours(http: httpx.AsyncClient, world: World, body: bytes) -> None:
    answer = await http.post("/v1/students/search", content=body, headers={**world.head(world.school), **JSON})
    assert (answer.status_code, violations(answer)) == (422, [("", "repeated-key")])


async def test_an_object_has_no_more_keys_than_anybody_needs(http: httpx.AsyncClient, world: World) -> None:
    for body in ({f"key{number}": 1 for number in range(101)}, {"x": {"y" * 101: 1}}):
        answer = await http.post("/v1/students/search", json=body, headers=world.head(world.school))
        assert (answer.status_code, violations(answer)) == (422, [("", "too-many-keys")])


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity"])
async def test_what_only_python_takes_for_a_number_is_refused(
    http: httpx.AsyncClient, world: World, constant: bytes
) -> None:
    answer = await http.post(
        "/graphql",
        content=b'{"query": "{ __typename }", "variables": {"x": ' + constant + b"}}",
        headers={**world.authority(), **JSON},
    )
    assert (answer.status_code, violations(answer)) == (422, [("", "json-invalid")])


def violations(answer: httpx.Response) -> list[tuple[Any, Any]]:
    return [(each["pointer"], each["code"]) for each in answer.json()["violations"]]
