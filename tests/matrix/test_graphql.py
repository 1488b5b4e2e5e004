"""Every role, every field of the query, own, foreign and absent objects, with everything below that the schema has."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from graphql import GraphQLSchema, build_schema

from app.api.graphql.schema import schema as served
from tests.matrix.asking import Answer
from tests.matrix.cast import Player, Stage
from tests.matrix.graphql_rows import GRAPHQL_ROWS, GraphqlRow, missing, selection
from tests.matrix.judgement import knows_no_institution, leaks
from tests.matrix.rows import Ids
from tests.matrix.sides import Side, absent


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(served.as_str())


def test_every_field_of_the_query_has_a_row(schema: GraphQLSchema) -> None:
    assert not missing(schema), "\n\n".join(missing(schema))


def test_a_field_without_a_row_is_found(schema: GraphQLSchema) -> None:
    (message,) = missing(schema, [row for row in GRAPHQL_ROWS if row.field != "plan"])
    assert "Query.plan has no row" in message


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A row as one player asks it; `keys` are the objects it names."""

    http: httpx.AsyncClient
    player: Player
    row: GraphqlRow
    schema: GraphQLSchema
    keys: list[str]

    async def about(self, objects: Mapping[str, Any]) -> Answer:
        document = self.row.document(self.schema, Ids(objects))
        answer = await self.http.post("/graphql", json={"query": document}, headers=self.player.headers)
        return Answer.of(answer, self.sent(objects))

    def sent(self, objects: Mapping[str, Any]) -> list[str]:
        return [str(objects[key]) for key in self.keys]

    @property
    def within(self) -> tuple[Side, ...]:
        """The sides of which this player is told: figures are of institutions, also where single records are closed."""
        return self.player.counted if self.row.field == "statistics" else self.player.reach


@pytest.mark.parametrize("row", GRAPHQL_ROWS, ids=str)
async def test_the_matrix(
    http: httpx.AsyncClient, stage: Stage, players: list[Player], schema: GraphQLSchema, row: GraphqlRow
) -> None:
    flaws = []
    for player in players:
        noted = Ids(stage.school.ids)
        row.arguments(noted)
        question = Question(http=http, player=player, row=row, schema=schema, keys=noted.asked)
        answered = player.may(row.permission) and not knows_no_institution(player.role, row.permission)
        judged = _flaws(question) if answered else _flaws_of_refusal(question, stage)
        flaws += [f"{player}, {flaw}" async for flaw in judged]
    assert not flaws, "\n".join(flaws)


async def _flaws_of_refusal(question: Question, stage: Stage) -> AsyncIterator[str]:
    role = question.player.role
    code = "invalid-data" if knows_no_institution(role, question.row.permission) else "role-may-not"
    word = "/problems/unauthenticated" if role is None else f'"code":"{code}"'
    of_absent = await question.about({key: absent(key) for key in question.keys})
    for side in stage.sides:
        answer = await question.about(side.ids)
        if answer.plain != of_absent.plain or word not in answer.plain:
            yield f"who may not ask: {answer.plain}"
        for leak in leaks(question.player, answer, question.sent(side.ids)):
            yield f"who may not ask: {leak}"


async def _flaws(question: Question) -> AsyncIterator[str]:
    player, row = question.player, question.row
    for side in question.within if question.keys else question.within[:1]:
        answer = await question.about(side.ids)
        if '"errors"' in answer.plain or str(side.ids[row.shows]) not in answer.whole:
            yield f"own ({side}): does not tell of {row.shows}: {answer.plain}"
        for leak in leaks(player, answer, ()):
            yield f"own ({side}): {leak}"
    of_absent = await question.about({key: absent(key) for key in question.keys})
    for side in player.foreign if question.keys else ():
        if side in question.within:
            continue
        answer = await question.about(side.ids)
        if answer.plain != of_absent.plain or '"errors"' in answer.plain:
            yield f"foreign ({side}): absent answers\n{of_absent.plain}\nand foreign\n{answer.plain}"
        for leak in leaks(player, answer, question.sent(side.ids)):
            yield f"foreign ({side}): {leak}"


def test_everything_is_selected(schema: GraphQLSchema) -> None:
    """Else nothing that hangs on a record would be looked at."""
    chosen = selection(schema.get_type("Student"))
    for word in ("enrolments {", "plans {", "interventions {", "outcome {", "evaluation", "continues {", "steps {"):
        assert word in chosen
