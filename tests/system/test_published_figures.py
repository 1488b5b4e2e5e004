"""The register answers what the programme published as it was published, and would not have made its mistakes."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import httpx
import pytest

from tests.system.conftest import Ask
from tests.system.published import FIGURES, NEW_MADONA, OLD_MADONA, SHARES, Figure, Share

TWELVE = {
    "Madonas pilsētas vidusskola",
    "Kalsnavas pamatskola",
    "Lazdonas pamatskola",
    "Degumnieku pamatskola",
    "Bērzaunes pamatskola",
    "Vestienas pamatskola",
    "Kusas pamatskola",
    "Andreja Eglīša Ļaudonas vidusskola",
    "Barkavas pamatskola",
    "Praulienas pamatskola",
    "Liezēres pamatskola",
    "Dzelzavas pamatskola",
}
JOINED_BY_THE_REFORM = {"Lubānas vidusskola", "Cesvaines vidusskola"}


def named(cases: Iterable[Figure | Share]) -> list[Any]:
    return [pytest.param(case, id=case.id) for case in cases]


async def total(ask: Ask, where: str, measure: str) -> Decimal:
    data = await ask(f"{{ statistics(where: {{ {where} }}) {{ totals {{ {measure} }} }} }}")
    return Decimal(str(data["statistics"]["totals"][measure]))


@pytest.mark.parametrize("case", named(FIGURES))
async def test_figure(case: Figure, ask: Ask) -> None:
    answer = await total(ask, case.where, case.measure)
    assert answer > case.value if case.comparison == "gt" else answer == case.value


@pytest.mark.parametrize("case", named(SHARES))
async def test_share_of_interventions_in_2018_19(case: Share, ask: Ask) -> None:
    year = 'schoolYears: ["2018/19"]'
    part = await total(ask, f"{year}, {case.risks}", "interventions")
    whole = await total(ask, f"{year}, {case.among}", "interventions")
    printed = (part / whole * 100).quantize(case.value, ROUND_HALF_UP)
    assert printed == case.value


async def test_family_risks_have_a_share_although_none_was_printed(ask: Ask) -> None:
    year = 'schoolYears: ["2018/19"]'
    family = await total(ask, f'{year}, riskGroups: ["FAMILY"]', "interventions")
    assert 0 < family / await total(ask, year, "interventions") <= Decimal("0.015")


async def test_f034_ninety_institutions_joined_in_the_autumn_of_2019(ask: Ask) -> None:
    before = await total(ask, 'participatingOn: "2019-08-31"', "institutionsParticipating")
    after = await total(ask, 'participatingOn: "2019-11-30"', "institutionsParticipating")
    assert after - before == 90


async def test_63_452_are_plans_and_not_students(ask: Ask) -> None:
    data = await ask(
        '{ statistics(where: {schoolYears: ["2017/18", "2018/19", "2019/20", "2020/21"]}) { totals { plans students } } }'
    )
    totals = data["statistics"]["totals"]
    assert totals["plans"] == 63_452
    assert totals["students"] < totals["plans"]


async def test_mathematics_comes_first_in_both_kinds_of_institution_then_latvian_then_english(ask: Ask) -> None:
    data = await ask(
        '{ statistics(by: [INSTITUTION_KIND, SUBJECT], where: {semesters: ["2018-2"]})'
        " { groups { key { institutionKind { code } subject { code } } deliveredHours } } }"
    )
    hours: dict[str, Decimal] = {}
    first: dict[str, tuple[Decimal, str]] = {}
    for group in data["statistics"]["groups"]:
        if group["key"]["subject"] is None:
            continue
        kind, subject, here = (
            group["key"]["institutionKind"]["code"],
            group["key"]["subject"]["code"],
            Decimal(group["deliveredHours"]),
        )
        hours[subject] = hours.get(subject, Decimal(0)) + here
        first[kind] = max(first.get(kind, (Decimal(0), "")), (here, subject))
    assert {kind: subject for kind, (_, subject) in first.items()} == {
        "GENERAL": "MATHEMATICS",
        "VOCATIONAL": "MATHEMATICS",
    }
    assert sorted(hours, key=lambda subject: -hours[subject])[:3] == ["MATHEMATICS", "LATVIAN", "ENGLISH"]


async def participating(authority: httpx.AsyncClient, on: str, municipality: str) -> set[str]:
    query = {"participating_on": on, "municipality": municipality, "limit": "200"}
    answer = await authority.get("/v1/institutions", params=query)
    assert answer.status_code == 200, answer.text
    return {each["name"] for each in answer.json()["items"]}


async def test_f001_twelve_schools_of_madona_participated_before_the_reform(authority: httpx.AsyncClient) -> None:
    assert await participating(authority, "2021-01-15", "0700200") == TWELVE


async def test_f002_and_fifteen_on_1_september_2021(authority: httpx.AsyncClient) -> None:
    now = await participating(authority, "2021-09-01", "0038000")
    assert now == TWELVE | JOINED_BY_THE_REFORM | {"Ērgļu vidusskola"}
    assert len(now) == 15


async def test_f068_five_schools_began_in_2017(authority: httpx.AsyncClient) -> None:
    assert await participating(authority, "2017-12-01", "0700200") == {
        "Madonas pilsētas vidusskola",
        "Madonas Vakara un neklātienes vidusskola",
        "Kalsnavas pamatskola",
        "Lazdonas pamatskola",
        "Degumnieku pamatskola",
    }


@pytest.mark.parametrize(("where", "day", "schools"), [(OLD_MADONA, "2021-01-15", 12), (NEW_MADONA, "2021-09-01", 15)])
async def test_statistics_count_the_same_schools_on_a_day(ask: Ask, where: str, day: str, schools: int) -> None:
    assert await total(ask, f'{where}, participatingOn: "{day}"', "institutionsParticipating") == schools


async def test_the_ninth_semester_has_the_new_grades_borders_and_school(ask: Ask) -> None:
    data = await ask(
        '{ young: statistics(where: {semesters: ["2021-1"], grades: [1, 2, 3, 4], kinds: [GENERAL]}) { totals { plans } }'
        '  before: statistics(where: {semesters: ["2020-2"], grades: [1, 2, 3, 4], kinds: [GENERAL]}) { totals { plans } }'
        '  places: statistics(by: [MUNICIPALITY], where: {semesters: ["2021-1"]}) { groups { key { municipality { code } } plans } }'
        '  schools: statistics(by: [INSTITUTION], where: {semesters: ["2021-1"], municipalities: ["0038000"]})'
        "    { groups { key { institution { name } } plans } } }"
    )
    assert data["young"]["totals"]["plans"] > 0
    assert data["before"]["totals"]["plans"] == 0
    assert all(group["key"]["municipality"]["code"].startswith("00") for group in data["places"]["groups"])
    plans = {group["key"]["institution"]["name"]: group["plans"] for group in data["schools"]["groups"]}
    assert plans["Ērgļu vidusskola"] > 0
