"""Students and plans, counted by hand from tiny_plans.py."""

import pytest

from tests.graphql.conftest import Ask

pytestmark = pytest.mark.usefixtures("tiny_register")


async def test_a_student_of_two_regions_is_in_each_and_once_in_the_total(ask: Ask) -> None:
    answer = await ask(
        "by: [REGION]",
        "groups { key { region { code nameEn } } students plans plansContinued } totals { students plans }",
    )
    assert {
        group["key"]["region"]["code"]: (group["students"], group["plans"], group["plansContinued"])
        for group in answer["groups"]
    } == {
        "PR-RIGA": (1, 1, 1),
        "PR-VIDZEME": (3, 4, 1),
        "PR-LATGALE": (2, 3, 0),
    }
    assert answer["totals"] == {"students": 5, "plans": 8}


async def test_a_student_of_two_semesters_is_in_each_and_once_in_the_year(ask: Ask) -> None:
    by_semester = await ask("by: [SEMESTER]", "groups { key { semester { code startsOn } } students plans }")
    assert [
        (group["key"]["semester"]["code"], group["students"], group["plans"]) for group in by_semester["groups"]
    ] == [
        ("2020-1", 2, 2),
        ("2020-2", 4, 4),
        ("2021-1", 2, 2),
    ]
    assert by_semester["groups"][1]["key"]["semester"]["startsOn"] == "2021-01-01"
    by_year = await ask("by: [SCHOOL_YEAR]", "groups { key { schoolYear } students plans }")
    assert by_year["groups"] == [
        {"key": {"schoolYear": "2020/21"}, "students": 4, "plans": 6},
        {"key": {"schoolYear": "2021/22"}, "students": 2, "plans": 2},
    ]


async def test_without_grouping_there_is_one_group_equal_to_the_totals(ask: Ask) -> None:
    answer = await ask("", "groups { key { semester { code } } students plans } totals { students plans }")
    assert answer["groups"] == [{"key": {"semester": None}, "students": 5, "plans": 8}]
    assert answer["totals"] == {"students": 5, "plans": 8}


async def test_plans_lie_in_the_municipality_of_their_first_day(ask: Ask) -> None:
    answer = await ask(
        "by: [SEMESTER, MUNICIPALITY]", "groups { key { semester { code } municipality { code } } plans }"
    )
    assert [(g["key"]["semester"]["code"], g["key"]["municipality"]["code"], g["plans"]) for g in answer["groups"]] == [
        ("2020-1", "0700200", 2),
        ("2020-2", "0604300", 1),
        ("2020-2", "0032000", 1),
        ("2020-2", "0700200", 1),
        ("2020-2", "0010000", 1),
        ("2021-1", "0038000", 1),
        ("2021-1", "0042000", 1),
    ]


async def test_a_scheme_outside_its_dates_is_unassigned(ask: Ask) -> None:
    answer = await ask("by: [REGION], regionScheme: NUTS3_2024", "groups { key { region { code } } plans }")
    assert answer["groups"] == [{"key": {"region": {"code": "UNASSIGNED"}}, "plans": 8}]
    nuts = await ask(
        'by: [REGION], regionScheme: NUTS3_2021, where: {regions: ["LV005"]}',
        "groups { key { region { nameLv } } plans }",
    )
    assert nuts["groups"] == [{"key": {"region": {"nameLv": "Latgale"}}, "plans": 3}]


async def test_filters_narrow_together(ask: Ask) -> None:
    async def plans(where: str) -> int:
        answer = await ask(f"where: {{{where}}}", "totals { plans }")
        return int(answer["totals"]["plans"])

    assert await plans('municipalities: ["0604300", "0032000"]') == 2
    assert await plans("institutions: [1]") == 3
    assert await plans("institutions: [1, 999]") == 3
    assert await plans('institutions: [1], semesters: ["2020-2"]') == 1
    assert await plans('schoolYears: ["2020/21"], semesters: ["2021-1"]') == 0
    assert await plans("kinds: [VOCATIONAL]") == 1
    assert await plans("grades: [8]") == 3
    assert await plans('regions: ["PR-VIDZEME"], grades: [8, 9]') == 3
    assert await plans('risks: ["LOW_ACHIEVEMENT", "LEARNING_DIFFICULTY"]') == 5
    assert await plans('riskGroups: ["LEARNING"], risks: ["FAMILY_CONFLICT"]') == 0
    assert await plans('subjects: ["ENGLISH"]') == 1
    assert await plans('subjects: ["MATHEMATICS"], deliveryModes: [REMOTE]') == 1


async def test_a_plan_counts_for_every_risk_it_answers_and_once_for_a_group_of_them(ask: Ask) -> None:
    by_risk = await ask("by: [RISK]", "groups { key { risk { code } } students plans } totals { plans students }")
    assert [(group["key"]["risk"]["code"], group["students"], group["plans"]) for group in by_risk["groups"]] == [
        ("LEARNING_DIFFICULTY", 2, 3),
        ("LOW_ACHIEVEMENT", 2, 3),
        ("INSUFFICIENT_MEANS", 2, 3),
        ("FAMILY_CONFLICT", 1, 1),
    ]
    assert by_risk["totals"] == {"plans": 8, "students": 5}
    by_group = await ask("by: [RISK_GROUP]", "groups { key { riskGroup { code nameLv } } students plans }")
    assert [(group["key"]["riskGroup"]["code"], group["students"], group["plans"]) for group in by_group["groups"]] == [
        ("LEARNING", 3, 5),
        ("ECONOMIC", 2, 3),
        ("FAMILY", 1, 1),
    ]


async def test_asked_by_what_was_delivered_a_plan_counts_where_it_was_attended(ask: Ask) -> None:
    answer = await ask("by: [SUBJECT]", "groups { key { subject { code } } students plans } totals { students plans }")
    found = {
        (group["key"]["subject"] or {}).get("code"): (group["students"], group["plans"]) for group in answer["groups"]
    }
    assert found == {"MATHEMATICS": (1, 2), "ENGLISH": (1, 1), None: (1, 1)}
    assert answer["totals"] == {"students": 2, "plans": 3}
    joint = await ask('where: {subjects: ["MATHEMATICS"], risks: ["FAMILY_CONFLICT"]}', "totals { plans }")
    assert joint["totals"]["plans"] == 0, "mathematics answered another risk of that plan"


async def test_every_dimension_can_be_asked(ask: Ask) -> None:
    four = "by: [INSTITUTION, GRADE, INSTITUTION_KIND, DELIVERY_MODE]"
    answer = await ask(
        four,
        "groups { key { institution { id name kind } grade institutionKind { code } deliveryMode { nameEn } } plans }",
    )
    assert answer["groups"][-1] == {
        "key": {
            "institution": {"id": 3, "name": "Rīgas koledža", "kind": "VOCATIONAL"},
            "grade": 1,
            "institutionKind": {"code": "VOCATIONAL"},
            "deliveryMode": {"nameEn": "remote"},
        },
        "plans": 1,
    }
    places = await ask(
        "by: [SPECIALIST, SUPPORT_MEASURE]", "groups { key { specialist { code } supportMeasure { code } } plans }"
    )
    assert [(g["key"]["specialist"], g["key"]["supportMeasure"]["code"], g["plans"]) for g in places["groups"]] == [
        ({"code": "PSYCHOLOGIST"}, "CONSULTATIVE_SUPPORT", 1),
        (None, "SUBJECT_CONSULTATION", 3),
        (None, "TRANSPORT_PUBLIC", 1),
    ]
