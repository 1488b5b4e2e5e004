"""What is told in the short way is what the library would have told, to the last byte, and so are all errors."""

import asyncio
import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import strawberry
from graphql.execution.executor import Executor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.extensions import DisableValidation

from app.api.graphql.executor import PlainExecutor
from app.api.graphql.plain_types import plain_type
from app.api.graphql.schema import schema as register_schema
from tests.graphql.forest import WRONG, Branch, Colour, Evergreen, Leaf, Query, Twig, branches, documents

# A random document seldom uses all its variables and fragments, which validation would mind.
ORDINARY = strawberry.Schema(query=Query, types=[Evergreen], extensions=[DisableValidation])
SHORT = strawberry.Schema(
    query=Query, types=[Evergreen], extensions=[DisableValidation], execution_context_class=PlainExecutor
)


async def told(schema: strawberry.Schema, document: str, forest: list[Branch], **variables: bool) -> str:
    result = await schema.execute(document, variable_values=variables, context_value=forest)
    errors = [{**each.formatted, "was": repr(each.original_error)} for each in result.errors or ()]
    return json.dumps([result.data, errors])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), branches, st.booleans(), st.booleans())
def test_the_short_way_tells_the_same(document: str, forest: list[Branch], yes: bool, no: bool) -> None:  # noqa: FBT001 - hypothesis gives them
    async def both() -> None:
        ordinary = await told(ORDINARY, document, forest, yes=yes, no=no)
        short = await told(SHORT, document, forest, yes=yes, no=no)
        # After an error the library goes on in the background with what nobody waits for any more.
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)
        assert short == ordinary

    asyncio.run(both())


def leaf(name: str = "oak", **other: object) -> Leaf:
    parts = {
        "sizes": {"height": 7, "width": Decimal("1.50")},
        "label": None,
        "colour": Colour.BROWN,
        "fell_on": date(2021, 11, 15),
        "green": False,
        "share": 0.5,
        "key": UUID(int=7),
    }
    return Leaf(name=name, **parts | other)  # type: ignore[arg-type]  # some of them are wrong on purpose


def branch(*leaves: Leaf) -> Branch:
    twig = Twig(leaf=None, leaves=list(leaves), fallen=[None, *leaves], codes=[[1], []])
    return Branch(sizes={"height": 0, "width": None}, twig=twig, twigs=[twig], every=list(leaves))


ALL = """
query ($by: [Colour!]! = [BROWN], $no: Boolean = false) {
  branch { twig { codes leaves { ...Leaf kind: __typename } fallen { width } } picked(by: $by) { ... on Sized { height } } }
}
fragment Leaf on Leaf { name label colour fellOn green share key again: name left: name @include(if: $no) }
"""
ANSWER = {
    "branch": {
        "twig": {
            "codes": [[1], []],
            "leaves": [
                {
                    "name": "oak",
                    "label": None,
                    "colour": "BROWN",
                    "fellOn": "2021-11-15",
                    "green": False,
                    "share": 0.5,
                    "key": "00000000-0000-0000-0000-000000000007",
                    "again": "oak",
                    "kind": "Leaf",
                }
            ],
            "fallen": [None, {"width": "1.50"}],
        },
        "picked": [{"height": 7}],
    }
}


@pytest.mark.parametrize("schema", [ORDINARY, SHORT], ids=["ordinary", "short"])
async def test_every_kind_of_field(schema: strawberry.Schema) -> None:
    assert json.loads(await told(schema, ALL, [branch(leaf())])) == [ANSWER, []]


async def test_plain_objects_are_not_asked_field_by_field(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = set[str]()
    ordinary = Executor.execute_field

    def spy(self: Executor[Any], parent: object, *others: object) -> object:
        asked.add(str(parent))
        return ordinary(self, parent, *others)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(Executor, "execute_field", spy)
    await told(SHORT, ALL, [branch(leaf())])
    assert asked == {"Query", "Branch"}


@pytest.mark.parametrize("schema", [ORDINARY, SHORT], ids=["ordinary", "short"])
async def test_what_is_wrong_is_told_where_it_is(schema: strawberry.Schema) -> None:
    forest = [branch(leaf(), leaf(name=None), leaf())]  # type: ignore[arg-type]  # that is what is wrong
    data, (error,) = json.loads(await told(schema, "{ branch { twig { fallen { name } } } }", forest))
    assert data == {"branch": {"twig": {"fallen": [None, {"name": "oak"}, None, {"name": "oak"}]}}}
    assert error["path"] == ["branch", "twig", "fallen", 2, "name"]
    assert error["message"] == "Cannot return null for non-nullable field Leaf.name."


@pytest.mark.parametrize(
    ("part", "asked"),
    [
        ("name", "name"),
        ("label", "label"),
        ("colour", "colour"),
        ("fell_on", "fellOn"),
        ("green", "green"),
        ("share", "share"),
        ("key", "key"),
        ("height", "height"),
        ("width", "width"),
    ],
)
async def test_whatever_a_leaf_holds(part: str, asked: str) -> None:
    right = leaf()
    for value in WRONG:
        sizes = right.sizes | {part: value}
        wrong = leaf(sizes=sizes) if part in right.sizes else leaf(**{part: value})  # type: ignore[arg-type]  # that is the point
        document = f"{{ branch {{ twig {{ fallen {{ {asked} }} }} }} }}"
        ordinary = await told(ORDINARY, document, [branch(right, wrong)])
        assert await told(SHORT, document, [branch(right, wrong)]) == ordinary


def test_the_types_of_statistics_are_plain_and_none_that_reads_records() -> None:
    types = register_schema._schema.type_map  # noqa: SLF001 - strawberry offers no other way
    plain = {name for name, each in types.items() if plain_type(each) is not None}
    assert {
        "StatisticsGroup",
        "StatisticsKey",
        "StatisticsTotals",
        "StatisticsDefinition",
        "Label",
        "Semester",
    } <= plain
    assert not plain & {"Query", "Plan", "Student", "PlanConnection", "PlanEdge"}
