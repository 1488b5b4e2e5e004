"""What an address answers: groups, totals and names, to each in its own scope."""

import json
from typing import Any

import httpx
import pytest

from app.api.rest.statistics.models import StatisticsOut
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId
from tests.graphql.tiny_register import AGLONA, COLLEGE, MADONA
from tests.statistics.conftest import Figures, Get

pytestmark = pytest.mark.usefixtures("tiny_register")


def head_of(institution: int) -> Actor:
    return Actor(subject="head", role=Role.SCHOOL_HEAD, institution_ids=frozenset({InstitutionId(institution)}))


def told(answer: Any, dimension: str, measure: str) -> dict[Any, Any]:
    """A measure of each group by the code of its key."""
    return {
        None if each["key"][dimension] is None else each["key"][dimension]["code"]: each["values"][measure]
        for each in answer["groups"]
    }


async def test_groups_and_totals(figures: Figures) -> None:
    answer = await figures(by="SCHOOL_YEAR", measures="PLANS,DELIVERED_HOURS", totals="true")
    assert answer["by"] == ["SCHOOL_YEAR"]
    assert answer["measures"] == ["PLANS", "DELIVERED_HOURS"]
    assert told(answer, "school_year", "plans")["2020/21"] == 6
    assert told(answer, "school_year", "delivered_hours")["2020/21"] == "7.50"
    assert answer["totals"] == {"plans": 8, "delivered_hours": "7.50"}
    assert answer["groups"][0]["key"] == {"school_year": {"code": "2020/21", "name": "2020/21"}}
    assert answer["groups"][0]["previous"] is None
    assert answer["page"]["group_count"] == len(answer["groups"])
    StatisticsOut.model_validate(answer)


async def test_without_anything_said_students_and_plans_are_counted(figures: Figures) -> None:
    answer = await figures()
    assert [each["values"].keys() for each in answer["groups"]] == [{"students", "plans"}]
    assert answer["totals"] is None


async def test_lists_come_by_commas_or_by_repeating_or_both(figures: Figures) -> None:
    once = await figures(by="INSTITUTION", institutions=f"{MADONA},{COLLEGE}", measures="PLANS,STUDENTS")
    again = await figures(by="INSTITUTION", institutions=[MADONA, COLLEGE], measures=["PLANS", " STUDENTS"])
    assert once["groups"] == again["groups"]
    assert set(told(once, "institution", "plans")) == {MADONA, COLLEGE}


async def test_ranges_and_what_is_outside_of_them(figures: Figures) -> None:
    whole = told(await figures(by="SEMESTER"), "semester", "plans")
    first, *_, last = sorted(whole)
    middle = {each for each in whole if first < each}
    assert set(told(await figures(by="SEMESTER", semesterRange=f"{min(middle)}.."), "semester", "plans")) == middle
    outside = await figures(by="SEMESTER", also={"not.semesterRange": f"{min(middle)}..{last}"})
    assert set(told(outside, "semester", "plans")) == {first}


async def test_what_is_not_of_a_list(figures: Figures) -> None:
    whole = told(await figures(by="INSTITUTION"), "institution", "plans")
    without = await figures(by="INSTITUTION", also={"not.institutions": str(MADONA)})
    assert told(without, "institution", "plans") == {key: value for key, value in whole.items() if key != MADONA}


async def test_a_tree_of_conditions_is_json(figures: Figures) -> None:
    tree = {
        "or": [{"institutions": [MADONA]}, {"and": [{"kinds": ["VOCATIONAL"]}, {"not": {"institutions": [AGLONA]}}]}]
    }
    answer = await figures(by="INSTITUTION", where=json.dumps(tree))
    assert set(told(answer, "institution", "plans")) == {MADONA, COLLEGE}
    beside = await figures(by="INSTITUTION", where=json.dumps(tree), kinds="GENERAL")
    assert set(told(beside, "institution", "plans")) == {MADONA}


async def test_names_are_in_the_language_that_was_asked_for(figures: Figures) -> None:
    english = await figures(by="RISK_GROUP")
    latvian = await figures(by="RISK_GROUP", headers={"Accept-Language": "lv"})
    names = [[each["key"]["risk_group"]["name"] for each in answer["groups"]] for answer in (english, latvian)]
    assert names[0] != names[1]
    assert told(english, "risk_group", "plans") == told(latvian, "risk_group", "plans")
    institutions = await figures(by="INSTITUTION", institutions=MADONA)
    assert institutions["groups"][0]["key"]["institution"] == {"code": MADONA, "name": "Madonas skola"}


async def test_each_sees_its_own(figures: Figures) -> None:
    answer = await figures(head_of(MADONA), by="INSTITUTION", totals="true", measures="PLANS")
    assert told(answer, "institution", "plans") == {MADONA: 3}
    assert answer["totals"] == {"plans": 3}
    foreign = await figures(head_of(MADONA), by="INSTITUTION", institutions=AGLONA, totals="true", measures="PLANS")
    assert foreign["groups"] == []
    assert foreign["totals"] == {"plans": 0}


@pytest.mark.parametrize("role", [Role.SYNC_CLIENT, Role.ADMINISTRATOR])
async def test_machines_and_operators_read_no_statistics(get: Get, role: Role) -> None:
    granted = frozenset({InstitutionId(MADONA)}) if role is Role.SYNC_CLIENT else frozenset()
    answer = await get(Actor(subject="other", role=role, institution_ids=granted))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-may-not")


async def test_without_a_token_nothing_is_said(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/statistics?by=NONSENSE")).status_code == httpx.codes.UNAUTHORIZED
