"""Which groups are shown, in which order and how many at a time, and what stands beside them."""

from collections.abc import Iterator
from threading import Thread, current_thread
from typing import Any

import pytest

from app.db.statistics import answers
from app.domain.statistics import empty
from tests.graphql.conftest import Ask

pytestmark = pytest.mark.usefixtures("tiny_register")


def names(answer: Any) -> list[str]:
    return [each["key"]["institution"]["name"] for each in answer["groups"]]


async def test_having_keeps_groups_and_leaves_totals_alone(ask: Ask) -> None:
    answer = await ask(
        "by: [INSTITUTION], having: [{measure: PLANS, atLeast: 2}]",
        "groups { key { institution { name } } students } groupCount totals { plans }",
    )
    assert names(answer) == ["Aglonas skola", "Madonas skola"]
    assert answer["groupCount"] == 2
    assert answer["totals"]["plans"] == 8


async def test_bounds_of_rates_are_of_their_values(ask: Ask) -> None:
    async def kept(bound: str) -> list[str]:
        answer = await ask(
            f"by: [INSTITUTION], having: [{{measure: ATTENDANCE_RATE, {bound}}}]",
            "groups { key { institution { name } } }",
        )
        return names(answer)

    assert await kept('atLeast: "0.6", atMost: "0.7"') == ["Madonas skola"], "4 of 6"
    assert await kept("atLeast: 1") == ["Rīgas koledža"]
    assert await kept("atLeast: 0") == ["Madonas skola", "Rīgas koledža"], "a rate of nothing is in no bound"


async def test_groups_are_ordered_by_measures_and_then_by_their_keys(ask: Ask) -> None:
    answer = await ask(
        "by: [INSTITUTION], orderBy: [{measure: PLANS, direction: DESCENDING}]",
        "groups { key { institution { name } } }",
    )
    assert names(answer) == ["Madonas skola", "Aglonas skola", "Grāveru skola", "Rīgas koledža", "Ērgļu skola"]
    answer = await ask(
        "by: [SEMESTER, REGION], orderBy: [{dimension: REGION, direction: DESCENDING}, {dimension: SEMESTER}]",
        "groups { key { semester { code } region { code } } plans }",
    )
    assert [(each["key"]["region"]["code"], each["key"]["semester"]["code"]) for each in answer["groups"]] == [
        ("PR-LATGALE", "2020-2"),
        ("PR-LATGALE", "2021-1"),
        ("PR-VIDZEME", "2020-1"),
        ("PR-VIDZEME", "2020-2"),
        ("PR-VIDZEME", "2021-1"),
        ("PR-RIGA", "2020-2"),
    ]


async def test_a_rate_of_nothing_is_last_either_way(ask: Ask) -> None:
    for direction, first in (("ASCENDING", "Madonas skola"), ("DESCENDING", "Rīgas koledža")):
        answer = await ask(
            f"by: [INSTITUTION], orderBy: [{{measure: ATTENDANCE_RATE, direction: {direction}}}]",
            "groups { key { institution { name } } attendanceRate { value } }",
        )
        assert names(answer)[0] == first
        assert [each["attendanceRate"]["value"] for each in answer["groups"]][2:] == [None, None, None]


async def test_pages_go_on_where_the_last_one_ended(post: Ask) -> None:
    document = """
        query Page($after: String) {
          statistics(by: [INSTITUTION], orderBy: [{measure: PLANS, direction: DESCENDING}], first: 2, after: $after) {
            groups { key { institution { name } } plans }
            pageInfo { hasNextPage endCursor }
            groupCount
          }
        }
    """
    after, pages = None, []
    for _ in range(3):
        answer = (await post(document, after=after)).json()["data"]["statistics"]
        assert answer["groupCount"] == 5
        pages.append((names(answer), answer["pageInfo"]["hasNextPage"]))
        after = answer["pageInfo"]["endCursor"]
    assert pages == [
        (["Madonas skola", "Aglonas skola"], True),
        (["Grāveru skola", "Rīgas koledža"], True),
        (["Ērgļu skola"], False),
    ]


