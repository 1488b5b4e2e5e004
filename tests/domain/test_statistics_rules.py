"""Which questions have an answer."""

from datetime import date
from typing import Any

import pytest

from app.db.reference import packaged
from app.domain.errors import Invalid
from app.domain.regions import RegionScheme
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query
from app.domain.statistics.rules import MAX_GROUPS, check_groups, check_query, risks_asked, semesters_asked

PLANS = frozenset({Measure.PLANS})
D = Dimension
KNOWN: dict[Dimension, str | int] = {
    D.REGION: "PR-RIGA",
    D.MUNICIPALITY: "0700200",
    D.INSTITUTION: 1,
    D.SEMESTER: "2020-1",
    D.SCHOOL_YEAR: "2020/21",
    D.INSTITUTION_KIND: "GENERAL",
    D.GRADE: 5,
    D.RISK_GROUP: "LEARNING",
    D.RISK: "LOW_ACHIEVEMENT",
    D.SUPPORT_MEASURE: "MEALS",
    D.SUBJECT: "MATHEMATICS",
    D.SPECIALIST: "PSYCHOLOGIST",
    D.DELIVERY_MODE: "REMOTE",
}


def faults(**asked: Any) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        check_query(Query(**({"measures": PLANS} | asked)), packaged())
    return {(each.pointer, each.code) for each in caught.value.violations}


def test_a_sound_question_is_returned_as_it_is() -> None:
    question = Query(
        by=(D.REGION, D.SEMESTER),
        where={
            D.REGION: ("PR-LATGALE", "UNASSIGNED"),
            D.GRADE: (1, 12),
            D.RISK: ("FAMILY_CONFLICT",),
            D.INSTITUTION: (7,),
        },
        participating_on=date(2021, 9, 1),
        measures=PLANS,
    )
    assert check_query(question, packaged()) is question


def test_dimensions_are_at_most_four_and_each_once() -> None:
    assert faults(by=(D.REGION, D.SEMESTER, D.GRADE, D.RISK, D.SUBJECT)) == {("/by", "too-many-dimensions")}
    assert faults(by=(D.REGION, D.GRADE, D.REGION)) == {("/by/2", "duplicate")}


@pytest.mark.parametrize(
    ("dimension", "code", "pointer"),
    [
        (D.REGION, "LV005", "/where/regions/1"),
        (D.MUNICIPALITY, "9999999", "/where/municipalities/1"),
        (D.INSTITUTION, 0, "/where/institutions/1"),
        (D.SEMESTER, "2020-3", "/where/semesters/1"),
        (D.SCHOOL_YEAR, "2020/22", "/where/schoolYears/1"),
        (D.INSTITUTION_KIND, "NIGHT", "/where/kinds/1"),
        (D.GRADE, 13, "/where/grades/1"),
        (D.RISK_GROUP, "LOW_ACHIEVEMENT", "/where/riskGroups/1"),
        (D.RISK, "LEARNING", "/where/risks/1"),
        (D.SUPPORT_MEASURE, "NONE", "/where/supportMeasures/1"),
        (D.SUBJECT, "PSYCHOLOGIST", "/where/subjects/1"),
        (D.SPECIALIST, "MATHEMATICS", "/where/specialists/1"),
        (D.DELIVERY_MODE, "BY_POST", "/where/deliveryModes/1"),
    ],
)
def test_an_unknown_code_is_named_by_its_place(dimension: Dimension, code: str | int, pointer: str) -> None:
    assert faults(where={dimension: (KNOWN[dimension], code)}) == {(pointer, "unknown-code")}


def test_regions_are_those_of_the_scheme() -> None:
    check_query(Query(where={D.REGION: ("LV005",)}, scheme=RegionScheme.NUTS3_2021), packaged())
    assert faults(where={D.REGION: ("PR-RIGA",)}, scheme=RegionScheme.NUTS3_2021) == {
        ("/where/regions/0", "unknown-code")
    }


def test_an_empty_or_endless_list_is_a_mistake() -> None:
    assert faults(where={D.GRADE: ()}) == {("/where/grades", "empty")}
    assert faults(where={D.INSTITUTION: tuple(range(1, 1002))}) == {("/where/institutions", "too-many")}


def test_participations_have_no_subject_and_no_grade() -> None:
    asked = {
        "measures": frozenset({Measure.INSTITUTIONS_PARTICIPATING}),
        "by": (D.REGION, D.SUBJECT),
        "where": {D.GRADE: (5,)},
    }
    assert faults(**asked) == {("/by/1", "not-for-measure"), ("/where/grades", "not-for-measure")}
    totals = {"totals": frozenset({Measure.INSTITUTIONS_PARTICIPATING}), "by": (D.RISK,)}
    assert faults(**totals) == {("/by/0", "not-for-measure")}


def test_a_day_lies_in_the_calendar() -> None:
    assert faults(participating_on=date(1999, 1, 1)) == {("/where/participatingOn", "outside-calendar")}


def test_groups_are_bounded() -> None:
    check_groups(MAX_GROUPS)
    with pytest.raises(Invalid, match="more than 10000 groups") as refused:
        check_groups(MAX_GROUPS + 1)
    assert [(each.pointer, each.code) for each in refused.value.violations] == [("/by", "too-many-groups")]


def test_semesters_and_school_years_narrow_each_other() -> None:
    def asked(**where: tuple[str, ...]) -> tuple[str, ...] | None:
        return semesters_asked(Query(where={Dimension(name): codes for name, codes in where.items()}), packaged())

    assert asked() is None
    assert asked(SCHOOL_YEAR=("2020/21",)) == ("2020-1", "2020-2")
    assert asked(SCHOOL_YEAR=("2020/21",), SEMESTER=("2020-2", "2021-1")) == ("2020-2",)


def test_risks_and_risk_groups_narrow_each_other() -> None:
    def asked(**where: tuple[str, ...]) -> tuple[str, ...] | None:
        return risks_asked(Query(where={Dimension(name): codes for name, codes in where.items()}), packaged())

    assert asked() is None
    assert asked(RISK_GROUP=("FAMILY",), RISK=("FAMILY_CONFLICT", "LOW_ACHIEVEMENT")) == ("FAMILY_CONFLICT",)
    family = asked(RISK_GROUP=("FAMILY",))
    assert family is not None
    assert "PARENT_ADDICTION" in family
    assert "LOW_ACHIEVEMENT" not in family
