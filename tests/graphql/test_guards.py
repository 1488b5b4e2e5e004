"""What a document may cost. Nothing here reaches the database: it is refused before it is validated."""

import time

import httpx
import pytest
from graphql import GraphQLError, get_introspection_query

from app.api.graphql.guards import LIMITS, MAX_TOKENS, parsed
from tests.graphql.conftest import Ask


def refusal(document: str) -> str:
    with pytest.raises(GraphQLError) as caught:
        parsed(document)
    return caught.value.message


def test_an_ordinary_document_passes() -> None:
    assert parsed("{ statistics { groups { plans } } }").definitions


def test_depth() -> None:
    def nested(depth: int) -> str:
        return "{a" * depth + "}" * depth

    assert parsed(nested(LIMITS.depth)).definitions
    assert refusal(nested(LIMITS.depth + 1)) == "The document has more than 20 levels deep."
    assert "too deeply" in refusal(nested(900)), "the parser itself stops"


def test_fields_aliases_directives_and_questions() -> None:
    assert refusal("{ a {" + "b " * LIMITS.fields + "} }") == "The document has more than 1000 fields."
    assert (
        refusal("{ a {" + "".join(f"c{n}: b " for n in range(LIMITS.aliases + 1)) + "} }")
        == "The document has more than 50 aliases."
    )
    assert (
        refusal("{ a " + "@include(if: true) " * (LIMITS.directives + 1) + "}")
        == "The document has more than 50 directives."
    )
    assert refusal("{" + "a " * (LIMITS.roots + 1) + "}") == "The document has more than 20 fields at the top."
    assert "token" in refusal("{" + "a " * MAX_TOKENS + "}").lower()


def test_doubling_fragments_cost_what_they_would_do_and_are_found_out_fast() -> None:
    doubling = (
        "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(60))
        + "fragment f60 on Query { a { b } }"
    )
    started = time.perf_counter()
    assert refusal("{ ...f0 } " + doubling) == "The document has more than 1000 fields."
    assert time.perf_counter() - started < 0.5


def test_circular_fragments() -> None:
    message = refusal("{ ...a } fragment a on Query { x { ...b } } fragment b on Query { x { ...a } }")
    assert message == "Fragments spread each other in a circle."
    assert refusal("{ ...a } fragment a on Query { ...a }") == message


async def test_over_http_a_costly_document_says_so(refused: Ask) -> None:
    error = await refused("{" + "a " * 30 + "}")
    assert error["code"] == "document-too-costly"


async def test_other_mistakes_in_a_document(refused: Ask) -> None:
    assert (await refused("{ nothing }"))["code"] == "invalid-document"
    assert (await refused("{ statistics {"))["code"] == "invalid-document"
    assert (await refused("mutation { statistics }"))[
        "message"
    ] == "Name one operation of the document, and let it be a query."


async def test_batches_gets_and_strangers(http: httpx.AsyncClient, post: Ask) -> None:
    assert (await http.post("/graphql", json={"query": "{ __typename }"})).status_code == 401
    token = (await post("{ __typename }")).request.headers["Authorization"]
    answer = await http.post("/graphql", json=[{"query": "{ __typename }"}], headers={"Authorization": token})
    assert answer.status_code == 422
    assert (await post("{ __typename }")).json() == {"data": {"__typename": "Query"}}
    assert (await post("{ __typename }")).headers["Cache-Control"] == "no-store"


async def test_introspection_as_tools_ask_it_passes(post: Ask) -> None:
    answer = (await post(get_introspection_query())).json()
    assert "errors" not in answer