async def test_a_cursor_is_of_its_question(post: Ask, refused: Ask) -> None:
    page = "statistics(by: [SEMESTER], first: 1) { groups { plans } pageInfo { endCursor } }"
    cursor = (await post(f"{{ {page} }}")).json()["data"]["statistics"]["pageInfo"]["endCursor"]
    for arguments in (f'by: [REGION], after: "{cursor}"', 'by: [SEMESTER], after: "anything"'):
        error = await refused(f"{{ statistics({arguments}) {{ groups {{ plans }} }} }}")
        assert [(each["pointer"], each["code"]) for each in error["violations"]] == [("/after", "cursor")]


async def test_subtotals_stand_beside_groups_and_totals(ask: Ask) -> None:
    answer = await ask(
        "by: [REGION, SEMESTER], first: 1",
        "groups { plans } totals { students }"
        " regions: subtotals(by: [REGION]) { key { region { code } semester { code } } plans students }"
        " semesters: subtotals(by: [SEMESTER]) { key { semester { code } } eur }",
    )
    assert len(answer["groups"]) == 1
    assert [(each["key"]["region"]["code"], each["plans"], each["students"]) for each in answer["regions"]] == [
        ("PR-RIGA", 1, 1),
        ("PR-VIDZEME", 4, 3),
        ("PR-LATGALE", 3, 2),
    ]
    assert answer["regions"][0]["key"]["semester"] is None
    assert [(each["key"]["semester"]["code"], each["eur"]) for each in answer["semesters"]] == [
        ("2020-1", "12.30"),
        ("2020-2", "0.00"),
        ("2021-1", "0.00"),
    ]
    assert answer["totals"] == {"students": 5}


async def test_totals_need_not_be_of_what_groups_are_by(ask: Ask) -> None:
    answer = await ask("by: [RISK_GROUP]", "groups { plans } totals { staffInvolved institutionsParticipating }")
    assert answer["totals"]["staffInvolved"] == 3


async def test_empty_groups_are_told_on_request(ask: Ask) -> None:
    asked = "by: [RISK_GROUP], withEmpty: true"
    answer = await ask(asked, "groups { key { riskGroup { code } } plans attendanceRate { value } }")
    assert [(each["key"]["riskGroup"]["code"], each["plans"]) for each in answer["groups"]] == [
        ("LEARNING", 5),
        ("SOCIAL_HEALTH", 0),
        ("ECONOMIC", 3),
        ("FAMILY", 1),
    ]
    answer = await ask(
        'by: [SCHOOL_YEAR, SEMESTER], withEmpty: true, where: {schoolYearRange: {from: "2019/20", to: "2020/21"}}',
        "groups { key { schoolYear semester { code } } plans }",
    )
    assert [(e["key"]["schoolYear"], e["key"]["semester"]["code"], e["plans"]) for e in answer["groups"]] == [
        ("2019/20", "2019-1", 0),
        ("2019/20", "2019-2", 0),
        ("2020/21", "2020-1", 2),
        ("2020/21", "2020-2", 4),
    ]


async def test_empty_groups_are_made_in_a_thread_so_that_others_are_answered_meanwhile(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_in: list[Thread] = []

    def combinations(*asked: Any) -> Iterator[Any]:
        made_in.append(current_thread())
        return empty.combinations(*asked)

    monkeypatch.setattr(answers, "combinations", combinations)
    await ask("by: [RISK_GROUP], withEmpty: true", "groups { plans }")
    [thread] = made_in
    assert thread is not current_thread()


async def test_groups_are_counted_without_being_shown(ask: Ask) -> None:
    assert await ask("by: [INSTITUTION]", "groupCount") == {"groupCount": 5}
