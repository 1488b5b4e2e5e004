"""Answers that are shared: by those alone who would be told the same, and never longer than they are true."""

import asyncio
from datetime import date
from typing import Any

import asyncpg
import httpx
import pytest

from app.api.graphql import answering
from app.api.standings import Standing, Standings
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId, PartnerId
from tests.graphql.conftest import AUTHORITY, Ask
from tests.graphql.tiny_register import COLLEGE, MADONA, MADONA_PARTNER

pytestmark = pytest.mark.usefixtures("tiny_register")

PLANS = "{ statistics(by: [INSTITUTION]) { groups { key { institution { id } } plans } totals { plans } } }"
COLLEAGUE = Actor(subject="colleague", role=Role.PROGRAMME_AUTHORITY)
OPERATOR = Actor(subject="operator", role=Role.ADMINISTRATOR)


def of_school(institution: int, subject: str = "head", role: Role = Role.SCHOOL_HEAD) -> Actor:
    return Actor(
        subject=subject, role=role, institution_ids=frozenset({InstitutionId(institution)}), staff_member="t-1"
    )


@pytest.fixture
async def executed(monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection) -> list[str]:
    """Who has had a document executed, from now on and after a change of everything."""
    await owner.execute("UPDATE statistics_version SET version = version + 1")
    whose: list[str] = []
    execute = answering._execute  # noqa: SLF001 - to see whether it was called

    async def spy(context: Any, text: str, asked: Any) -> Any:
        whose.append(context.actor.subject)
        return await execute(context, text, asked)

    monkeypatch.setattr(answering, "_execute", spy)
    return whose


async def change(owner: asyncpg.Connection, institution: int = MADONA) -> None:
    """Something that is committed: one plan more."""
    async with owner.transaction():
        await owner.execute(
            "UPDATE statistics_cell SET plans = plans + 1 WHERE (category, institution_id, code) = (0, $1, 0) AND term ="
            " (SELECT min(term) FROM statistics_cell WHERE (category, institution_id) = (0, $1))",
            institution,
        )
        await owner.execute(
            "UPDATE statistics_version SET version = version + 1 WHERE institution_id = $1", institution
        )


def total(answer: httpx.Response) -> int:
    return int(answer.json()["data"]["statistics"]["totals"]["plans"])


async def test_those_who_see_the_same_share_one_answer(post: Ask, executed: list[str]) -> None:
    answers = [await post(PLANS, actor) for actor in (AUTHORITY, COLLEAGUE, COLLEAGUE, AUTHORITY)]
    assert executed == ["authority"]
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["X-Correlation-Id"] for answer in answers}) == 4
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert {answer.headers["X-Content-Type-Options"] for answer in answers} == {"nosniff"}


async def test_another_scope_has_another_answer(post: Ask, executed: list[str]) -> None:
    madona = Actor(subject="madona", role=Role.MUNICIPALITY_COORDINATOR, partner_id=PartnerId(MADONA_PARTNER))
    vidzeme = Actor(subject="vidzeme", role=Role.REGIONAL_COORDINATOR, region_code="PR-VIDZEME")
    everybody = [AUTHORITY, madona, vidzeme, of_school(MADONA), of_school(COLLEGE, "other head")]
    first = [(await post(PLANS, actor)).content for actor in everybody]
    assert [(await post(PLANS, actor)).content for actor in everybody] == first
    assert (await post(PLANS, of_school(MADONA, "provider", Role.SUPPORT_PROVIDER))).content == first[3]
    assert len(set(first)) == 4, "the municipality and the region have the same two institutions, and all others differ"
    assert executed == ["authority", "madona", "head", "other head"]


async def test_a_change_is_seen_by_the_next_who_asks(post: Ask, owner: asyncpg.Connection, executed: list[str]) -> None:
    before = total(await post(PLANS))
    await change(owner)
    assert [total(await post(PLANS, actor)) for actor in (COLLEAGUE, AUTHORITY)] == [before + 1] * 2
    assert executed == ["authority", "colleague"]


