"""Operations that were registered at deployment: known to everybody by their hashes, and the only ones answered where that is set."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from app.api.graphql.introspection import Introspection
from app.api.graphql.manifests import UnfitOperations
from app.api.graphql.operations import hash_of
from app.api.tokens import utc_now
from app.domain.actors import Actor
from app.main import create_app, tokens_from
from app.settings import Settings
from tests.api.serving import serving
from tests.graphql.conftest import AUTHORITY
from tests.graphql.test_persisted import ANALYST, persisted, refused

NAME = "query Name {\n  __typename\n}\n"
STUDENTS = "query Students {\n  students(first: 1) {\n    edges {\n      cursor\n    }\n  }\n}\n"
FREE = "{ free: __typename }"


@pytest.fixture(scope="module", params=["by hash", "with the algorithm", "of Apollo"])
def manifest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param != "of Apollo":
        algorithm = "sha256:" if request.param == "with the algorithm" else ""
        content: dict[str, Any] = {algorithm + hash_of(each): each for each in (NAME, STUDENTS)}
    else:
        listed = [
            {"id": hash_of(each), "name": name, "type": "query", "body": each}
            for name, each in (("Name", NAME), ("Students", STUDENTS))
        ]
        content = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": listed}
    path = tmp_path_factory.mktemp("operations") / "operations.json"
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
async def open_to_others(settings: Settings, manifest: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(settings, graphql_operations=manifest) as http:
        yield http


@pytest.fixture
async def closed(settings: Settings, manifest: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(settings, graphql_operations=manifest, graphql_only_registered=True) as http:
        yield http


class Sender:
    def __init__(self, settings: Settings) -> None:
        self._tokens = tokens_from(settings)

    async def __call__(self, http: httpx.AsyncClient, body: dict[str, Any], actor: Actor = AUTHORITY) -> httpx.Response:
        token = self._tokens.issue(actor, now=utc_now(), lifetime=timedelta(minutes=5))
        return await http.post("/graphql", json=body, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def send(settings: Settings) -> Sender:
    return Sender(settings)


async def test_everybody_asks_for_them_by_hash_the_first_time(open_to_others: httpx.AsyncClient, send: Sender) -> None:
    for actor in (AUTHORITY, ANALYST):
        answer = await send(open_to_others, persisted(hash_of(NAME)), actor)
        assert answer.json() == {"data": {"__typename": "Query"}}


async def test_and_is_answered_what_the_role_may_see(open_to_others: httpx.AsyncClient, send: Sender) -> None:
    by_hash = persisted(hash_of(STUDENTS))
    assert (await send(open_to_others, by_hash)).json() == {"data": {"students": {"edges": []}}}
    (error,) = (await send(open_to_others, by_hash, ANALYST)).json()["errors"]
    assert error["extensions"]["code"] == "role-may-not"


async def test_beside_them_any_other_document_is_answered(open_to_others: httpx.AsyncClient, send: Sender) -> None:
    assert (await send(open_to_others, {"query": FREE})).json() == {"data": {"free": "Query"}}
    unknown = await send(open_to_others, persisted(hash_of(FREE)))
    assert refused(unknown)[0] == "PERSISTED_QUERY_NOT_FOUND"


async def test_where_they_alone_are_answered_no_other_is(closed: httpx.AsyncClient, send: Sender) -> None:
    assert (await send(closed, persisted(hash_of(NAME)))).json() == {"data": {"__typename": "Query"}}
    assert (await send(closed, {"query": NAME})).json() == {"data": {"__typename": "Query"}}
    by_hash = persisted(hash_of(FREE))
    for body in (
        {"query": FREE},
        {"query": NAME + " "},
        by_hash,  # whose client would otherwise come again with the document
        by_hash | {"query": FREE},
        by_hash,
        {"query": "{ __schema { queryType { name } } students { edges { cursor } } }"},
        {"query": "{ ...f } fragment f on Query { __schema { queryType { name } } }"},
    ):
        assert refused(await send(closed, body)) == (
            "operation-not-registered",
            "Registered operations alone are answered here, and this is none of them.",
        )


async def test_tools_of_those_who_are_told_the_schema_still_ask_for_it(
    closed: httpx.AsyncClient, send: Sender, settings: Settings, manifest: Path
) -> None:
    question = {"query": get_introspection_query()}
    assert (await send(closed, question)).json()["data"]["__schema"]["queryType"]["name"] == "Query"
    assert refused(await send(closed, question, ANALYST))[0] == "operation-not-registered"
    told = {"graphql_introspection": Introspection.NOBODY}
    async with serving(settings, graphql_operations=manifest, graphql_only_registered=True, **told) as http:
        assert refused(await send(http, question))[0] == "operation-not-registered"
        assert refused(await send(http, {"query": "{ not even parsed"}))[0] == "operation-not-registered"


def entry(text: str) -> dict[str, str]:
    return {hash_of(text): text}


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        ("", "operations.json is not JSON."),
        (
            "[]",
            'operations.json is neither of the form {"<hash>": "<document>"} nor an apollo-persisted-query-manifest',
        ),
        ("{}", "operations.json has 0 operations, and not 1 to 1,000."),
        ('{"a": "{ __typename }", "a": "{ a }"}', "operations.json has an object with the same key twice."),
        ('{"format": "another", "version": 1, "operations": []}', "operations.json is neither of the form"),
        ('{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}', "operations.json is neither"),
        ({hash_of(NAME): {"text": NAME}}, "operations.json is neither of the form"),
        ({hash_of(FREE): NAME}, f"Name ({hash_of(FREE)[:12]}): its hash is not the SHA-256 of its text."),
        (
            {"0" * 40: NAME},
            'Name (000000000000): "0000000000000000000000000000000000000000" is no SHA-256 in lower-case',
        ),
        (entry("query Plans { plan { id } }"), "line 1, column 15: Argument 'Query.plan(id:)'"),
        (entry("query Plans { plans("), "line 1, column 21: Syntax Error"),
        (entry("query Many {" + "a " * 30 + "}"), "The document has more than 20 fields at the top."),
        (entry("{ __typename }" + " " * 20_000), "it has more than 20,000 characters."),
        (
            entry("mutation Change { __typename }"),
            "line 1, column 1: The mutation operation is not supported by the schema.",
        ),
        (
            {
                "format": "apollo-persisted-query-manifest",
                "version": 1,
                "operations": [{"id": hash_of(NAME), "body": NAME}] * 2,
            },
            f"Name ({hash_of(NAME)[:12]}): its hash is there twice.",
        ),
    ],
)
def test_with_a_wrong_file_no_service_is_made(settings: Settings, tmp_path: Path, content: Any, flaw: str) -> None:
    path = tmp_path / "operations.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(UnfitOperations) as caught:
        create_app(settings.model_copy(update={"graphql_operations": path}))
    assert len(caught.value.flaws) == 1
    assert flaw in caught.value.flaws[0].replace(f"{tmp_path}/", "")


def test_all_that_is_wrong_is_told_at_once(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "operations.json"
    path.write_text(json.dumps(entry("query A { a b }") | entry("query B { c }") | entry(NAME)))
    with pytest.raises(UnfitOperations) as caught:
        create_app(settings.model_copy(update={"graphql_operations": path}))
    assert [each.split()[0] for each in caught.value.flaws] == ["A", "A", "B"]
