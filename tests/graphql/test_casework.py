"""Records in GraphQL: the same rows as over REST, under the same policies, and no statement for each row."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app.domain.actors import Role
from tests.api.delivered import consultation
from tests.api.plan_chain import activated, draft
from tests.factories import Json, World

Post = Callable[[str, dict[str, str]], Awaitable[Json]]

EVERYTHING = """
{ students(first: 20) { edges { node {
    id
    enrolments { id grade from }
    risks { id type { code nameLv } group { code } }
    yearOutcomes { schoolYear result }
    plans {
      code state semester { code } institution { name } enrolment { grade } risks { type { code } }
      plannedMeasures { supportMeasure { code } hours subject { nameEn } }
      interventions(first: 3) { edges { node { on hours subject { code } } } pageInfo { hasNextPage } }
      outcome { nextStep } steps { step role } continues { code }
    }
} } pageInfo { hasNextPage endCursor } } }
"""


@pytest.fixture
def post(http: httpx.AsyncClient) -> Post:
    async def post(query: str, headers: dict[str, str]) -> Json:
        answer = await http.post("/graphql", json={"query": query}, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return post


async def deliver(http: httpx.AsyncClient, world: World, plan: Json, *, times: int) -> None:
    for _ in range(times):
        body = consultation(plan, on="2021-11-15")
        answer = await http.post("/v1/interventions", json=body, headers=world.coordinator(plan["institution_id"]))
        assert answer.status_code == httpx.codes.CREATED, answer.text


@pytest.fixture(scope="module")
async def plan(http: httpx.AsyncClient, world: World) -> Json:
    """An active plan of the school, with four interventions."""
    made = await activated(http, world, await draft(http, world, world.school))
    await deliver(http, world, made, times=4)
    return made


@contextmanager
def counted(app: FastAPI) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    engine = app.state.register.database.engine.sync_engine
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_plan_is_shown_with_all_that_hangs_on_it(post: Post, world: World, plan: Json) -> None:
    answer = await post(EVERYTHING, world.head(world.school))
    assert "errors" not in answer
    students = [edge["node"] for edge in answer["data"]["students"]["edges"]]
    (mine,) = [each for each in students if each["id"] == plan["student_id"]]
    (shown,) = mine["plans"]
    assert (shown["code"], shown["state"], shown["semester"]) == (plan["code"], "ACTIVE", {"code": "2021-1"})
    assert shown["institution"] == {"name": "Madonas pārbaudes skola"}
    assert shown["plannedMeasures"] == [
        {"supportMeasure": {"code": "SUBJECT_CONSULTATION"}, "hours": "12.50", "subject": {"nameEn": "mathematics"}}
    ]
    assert len(shown["interventions"]["edges"]) == 3
    assert shown["interventions"]["pageInfo"] == {"hasNextPage": True}
    assert [each["step"] for each in shown["steps"]] == ["SUBMIT", "APPROVE_SCHOOL", "APPROVE_PARTNER", "ACTIVATE"]
    assert mine["risks"][0]["type"]["code"] == "LEARNING_DIFFICULTY"
    assert mine["risks"][0]["group"] == {"code": "LEARNING"}


async def test_a_page_of_students_costs_the_same_statements_however_many_they_are(
    app: FastAPI, http: httpx.AsyncClient, post: Post, world: World, plan: Json
) -> None:
    assert plan["state"] == "ACTIVE"
    with counted(app) as few:
        await post(EVERYTHING, world.head(world.school))
    for _ in range(3):
        more = await activated(http, world, await draft(http, world, world.school))
        await deliver(http, world, more, times=2)
    with counted(app) as many:
        answer = await post(EVERYTHING, world.head(world.school))
    assert len(answer["data"]["students"]["edges"]) >= 4
    # Students, enrolments, risks, school years, plans, interventions, outcomes, steps, and institutions in three parts. The audit
    # goes straight through the driver, and is not seen here.
    assert len(many) == len(few) == 11


async def test_pages_of_interventions_go_on_where_the_last_one_ended(post: Post, world: World, plan: Json) -> None:
    seen: list[str] = []
    after = "null"
    while True:
        query = f'{{ plan(id: "{plan["id"]}") {{ interventions(first: 2, after: {after}) {{ edges {{ node {{ id }} }} pageInfo {{ hasNextPage endCursor }} }} }} }}'
        page = (await post(query, world.head(world.school)))["data"]["plan"]["interventions"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = f'"{page["pageInfo"]["endCursor"]}"'
    assert len(seen) == len(set(seen)) == 4


@pytest.mark.parametrize("field", ["plan", "student"])
async def test_foreign_and_absent_are_both_null(post: Post, world: World, plan: Json, field: str) -> None:
    foreign = plan["id"] if field == "plan" else plan["student_id"]
    answers = [
        await post(f'{{ {field}(id: "{each}") {{ id }} }}', world.head(world.other_school))
        for each in (foreign, "00000000-0000-4000-8000-000000000000")
    ]
    assert answers == [{"data": {field: None}}] * 2


async def test_a_school_and_a_provider_see_their_own(
    http: httpx.AsyncClient, post: Post, world: World, plan: Json
) -> None:
    other = await draft(http, world, world.school, providers=["T-777"])
    query = "{ plans(first: 100) { edges { node { id } } } }"

    async def ids(headers: dict[str, str]) -> set[str]:
        edges = (await post(query, headers))["data"]["plans"]["edges"]
        return {edge["node"]["id"] for edge in edges}

    assert {plan["id"], other["id"]} <= await ids(world.head(world.school))
    assert await ids(world.head(world.other_school)) == set()
    assert await ids(world.provider(world.school, "T-777")) == {other["id"]}
    assert {plan["id"], other["id"]} <= await ids(world.municipality(world.madona))


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
async def test_outside_roles_read_no_records(post: Post, world: World, role: Role) -> None:
    answer = await post("{ students { edges { node { id } } } }", world.bearer(role))
    assert answer.get("data") is None
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["role-may-not"]


@pytest.mark.parametrize(
    ("arguments", "pointer"), [("first: 0", "/first"), ("first: 101", "/first"), ('after: "!"', "/after")]
)
async def test_a_page_that_cannot_be_is_refused_by_its_argument(
    post: Post, world: World, arguments: str, pointer: str
) -> None:
    answer = await post(f"{{ plans({arguments}) {{ edges {{ cursor }} }} }}", world.head(world.school))
    assert [each["pointer"] for each in answer["errors"][0]["extensions"]["violations"]] == [pointer]
