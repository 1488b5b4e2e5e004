"""Asking again: who has the answer is told so, and nobody is told of what is not theirs, or of what has changed."""

from typing import Any
from unittest.mock import patch

import asyncpg
import pytest

from app.api.rest.statistics import router
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId
from tests.graphql.tiny_register import COLLEGE, MADONA
from tests.statistics.conftest import Get

pytestmark = pytest.mark.usefixtures("tiny_register")

QUESTION: dict[str, Any] = {"by": "REGION", "measures": "PLANS"}


def head_of(institution: int, subject: str = "head") -> Actor:
    return Actor(subject=subject, role=Role.SCHOOL_HEAD, institution_ids=frozenset({InstitutionId(institution)}))


async def test_who_has_the_answer_is_told_so(get: Get) -> None:
    first = await get(**QUESTION)
    tag = first.headers["etag"]
    assert tag[0] == tag[-1] == '"'
    assert first.headers["cache-control"] == "private, max-age=0, must-revalidate"
    for known in (tag, f'"other", {tag}'):
        again = await get(**QUESTION, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await get(**QUESTION, headers={"If-None-Match": '"other"'})).content == first.content


async def test_another_question_form_or_language_has_another_tag(get: Get) -> None:
    answers = [
        await get(**QUESTION),
        await get(by="REGION", measures="STUDENTS"),
        await get(**QUESTION, format="csv"),
        await get(**QUESTION, format="csv", delimiter="comma"),
        await get(**QUESTION, format="parquet"),
        await get(**QUESTION, headers={"Accept-Language": "lv"}),
        await get(**QUESTION, kinds="VOCATIONAL"),
    ]
    assert len({each.headers["etag"] for each in answers}) == len(answers)
    assert {*answers[0].headers["vary"].split(", ")} >= {"Accept", "Accept-Language", "Authorization"}


async def test_who_sees_the_same_shares_the_answer_and_nobody_else_does(get: Get) -> None:
    own = await get(head_of(MADONA), **QUESTION)
    with patch.object(router, "answer", side_effect=AssertionError("it was computed again")):
        colleague = await get(head_of(MADONA, "colleague"), **QUESTION)
    assert (colleague.headers["etag"], colleague.content) == (own.headers["etag"], own.content)
    other = await get(head_of(COLLEGE), **QUESTION, headers={"If-None-Match": own.headers["etag"]})
    assert other.status_code == 200
    assert other.content != own.content


async def test_what_changes_changes_the_tag(get: Get, owner: asyncpg.Connection) -> None:
    before = await get(**QUESTION)
    foreign = await get(head_of(COLLEGE), **QUESTION)
    await owner.execute("UPDATE statistics_version SET version = version + 1 WHERE institution_id = $1", MADONA)
    after = await get(**QUESTION, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    # What happens at another institution is nothing to this one, not even that it does.
    again = await get(head_of(COLLEGE), **QUESTION, headers={"If-None-Match": foreign.headers["etag"]})
    assert again.status_code == 304


async def test_pages_lead_to_the_next_one(get: Get) -> None:
    whole = (await get(by="INSTITUTION", measures="PLANS", order="-PLANS")).json()["groups"]
    answer = await get(by="INSTITUTION", measures="PLANS", order="-PLANS", first=2)
    found = answer.json()["groups"]
    while answer.json()["page"]["has_next"]:
        assert answer.links["next"]["url"].startswith("/v1/statistics?")
        cursor = answer.json()["page"]["end_cursor"]
        assert cursor in answer.links["next"]["url"]
        answer = await get(by="INSTITUTION", measures="PLANS", order="-PLANS", first=2, after=cursor)
        found += answer.json()["groups"]
    assert found == whole
    assert "link" not in answer.headers
    table = await get(by="INSTITUTION", measures="PLANS", first=2, format="csv")
    assert table.text.count("\r\n") == 3
    assert "next" in table.links
