"""The same figures one semester or one school year earlier."""

import pytest

from app.db.statistics import reader
from app.domain.statistics import rules
from tests.graphql.conftest import Ask

pytestmark = pytest.mark.usefixtures("tiny_register")

BY_SEMESTER = "groups { key { semester { code } } plans previous { plans students } }"


async def test_each_semester_has_the_one_before(ask: Ask) -> None:
    answer = await ask("by: [SEMESTER], comparison: PREVIOUS_SEMESTER", BY_SEMESTER)
    assert [(each["key"]["semester"]["code"], each["plans"], each["previous"]) for each in answer["groups"]] == [
        ("2020-1", 2, {"plans": 0, "students": 0}),
        ("2020-2", 4, {"plans": 2, "students": 2}),
        ("2021-1", 2, {"plans": 4, "students": 4}),
    ]


async def test_each_semester_has_the_same_one_of_the_year_before(ask: Ask) -> None:
    answer = await ask("by: [SEMESTER], comparison: PREVIOUS_SCHOOL_YEAR", BY_SEMESTER)
    assert [(each["key"]["semester"]["code"], each["previous"]["plans"]) for each in answer["groups"]] == [
        ("2020-1", 0),
        ("2020-2", 0),
        ("2021-1", 2),
    ]
    years = await ask("by: [SCHOOL_YEAR], comparison: PREVIOUS_SCHOOL_YEAR", "groups { plans previous { plans } }")
    assert [(each["plans"], each["previous"]["plans"]) for each in years["groups"]] == [(6, 0), (2, 6)]


async def test_a_filter_on_times_moves_along(ask: Ask) -> None:
    answer = await ask(
        'by: [REGION], where: {semesters: ["2020-2"]}, comparison: PREVIOUS_SEMESTER',
        "groups { key { region { code } } plans previous { plans continuationRate { numerator denominator } } }",
    )
    assert [(each["key"]["region"]["code"], each["plans"], each["previous"]["plans"]) for each in answer["groups"]] == [
        ("PR-RIGA", 1, 0),
        ("PR-VIDZEME", 1, 2),
        ("PR-LATGALE", 2, 0),
    ]
    assert answer["groups"][1]["previous"]["continuationRate"] == {"numerator": 0, "denominator": 2}
    year = await ask(
        'where: {schoolYears: ["2021/22"]}, comparison: PREVIOUS_SCHOOL_YEAR', "groups { plans previous { plans } }"
    )
    assert year["groups"] == [{"plans": 2, "previous": {"plans": 6}}]
    shifted = await ask(
        'where: {schoolYears: ["2020/21"]}, comparison: PREVIOUS_SEMESTER', "groups { plans previous { plans } }"
    )
    assert shifted["groups"] == [{"plans": 6, "previous": {"plans": 2}}], "2019-2 and 2020-1"


async def test_institutions_participating_are_compared_too(ask: Ask) -> None:
    answer = await ask(
        'by: [SCHOOL_YEAR], where: {schoolYears: ["2020/21"]}, comparison: PREVIOUS_SCHOOL_YEAR',
        "groups { institutionsParticipating previous { institutionsParticipating } }",
    )
    (year,) = answer["groups"]
    assert year["institutionsParticipating"] == 5, "Ērgļi since July, and the college again"
    assert year["previous"]["institutionsParticipating"] == 3


async def test_a_period_before_that_had_too_many_groups_is_refused_and_not_told_in_part(
    ask: Ask, refused: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = 'by: [INSTITUTION], where: {semesters: ["2021-1"]}, comparison: PREVIOUS_SEMESTER'
    assert len((await ask('by: [INSTITUTION], where: {semesters: ["2020-2"]}', "groups { plans }"))["groups"]) > 2
    for module in (reader, rules):
        monkeypatch.setattr(module, "MAX_GROUPS", 2)
    error = await refused(f"{{ statistics({arguments}) {{ groups {{ plans previous {{ plans }} }} }} }}")
    assert [(each["pointer"], each["code"]) for each in error["violations"]] == [("/by", "too-many-groups")]


async def test_without_a_comparison_there_is_nothing_before(ask: Ask) -> None:
    answer = await ask("by: [SEMESTER]", BY_SEMESTER)
    assert [each["previous"] for each in answer["groups"]] == [None, None, None]


async def test_a_comparison_without_a_time_is_refused(refused: Ask) -> None:
    error = await refused(
        "{ statistics(by: [REGION], comparison: PREVIOUS_SEMESTER) { groups { previous { plans } } } }"
    )
    assert [(each["pointer"], each["code"]) for each in error["violations"]] == [("/comparison", "no-time")]
