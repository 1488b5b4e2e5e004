"""What was planned, who took part, and what came of it, counted by hand from tiny_plans.py."""

import pytest

from tests.graphql.conftest import Ask

pytestmark = pytest.mark.usefixtures("tiny_register")


async def test_what_is_planned_stands_beside_what_was_delivered(ask: Ask) -> None:
    answer = await ask(
        "by: [SUBJECT]",
        "groups { key { subject { code } } plannedHours plannedEur deliveredHours } totals { plannedHours plannedEur }",
    )
    groups = {(each["key"]["subject"] or {}).get("code"): each for each in answer["groups"]}
    assert {
        code: (each["plannedHours"], each["plannedEur"], each["deliveredHours"]) for code, each in groups.items()
    } == {
        "MATHEMATICS": ("10.00", "0.00", "3.00"),
        "ENGLISH": ("5.50", "0.00", "3.00"),
        None: ("0.00", "20.50", "1.50"),
    }
    assert answer["totals"] == {"plannedHours": "15.50", "plannedEur": "20.50"}


async def test_staff_are_known_within_their_institution(ask: Ask) -> None:
    answer = await ask(
        "by: [INSTITUTION]", "groups { key { institution { name } } staffInvolved } totals { staffInvolved }"
    )
    staff = {each["key"]["institution"]["name"]: each["staffInvolved"] for each in answer["groups"]}
    assert staff["Madonas skola"] == 2, "who only waited was not involved"
    assert staff["Rīgas koledža"] == 1
    assert answer["totals"]["staffInvolved"] == 3, "T-1 of the college is somebody else"


async def test_results_are_of_pairs_of_plan_and_risk(ask: Ask) -> None:
    answer = await ask(
        "by: [RISK_RESULT]",
        "groups { key { riskResult { code nameLv } } risksAnswered plans }"
        " totals { risksAnswered risksWithResult risksResolved risksReduced risksImproved }",
    )
    assert [
        ((each["key"]["riskResult"] or {}).get("code"), each["risksAnswered"], each["plans"])
        for each in answer["groups"]
    ] == [("RESOLVED", 2, 2), ("REDUCED", 2, 2), ("UNCHANGED", 1, 1), (None, 5, 5)]
    assert answer["groups"][0]["key"]["riskResult"]["nameLv"] == "novērsts"
    assert answer["totals"] == {
        "risksAnswered": 10,
        "risksWithResult": 5,
        "risksResolved": 2,
        "risksReduced": 2,
        "risksImproved": 4,
    }


async def test_a_school_year_ends_as_the_institution_of_the_plan_says(ask: Ask) -> None:
    measures = "studentsWithYearResult studentsPromoted studentsLeftEarly"
    answer = await ask(
        "by: [SCHOOL_YEAR_RESULT]",
        f"groups {{ key {{ schoolYearResult {{ code }} }} plans students }} totals {{ {measures} }}",
    )
    assert [
        ((each["key"]["schoolYearResult"] or {}).get("code"), each["plans"], each["students"])
        for each in answer["groups"]
    ] == [("PROMOTED", 3, 2), ("TRANSFERRED", 1, 1), ("LEFT_EARLY", 1, 1), (None, 3, 3)]
    assert answer["totals"] == {"studentsWithYearResult": 3, "studentsPromoted": 2, "studentsLeftEarly": 1}


async def test_rates_have_their_parts_and_say_how_sure_they_are(ask: Ask) -> None:
    rate = "{ value numerator denominator low high }"
    names = ("attendanceRate", "continuationRate", "resolvedRate", "improvedRate", "promotedRate", "leftEarlyRate")
    answer = await ask("", f"totals {{ {' '.join(f'{name} {rate}' for name in names)} }}")
    parts = {name: (each["numerator"], each["denominator"]) for name, each in answer["totals"].items()}
    assert parts == {
        "attendanceRate": (5, 7),
        "continuationRate": (2, 8),
        "resolvedRate": (2, 5),
        "improvedRate": (4, 5),
        "promotedRate": (2, 3),
        "leftEarlyRate": (1, 3),
    }
    improved = answer["totals"]["improvedRate"]
    assert (improved["value"], improved["low"], improved["high"]) == (0.8, 0.3755, 0.9638)


async def test_a_rate_of_nothing_is_null(ask: Ask) -> None:
    answer = await ask(
        'where: {semesters: ["2021-1"]}', "totals { resolvedRate { value numerator denominator low high } }"
    )
    assert answer["totals"]["resolvedRate"] == {
        "value": None,
        "numerator": 0,
        "denominator": 0,
        "low": None,
        "high": None,
    }


async def test_marks_of_the_enrolment_are_dimensions(ask: Ask) -> None:
    answer = await ask(
        "by: [MINORITY_PROGRAMME, SPECIAL_NEED, RETURNED_EMIGRANT]",
        "groups { key { minorityProgramme specialNeed { code nameEn } returnedEmigrant } plans }",
    )
    assert [
        (
            each["key"]["minorityProgramme"],
            (each["key"]["specialNeed"] or {}).get("code"),
            each["key"]["returnedEmigrant"],
            each["plans"],
        )
        for each in answer["groups"]
    ] == [(False, "56", False, 1), (False, None, False, 5), (False, None, True, 1), (True, None, False, 1)]
