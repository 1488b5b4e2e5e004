"""Hours, EUR and interventions: what was attended, and nothing else."""

import pytest

from tests.graphql.conftest import Ask

pytestmark = pytest.mark.usefixtures("tiny_register")

ALL = "interventions notAttended deliveredHours consultations eur"


async def test_only_what_was_attended_is_delivered(ask: Ask) -> None:
    answer = await ask("", f"totals {{ {ALL} }}")
    assert answer["totals"] == {
        "interventions": 5,
        "notAttended": 2,
        "deliveredHours": "7.50",
        "consultations": 4,
        "eur": "12.30",
    }


async def test_hours_belong_to_the_semester_and_the_place_of_the_plan(ask: Ask) -> None:
    answer = await ask(
        "by: [REGION, SEMESTER]", "groups { key { region { code } semester { code } } deliveredHours eur plans }"
    )
    assert [
        (g["key"]["region"]["code"], g["key"]["semester"]["code"], g["deliveredHours"], g["eur"], g["plans"])
        for g in answer["groups"]
    ] == [
        ("PR-RIGA", "2020-2", "1.00", "0.00", 1),
        ("PR-VIDZEME", "2020-1", "3.50", "12.30", 2),
        ("PR-VIDZEME", "2020-2", "3.00", "0.00", 1),
        ("PR-VIDZEME", "2021-1", "0.00", "0.00", 1),
        ("PR-LATGALE", "2020-2", "0.00", "0.00", 2),
        ("PR-LATGALE", "2021-1", "0.00", "0.00", 1),
    ]


async def test_hours_are_divided_among_risks_without_overlap(ask: Ask) -> None:
    answer = await ask(
        "by: [RISK]", "groups { key { risk { code } } deliveredHours eur } totals { deliveredHours eur }"
    )
    assert {group["key"]["risk"]["code"]: (group["deliveredHours"], group["eur"]) for group in answer["groups"]} == {
        "LEARNING_DIFFICULTY": ("3.00", "0.00"),
        "FAMILY_CONFLICT": ("1.50", "12.30"),
        "LOW_ACHIEVEMENT": ("3.00", "0.00"),
        "INSUFFICIENT_MEANS": ("0.00", "0.00"),
    }
    assert answer["totals"] == {"deliveredHours": "7.50", "eur": "12.30"}


async def test_what_was_not_attended_makes_no_plan_count(ask: Ask) -> None:
    answer = await ask(
        "by: [SUBJECT, SEMESTER]", f"groups {{ key {{ subject {{ code }} semester {{ code }} }} plans students {ALL} }}"
    )
    english = {g["key"]["semester"]["code"]: g for g in answer["groups"] if g["key"]["subject"] == {"code": "ENGLISH"}}
    assert (english["2020-1"]["plans"], english["2020-1"]["students"], english["2020-1"]["notAttended"]) == (0, 0, 1)
    assert (english["2020-2"]["plans"], english["2020-2"]["deliveredHours"]) == (1, "3.00")


async def test_a_filter_on_the_delivery_narrows_the_hours(ask: Ask) -> None:
    answer = await ask('where: {subjects: ["MATHEMATICS"], schoolYears: ["2020/21"]}', f"totals {{ {ALL} plans }}")
    assert answer["totals"] == {
        "interventions": 2,
        "notAttended": 1,
        "deliveredHours": "3.00",
        "consultations": 2,
        "eur": "0.00",
        "plans": 2,
    }
