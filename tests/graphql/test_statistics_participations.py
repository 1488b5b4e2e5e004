"""Institutions participating: by day, semester and place, before and after the reform."""

import pytest

from tests.graphql.conftest import Ask

pytestmark = pytest.mark.usefixtures("tiny_register")

NAMES = "groups { key { institution { name } } institutionsParticipating } totals { institutionsParticipating }"


async def participating(ask: Ask, where: str) -> list[str]:
    answer = await ask(f"by: [INSTITUTION], where: {{{where}}}", NAMES)
    names = [group["key"]["institution"]["name"] for group in answer["groups"]]
    assert answer["totals"]["institutionsParticipating"] == len(names)
    return names


async def test_on_a_day_an_institution_is_where_it_lies_that_day(ask: Ask) -> None:
    assert await participating(ask, 'participatingOn: "2021-06-30", municipalities: ["0700200"]') == ["Madonas skola"]
    assert await participating(ask, 'participatingOn: "2021-09-01", municipalities: ["0038000"]') == [
        "Madonas skola",
        "Ērgļu skola",
    ]
    assert await participating(ask, 'participatingOn: "2021-09-01", municipalities: ["0700200"]') == []
    assert await participating(ask, 'participatingOn: "2021-09-01", municipalities: ["0032000"]') == ["Grāveru skola"]
    assert await participating(ask, 'participatingOn: "2021-09-01", municipalities: ["0042000"]') == ["Aglonas skola"]


async def test_periods_close_and_reopen(ask: Ask) -> None:
    assert await participating(ask, 'participatingOn: "2019-05-31", kinds: [VOCATIONAL]') == ["Rīgas koledža"]
    assert await participating(ask, 'participatingOn: "2019-06-01", kinds: [VOCATIONAL]') == []
    answer = await ask(
        "by: [SCHOOL_YEAR], where: {kinds: [VOCATIONAL]}",
        "groups { key { schoolYear } institutionsParticipating } totals { institutionsParticipating }",
    )
    assert [group["key"]["schoolYear"] for group in answer["groups"]] == ["2018/19", "2020/21", "2021/22"], (
        "and no year after today"
    )
    assert answer["totals"]["institutionsParticipating"] == 1


async def test_in_the_semester_of_the_reform_it_counts_where_it_lay_first(ask: Ask) -> None:
    answer = await ask(
        'by: [MUNICIPALITY], where: {semesters: ["2020-2"]}',
        "groups { key { municipality { code } } institutionsParticipating }",
    )
    assert {g["key"]["municipality"]["code"]: g["institutionsParticipating"] for g in answer["groups"]} == {
        "0604300": 2,
        "0700200": 1,
        "0038000": 1,
        "0010000": 1,
    }


async def test_measures_of_two_grains_meet_in_one_group(ask: Ask) -> None:
    answer = await ask(
        'by: [SEMESTER, REGION], where: {regions: ["PR-RIGA"], schoolYears: ["2020/21"]}',
        "groups { key { semester { code } region { code } } plans deliveredHours institutionsParticipating }",
    )
    key = {"region": {"code": "PR-RIGA"}}
    assert answer["groups"] == [
        {
            "key": {"semester": {"code": "2020-1"}, **key},
            "plans": 0,
            "deliveredHours": "0.00",
            "institutionsParticipating": 1,
        },
        {
            "key": {"semester": {"code": "2020-2"}, **key},
            "plans": 1,
            "deliveredHours": "1.00",
            "institutionsParticipating": 1,
        },
    ]
