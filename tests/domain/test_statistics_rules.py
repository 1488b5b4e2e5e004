"""Which questions have an answer."""

from datetime import date
from typing import Any

import pytest

from app.db.reference import packaged
from app.domain.errors import Invalid, violation
from app.domain.regions import RegionScheme
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.conditions import All, Between, CodeValue, In
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.group_rules import MAX_GROUPS
from app.domain.statistics.query import Comparison, Order, Query
from app.domain.statistics.rules import check_groups, check_query

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
    D.RISK_RESULT: "REDUCED",
    D.SCHOOL_YEAR_RESULT: "PROMOTED",
    D.MINORITY_PROGRAMME: True,
    D.SPECIAL_NEED: "56",
    D.RETURNED_EMIGRANT: False,
}


def lists(where: dict[Dimension, tuple[CodeValue, ...]]) -> All:
    """All of these lists, each under the name of its filter."""
    return All(
        conditions=tuple(
            In(dimension=each, codes=codes, at=f"/where/{DIMENSIONS[each].filter_name}")
            for each, codes in where.items()
        )
    )


def faults(**asked: Any) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        check_query(Query(**({"measures": PLANS} | asked)), packaged())
    return {(each.pointer, each.code) for each in caught.value.violations}


def test_a_sound_question_is_returned_as_it_is() -> None:
    question = Query(
        by=(D.REGION, D.SEMESTER),
        where=lists(
            {
                D.REGION: ("PR-LATGALE", "UNASSIGNED"),
                D.GRADE: (1, 12),
                D.RISK: ("FAMILY_CONFLICT",),
                D.INSTITUTION: (7,),
            }
        ),
        participating_on=date(2021, 9, 1),
        measures=PLANS,
    )
    assert check_query(question, packaged()) is question


def test_what_could_not_be_read_is_told_with_what_is_wrong_with_the_rest() -> None:
    """Each place once, and nothing that may be right as soon as the rest can be read."""
    unread = [violation("/by/0", "unknown-name", "..."), violation("/where/grades/0", "wrong-type", "...")]
    asked = Query(
        measures=PLANS,
        where=lists({D.GRADE: ("", 99)}),
        order=(Order(by=D.REGION),),
        comparison=Comparison.PREVIOUS_SEMESTER,
        after="no cursor",
    )
    with pytest.raises(Invalid) as caught:
        check_query(asked, packaged(), unread)
    assert [(each.pointer, each.code) for each in caught.value.violations] == [
        ("/by/0", "unknown-name"),
        ("/where/grades/0", "wrong-type"),
        ("/where/grades/1", "unknown-code"),
    ]
    assert faults(order=asked.order, comparison=asked.comparison) == {
        ("/orderBy/0/by", "not-grouped-by"),
        ("/comparison", "no-time"),
    }


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
        (D.RISK_RESULT, "PROMOTED", "/where/riskResults/1"),
        (D.SCHOOL_YEAR_RESULT, "RESOLVED", "/where/schoolYearResults/1"),
        (D.MINORITY_PROGRAMME, "YES", "/where/minorityProgramme/1"),
        (D.SPECIAL_NEED, "60", "/where/specialNeeds/1"),
        (D.RETURNED_EMIGRANT, 2, "/where/returnedEmigrant/1"),
    ],
)
def test_an_unknown_code_is_named_by_its_place(dimension: Dimension, code: str | int, pointer: str) -> None:
    assert faults(where=lists({dimension: (KNOWN[dimension], code)})) == {(pointer, "unknown-code")}


def test_both_ends_of_a_range_exist() -> None:
    grades = Between(dimension=D.GRADE, low=0, high=13, at="/where/gradeRange")
    assert faults(where=grades) == {
        ("/where/gradeRange/from", "unknown-code"),
        ("/where/gradeRange/to", "unknown-code"),
    }
    check_query(Query(where=Between(dimension=D.SEMESTER, low="2019-1")), packaged())


def test_a_range_goes_from_low_to_high() -> None:
    def between(dimension: Dimension, low: CodeValue, high: CodeValue) -> Between:
        return Between(dimension=dimension, low=low, high=high, at="/where/range")

    wrong = {("/where/range", "wrong-way-round")}
    assert faults(where=between(D.SEMESTER, "2020-2", "2020-1")) == wrong
    assert faults(where=between(D.SCHOOL_YEAR, "2020/21", "2019/20")) == wrong
    assert faults(where=between(D.GRADE, 10, 9)) == wrong
    check_query(Query(where=between(D.GRADE, 9, 10)), packaged())
    check_query(Query(where=between(D.SEMESTER, "2020-1", "2020-1")), packaged())
    assert faults(where=Between(dimension=D.GRADE, at="/where/range")) == {("/where/range", "empty")}


