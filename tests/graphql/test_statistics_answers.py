"""What an answer says of itself, how mistakes are told, and what an answer costs the database."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from graphql import GraphQLInterfaceType, GraphQLObjectType
from sqlalchemy import event

from app.api.graphql.context import new_context
from app.api.graphql.schema import schema
from app.db.session import Database
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query
from tests.graphql.conftest import AUTHORITY, Ask

pytestmark = pytest.mark.usefixtures("tiny_register")

LOOK = ["BEGIN"]
"""At the version of what the caller sees, straight through the driver and before all else."""


@pytest.fixture
def statements(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the service sends to PostgreSQL, in order: transactions as BEGIN, or JOIN in another one's snapshot, then statements."""
    sent: list[str] = []
    database: Database = app.state.register.database
    original = Database.transaction

    def transaction(self: Database, *args: Any, **kwargs: Any) -> Any:
        sent.append("BEGIN" if kwargs.get("exported") is None else "JOIN")
        return original(self, *args, **kwargs)

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    monkeypatch.setattr(Database, "transaction", transaction)
    event.listen(database.engine.sync_engine, "before_cursor_execute", executed)
    yield sent
    event.remove(database.engine.sync_engine, "before_cursor_execute", executed)


async def test_three_measures_of_two_grains_are_one_transaction_and_two_statements(
    ask: Ask, statements: list[str]
) -> None:
    await ask(
        "by: [REGION, SEMESTER]", "groups { key { region { code } } students deliveredHours institutionsParticipating }"
    )
    assert [statement.split()[0] for statement in statements] == [*LOOK, "BEGIN", "SELECT", "WITH"]


TWO = "{ a: statistics { totals { plans } } b: statistics(by: [INSTITUTION]) { groups { key { institution { id } } eur } } }"


async def test_statistics_of_one_document_share_a_snapshot(post: Ask, statements: list[str]) -> None:
    answer = (await post(TWO)).json()
    assert answer["data"]["a"]["totals"]["plans"] == 8
    assert [statement.split()[0] for statement in statements].count("SELECT") == 4, (
        "one to name the snapshot, one for institutions"
    )
    assert [each for each in statements if each in ("BEGIN", "JOIN")] == [*LOOK, "BEGIN", "JOIN"]


async def test_without_a_free_connection_they_take_turns(
    post: Ask, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "has_free", property(lambda _: False))
    answer = (await post(TWO.replace("{ a:", "{ z: statistics { totals { students } } a:"))).json()
    assert answer["data"]["z"]["totals"]["students"] == 5
    assert [each for each in statements if each in ("BEGIN", "JOIN")] == [*LOOK, "BEGIN"]


async def test_what_is_not_selected_is_not_computed(ask: Ask, statements: list[str]) -> None:
    await ask("by: [SEMESTER]", "groups { key { semester { code } } plans students @skip(if: true) }")
    assert "attended" not in statements[-1]
    assert "STUDENTS" not in statements[-1]
    await ask("", "definitions { code }")
    assert len(statements) == 4, "definitions alone ask the database for nothing but where the caller stands"


async def test_one_refused_question_is_named_by_its_path(post: Ask) -> None:
    document = "{ a: statistics(where: {grades: [13]}) { totals { plans } } b: statistics { totals { plans } } }"
    answer = (await post(document)).json()
    assert answer["data"] is None
    assert [error["path"] for error in answer["errors"]] == [["a"]]


async def test_definitions_are_those_of_what_was_asked(ask: Ask) -> None:
    answer = await ask("by: [RISK]", "groups { eur } totals { plans } definitions { code nameLv definitionEn unit }")
    assert [(each["code"], each["unit"]) for each in answer["definitions"]] == [
        ("PLANS", "PLAN"),
        ("EUR", "EUR"),
        ("RISK", None),
    ]
    assert answer["definitions"][0]["definitionEn"] == MEASURES[Measure.PLANS].definition_en


async def test_a_rate_is_defined_with_its_parts(ask: Ask) -> None:
    answer = await ask(
        "", "totals { improvedRate { value } } definitions { code unit numerator denominator dimensions }"
    )
    assert answer["definitions"] == [
        {
            "code": "IMPROVED_RATE",
            "unit": "SHARE",
            "numerator": "RISKS_IMPROVED",
            "denominator": "RISKS_WITH_RESULT",
            "dimensions": [each for each in Dimension if each in MEASURES[Measure.IMPROVED_RATE].dimensions],
        }
    ]


async def test_fragments_and_variables_select_as_fields_do(post: Ask) -> None:
    document = """
        query Figures($by: [Dimension!]!, $hours: Boolean!) {
          statistics(by: $by) { groups { ...Figures } totals { ...Figures } }
        }
        fragment Figures on MeasureValues { plans ... @include(if: $hours) { deliveredHours } }
    """
    answer = (await post(document, by=["SCHOOL_YEAR"], hours=True)).json()["data"]["statistics"]
    assert answer["groups"][0] == {"plans": 6, "deliveredHours": "7.50"}
    assert answer["totals"] == {"plans": 8, "deliveredHours": "7.50"}
    without = (await post(document, by=[], hours=False)).json()["data"]["statistics"]
    assert without == {"groups": [{"plans": 8}], "totals": {"plans": 8}}


async def test_a_mistake_names_its_place(refused: Ask) -> None:
    error = await refused(
        '{ statistics(by: [SUBJECT], where: {risks: ["NONE"]}) { groups { institutionsParticipating } } }'
    )
    assert error["code"] == "invalid-data"
    assert [(each["pointer"], each["code"]) for each in error["violations"]] == [
        ("/where/risks/0", "unknown-code"),
        ("/by/0", "not-for-measure"),
        ("/where/risks", "not-for-measure"),
    ]


async def test_the_unexpected_is_masked(refused: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the name of a student")

    monkeypatch.setattr("app.api.graphql.statistics.check_query", fail)
    error = await refused("{ statistics { totals { plans } } }")
    assert error["code"] == "internal-error"
    assert error["message"] == "Something went wrong on our side."


OTHERS = {"StatisticsGroup": {"key", "previous"}, "StatisticsSubtotal": {"key"}}


@pytest.mark.parametrize("name", ["MeasureValues", *OTHERS, "StatisticsTotals", "StatisticsPrevious"])
def test_every_measure_is_a_field_with_its_definition(name: str) -> None:
    kind = schema.schema_converter.type_map[name].implementation
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    others = {"margins"} | OTHERS.get(name, set())
    described = [field.description for key, field in kind.fields.items() if key not in others]
    assert described == [each.definition_en for each in MEASURES.values()]


async def test_no_connection_is_kept_after_an_answer_a_refusal_or_a_cancellation(
    app: FastAPI, ask: Ask, refused: Ask
) -> None:
    register = app.state.register
    pool = register.database.engine.pool
    await ask("", "totals { plans }")
    await refused("{ statistics(where: {grades: [13]}) { totals { plans } } }")
    snapshot = new_context(register, AUTHORITY, "test").statistics
    question = Query(totals=frozenset({Measure.PLANS}))
    first, waiting = asyncio.create_task(snapshot.answer(question)), asyncio.create_task(snapshot.answer(question))
    await asyncio.sleep(0)
    waiting.cancel()
    assert (await first).totals == {Measure.PLANS: 8}
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert pool.checkedout() == 0
