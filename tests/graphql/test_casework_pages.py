"""Pages and filters of records: steady while others write, and plain about what cannot be asked."""

from typing import Any

import httpx
import pytest

from tests.api.plan_chain import draft
from tests.factories import Json, World


async def page_of(http: httpx.AsyncClient, world: World, after: str | None) -> Any:
    query = "query($after: String) { plans(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }"
    asked = {"query": query, "variables": {"after": after}}
    answer = await http.post("/graphql", json=asked, headers=world.head(world.school))
    return answer.json()["data"]["plans"]


async def test_a_plan_made_between_two_pages_moves_no_other(http: httpx.AsyncClient, world: World) -> None:
    before = {(await draft(http, world, world.school))["id"] for _ in range(5)}
    seen: list[str] = []
    after, more = None, True
    while more:
        page = await page_of(http, world, after)
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        if len(seen) < 5:
            await draft(http, world, world.school)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)
    assert seen == sorted(seen)


async def test_the_page_after_the_last_record_is_empty(http: httpx.AsyncClient, world: World) -> None:
    last = await page_of(http, world, "_" * 21 + "w")
    assert last == {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


@pytest.mark.parametrize(
    ("where", "pointer", "code"),
    [
        ({"code": "a\x00b"}, "/where/code", "control-character"),
        ({"code": ""}, "/where/code", "string_too_short"),
        ({"semester": "2021-3"}, "/where/semester", "not-a-semester"),
    ],
)
async def test_a_filter_that_cannot_be_is_refused_by_its_field(
    http: httpx.AsyncClient, world: World, where: Json, pointer: str, code: str
) -> None:
    query = "query($where: PlanFilter) { plans(where: $where) { edges { cursor } } }"
    asked = {"query": query, "variables": {"where": where}}
    answer = await http.post("/graphql", json=asked, headers=world.head(world.school))
    (error,) = answer.json()["errors"]
    assert [(each["pointer"], each["code"]) for each in error["extensions"]["violations"]] == [(pointer, code)]