def test_what_was_delivered_is_asked_by_what_came_of_the_risk() -> None:
    check_query(Query(by=(D.RISK_RESULT, D.SUBJECT, D.RISK, D.GRADE), measures=PLANS), packaged())


def test_the_borders_of_a_day_are_known() -> None:
    check_query(Query(as_of=date(2021, 6, 30), measures=PLANS), packaged())
    assert faults(as_of=date(1918, 11, 18)) == {("/asOf", "outside-borders")}


@pytest.mark.parametrize(
    ("code", "day", "instead"),
    [
        ("0700200", date(2021, 9, 1), ["0038000 (Madonas novads)"]),
        ("0604300", date(2021, 9, 1), ["0032000 (Krāslavas novads)", "0042000 (Preiļu novads)"]),
        ("0700800", date(2025, 9, 1), ["0038000 (Madonas novads)"]),
    ],
)
def test_in_the_borders_of_a_day_only_its_municipalities_are_asked_for(
    code: str, day: date, instead: list[str]
) -> None:
    """One that ended names who has what was its own, of a split one (Aglona) each part."""
    where = lists({D.MUNICIPALITY: (code,)})
    with pytest.raises(Invalid) as caught:
        check_query(Query(where=where, as_of=day, measures=PLANS), packaged())
    (fault,) = caught.value.violations
    assert (fault.pointer, fault.code) == ("/where/municipalities/0", "not-on-that-day")
    assert fault.message == f"There is no municipality {code} on {day}. In its place is {', '.join(instead)}."
    # Without a day, the borders of any time count.
    check_query(Query(where=where, measures=PLANS), packaged())


def test_in_the_borders_of_a_day_only_its_regions_are_asked_for() -> None:
    where, scheme = lists({D.REGION: ("UNASSIGNED", "LV00A")}), RegionScheme.NUTS3_2024
    check_query(Query(where=where, scheme=scheme, as_of=date(2024, 1, 1), measures=PLANS), packaged())
    assert faults(where=where, scheme=scheme, as_of=date(2023, 12, 31)) == {("/where/regions/1", "not-on-that-day")}


def test_one_that_is_yet_to_come_names_whom_it_came_of() -> None:
    with pytest.raises(Invalid, match="0700200") as caught:
        check_query(
            Query(where=lists({D.MUNICIPALITY: ("0038000",)}), as_of=date(2021, 6, 30), measures=PLANS), packaged()
        )
    (fault,) = caught.value.violations
    assert all(each in fault.message for each in ("0700200", "0700800", "0701400", "0705500"))


def test_regions_are_those_of_the_scheme() -> None:
    check_query(Query(where=lists({D.REGION: ("LV005",)}), scheme=RegionScheme.NUTS3_2021), packaged())
    assert faults(where=lists({D.REGION: ("PR-RIGA",)}), scheme=RegionScheme.NUTS3_2021) == {
        ("/where/regions/0", "unknown-code")
    }


def test_an_empty_or_endless_list_is_a_mistake() -> None:
    assert faults(where=lists({D.GRADE: ()})) == {("/where/grades", "empty")}
    assert faults(where=lists({D.INSTITUTION: tuple(range(1, 1002))})) == {("/where/institutions", "too-many")}


def test_participations_have_no_subject_and_no_grade() -> None:
    asked = {
        "measures": frozenset({Measure.INSTITUTIONS_PARTICIPATING}),
        "by": (D.REGION, D.SUBJECT),
        "where": lists({D.GRADE: (5,)}),
    }
    assert faults(**asked) == {("/by/1", "not-for-measure"), ("/where/grades", "not-for-measure")}


def test_totals_are_of_no_dimension_and_filtered_by_all() -> None:
    participating = frozenset({Measure.INSTITUTIONS_PARTICIPATING})
    check_query(Query(by=(D.RISK,), measures=PLANS, totals=participating), packaged())
    assert faults(totals=participating, where=lists({D.GRADE: (5,)})) == {("/where/grades", "not-for-measure")}


def test_a_day_lies_in_the_calendar() -> None:
    assert faults(participating_on=date(1999, 1, 1)) == {("/where/participatingOn", "outside-calendar")}


def test_groups_are_bounded() -> None:
    check_groups(MAX_GROUPS)
    with pytest.raises(Invalid, match="more than 10000 groups") as refused:
        check_groups(MAX_GROUPS + 1)
    assert [(each.pointer, each.code) for each in refused.value.violations] == [("/by", "too-many-groups")]