async def test_what_changes_elsewhere_leaves_an_answer_as_it_is(
    post: Ask, owner: asyncpg.Connection, executed: list[str]
) -> None:
    await post(PLANS, of_school(COLLEGE))
    await change(owner, MADONA)
    await post(PLANS, of_school(COLLEGE))
    assert executed == ["head"]


async def test_an_answer_is_of_the_scope_that_its_tag_names(
    post: Ask, executed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Agreements may change in the moment between."""
    of = Standings.of

    async def before_the_agreement_changed(self: Standings, _actor: Actor, today: date) -> Standing:
        return await of(self, of_school(COLLEGE), today)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Standings, "of", before_the_agreement_changed)
        early = await post(PLANS, of_school(MADONA, "other head"))
    assert early.content == (await post(PLANS, of_school(COLLEGE))).content
    assert executed == ["other head"]


async def test_whatever_else_is_asked_is_another_question(post: Ask, executed: list[str]) -> None:
    document = "query A($no: Boolean = false) { statistics { totals { plans students @include(if: $no) } } }"
    for variables in ({}, {"no": False}, {"no": True}):
        await post(document, **variables)
    await post(document + " ")
    assert len(executed) == 4


async def test_the_first_question_after_a_commit_sees_it_however_many_ask(post: Ask, owner: asyncpg.Connection) -> None:
    committed, over = total(await post(PLANS)), False

    async def ask_all_the_time(actor: Actor) -> int:
        asked = 0
        while not over:
            least = committed
            assert total(await post(PLANS, actor)) >= least
            asked += 1
        return asked

    readers = [asyncio.create_task(ask_all_the_time(actor)) for actor in (AUTHORITY, COLLEAGUE) * 6]
    for _ in range(30):
        await change(owner)
        committed += 1
        assert total(await post(PLANS)) >= committed
        await asyncio.sleep(0.005)
    over = True
    assert min(await asyncio.gather(*readers)) > 3
    assert total(await post(PLANS)) == committed


async def test_a_refusal_is_everybodys_own(post: Ask, owner: asyncpg.Connection, executed: list[str]) -> None:
    await post(PLANS)
    refused = [await post(PLANS, OPERATOR) for _ in range(2)]
    assert {each.json()["errors"][0]["extensions"]["code"] for each in refused} == {"role-may-not"}
    ids = [each.headers["X-Correlation-Id"] for each in refused]
    assert [each.json()["errors"][0]["extensions"]["correlationId"] for each in refused] == ids
    kept = await owner.fetch("SELECT correlation_id FROM audit_inbox WHERE correlation_id = ANY($1)", ids)
    assert sorted(row["correlation_id"] for row in kept) == sorted(ids)
    assert executed == ["authority", "operator", "operator"]


async def test_an_answer_with_an_error_is_not_shared(post: Ask, executed: list[str]) -> None:
    wrong = '{ statistics(where: {semesters: ["1999-9"]}) { totals { plans } } }'
    answers = [await post(wrong, actor) for actor in (AUTHORITY, COLLEAGUE)]
    ids = [each.json()["errors"][0]["extensions"]["correlationId"] for each in answers]
    assert len(set(ids)) == 2
    assert executed == ["authority", "colleague"]


@pytest.mark.parametrize(
    "document",
    [
        "{ __schema { queryType { name } } statistics { totals { plans } } }",
        "{ statistics { totals { plans } } plans(first: 1) { edges { node { id } } } }",
        "query { ...All } fragment All on Query { statistics { totals { plans } } ... { plans(first: 1) { edges { node { id } } } } }",
    ],
    ids=["the schema", "records", "records in fragments"],
)
async def test_what_asks_for_anything_besides_is_executed_for_whoever_asks(
    post: Ask, executed: list[str], document: str
) -> None:
    for actor in (AUTHORITY, COLLEAGUE):
        assert "errors" not in (await post(document, actor)).json()
    assert executed == ["authority", "colleague"]


async def test_fragments_and_names_of_types_are_no_other_thing(post: Ask, executed: list[str]) -> None:
    document = "query { __typename ...All } fragment All on Query { ... on Query { statistics { totals { plans } } } }"
    assert (await post(document)).content == (await post(document, COLLEAGUE)).content
    assert executed == ["authority"]
