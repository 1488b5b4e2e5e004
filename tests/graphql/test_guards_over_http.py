"""Documents that are refused, over HTTP: what is said of them, and to whom the schema is told."""

from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from app.domain.actors import Actor, Role
from app.settings import Settings
from tests.api.serving import serving
from tests.graphql.conftest import AUTHORITY, Ask

ANALYST = Actor(subject="analyst", role=Role.ANALYST)


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
    assert (answer.status_code, answer.json()["violations"]) == (
        422,
        [
            {
                "pointer": "",
                "code": "batch",
                "message": "One document in each request: batches are not answered.",
            }
        ],
    )
    assert (await post("{ __typename }")).json() == {"data": {"__typename": "Query"}}
    assert (await post("{ __typename }")).headers["Cache-Control"] == "no-store"


async def test_introspection_as_tools_ask_it_passes(post: Ask) -> None:
    everything = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )
    for question in (get_introspection_query(), everything):
        assert "errors" not in (await post(question)).json()


@pytest.mark.parametrize(
    "question", ["{ __schema { types { name } } }", '{ ...f } fragment f on Query { __type(name: "Plan") { name } }']
)
async def test_outsiders_are_not_told_the_schema(refused: Ask, question: str) -> None:
    error = await refused(question, ANALYST)
    assert (error["code"], error["message"]) == ("introspection-refused", "The schema is not described to your role.")


async def test_their_own_type_names_they_are(post: Ask) -> None:
    assert (await post("{ __typename }", ANALYST)).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("setting", "told"),
    [("everyone", [True, True]), ("inside", [True, False]), ("nobody", [False, False])],
)
async def test_a_setting_says_who_is_told_the_schema(
    settings: Settings, post: Ask, setting: str, told: list[bool]
) -> None:
    tokens = [(await post("{ __typename }", each)).request.headers["Authorization"] for each in (AUTHORITY, ANALYST)]
    validated = Settings.model_validate(settings.model_dump(exclude_unset=True) | {"graphql_introspection": setting})
    async with serving(settings, graphql_introspection=validated.graphql_introspection) as http:
        answers = [
            (
                await http.post("/graphql", json={"query": get_introspection_query()}, headers={"Authorization": each})
            ).json()
            for each in tokens
        ]
    assert ["errors" not in each for each in answers] == told


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ statistic { groups { plans } } }", {}),
        ("{ statistics { groups { plan } } }", {}),
        ("{ statistics(bye: [REGION]) { groups { plans } } }", {}),
        ("{ statistics(by: [REGIO]) { groups { plans } } }", {}),
        ("query ($by: [Dimensio!]!) { statistics(by: $by) { groups { plans } } }", {}),
        ("query ($by: [Dimension!]!) { statistics(by: $by) { groups { plans } } }", {"by": ["REGIO"]}),
        (
            "query ($w: StatisticsFilter) { statistics(where: $w) { groups { plans } } }",
            {"w": {"region": ["R"], "semeste": 1}},
        ),
        ("{ ... on Quer { statistics { groups { plans } } } }", {}),
        ("{ statistics @skp(if: true) { groups { plans } } }", {}),
        ("{ statistics @skip(iff: true) { groups { plans } } }", {}),
    ],
)
async def test_no_mistake_is_answered_with_names_that_exist(
    post: Ask, document: str, variables: dict[str, Any]
) -> None:
    answer = await post(document, **variables)
    assert answer.json()["errors"]
    assert "did you mean" not in answer.text.lower()
