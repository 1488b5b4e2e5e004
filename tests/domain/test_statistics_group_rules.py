"""Which groups can be chosen, ordered, paged, added up and compared."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.db.reference import packaged
from app.domain.errors import Invalid
from app.domain.statistics.conditions import Between, In, Not
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.group_rules import MAX_BOUNDS, MAX_GROUPS, MAX_SUBTOTALS
from app.domain.statistics.query import Bound, Comparison, Direction, Order, Query
from app.domain.statistics.rules import check_query

D, M = Dimension, Measure
PLANS = frozenset({M.PLANS})


def sound(**asked: Any) -> None:
    check_query(Query(**({"measures": PLANS} | asked)), packaged())


def faults(**asked: Any) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        sound(**asked)
    return {(each.pointer, each.code) for each in caught.value.violations}


def test_a_bound_has_an_end_and_goes_from_low_to_high() -> None:
    sound(by=(D.REGION,), having=(Bound(measure=M.STUDENTS, at_least=Decimal(10), at_most=Decimal(10)),))
    assert faults(having=(Bound(measure=M.PLANS),)) == {("/having/0", "empty")}
    assert faults(having=(Bound(measure=M.PLANS, at_least=Decimal(2), at_most=Decimal(1)),)) == {
        ("/having/0", "wrong-way-round")
    }
    assert faults(having=(Bound(measure=M.PLANS, at_least=Decimal("NaN")),)) == {("/having/0", "not-a-number")}
    assert faults(having=(Bound(measure=M.PLANS, at_most=Decimal("Infinity")),)) == {("/having/0", "not-a-number")}
    many = (Bound(measure=M.PLANS, at_least=Decimal(1)),) * (MAX_BOUNDS + 1)
    assert faults(having=many) == {("/having", "too-many-bounds")}


def test_groups_are_chosen_and_ordered_by_what_they_have() -> None:
    staff = Bound(measure=M.STAFF_INVOLVED, at_least=Decimal(1))
    assert faults(by=(D.RISK,), having=(staff,)) == {("/having/0/measure", "not-for-measure")}
    assert faults(by=(D.RISK,), order=(Order(by=M.STAFF_INVOLVED),)) == {("/orderBy/0/by", "not-for-measure")}
    assert faults(by=(D.REGION,), order=(Order(by=D.GRADE),)) == {("/orderBy/0/by", "not-grouped-by")}
    sound(by=(D.REGION,), order=(Order(by=M.EUR, direction=Direction.DESCENDING), Order(by=D.REGION)))


def test_groups_are_ordered_by_few_things_and_by_each_once() -> None:
    assert faults(by=(D.REGION,), order=(Order(by=D.REGION), Order(by=M.PLANS), Order(by=D.REGION))) == {
        ("/orderBy/2/by", "duplicate")
    }
    measures = [M.PLANS, M.STUDENTS, M.EUR, M.CONSULTATIONS, M.INTERVENTIONS, M.NOT_ATTENDED]
    assert faults(order=tuple(Order(by=each) for each in measures)) == {("/orderBy", "too-many-orders")}


def test_a_page_has_groups() -> None:
    sound(first=MAX_GROUPS)
    assert faults(first=0) == {("/first", "out-of-range")}
    assert faults(first=MAX_GROUPS + 1) == {("/first", "out-of-range")}


def test_subtotals_are_by_a_part_of_what_groups_are_by() -> None:
    by = (D.REGION, D.SEMESTER)
    sound(by=by, subtotals={(D.REGION,): PLANS, (D.SEMESTER,): PLANS, (D.SEMESTER, D.REGION): PLANS})
    assert faults(by=by, subtotals={(D.REGION, D.GRADE): PLANS}) == {("/subtotals/by/1", "not-grouped-by")}
    assert faults(by=by, subtotals={(D.REGION, D.REGION): PLANS}) == {("/subtotals/by/1", "duplicate")}
    assert faults(by=by, subtotals={(): PLANS}) == {("/subtotals/by", "empty")}
    staff = frozenset({M.STAFF_INVOLVED})
    sound(by=(D.RISK, D.REGION), subtotals={(D.REGION,): staff})
    assert faults(by=(D.RISK, D.REGION), subtotals={(D.RISK,): staff}) == {("/subtotals/by", "not-for-measure")}
    four = (D.REGION, D.SEMESTER, D.GRADE, D.RISK)
    pairs = {(one, other): PLANS for one in four for other in four if one is not other}
    assert len(pairs) > MAX_SUBTOTALS
    assert faults(by=four, subtotals=pairs) == {("/subtotals", "too-many-subtotals")}


def test_a_comparison_needs_a_time() -> None:
    asked: dict[str, Any] = {"comparison": Comparison.PREVIOUS_SCHOOL_YEAR, "previous": PLANS}
    assert faults(by=(D.REGION,), **asked) == {("/comparison", "no-time")}
    sound(by=(D.REGION, D.SEMESTER), **asked)
    sound(by=(D.REGION,), where=In(dimension=D.SCHOOL_YEAR, codes=("2020/21",)), **asked)
    sound(where=Not(condition=Between(dimension=D.SEMESTER, high="2019-2")), **asked)
    assert faults(by=(D.SEMESTER,), previous=PLANS) == {("/comparison", "no-comparison")}


def test_before_a_school_year_there_is_no_semester() -> None:
    asked: dict[str, Any] = {"comparison": Comparison.PREVIOUS_SEMESTER, "previous": PLANS}
    assert faults(by=(D.SCHOOL_YEAR,), **asked) == {("/comparison", "not-comparable")}
    sound(by=(D.SCHOOL_YEAR, D.SEMESTER), **asked)
    sound(where=In(dimension=D.SCHOOL_YEAR, codes=("2020/21",)), **asked)


def test_a_day_has_no_period_before_it() -> None:
    participating = frozenset({M.INSTITUTIONS_PARTICIPATING})
    asked: dict[str, Any] = {"comparison": Comparison.PREVIOUS_SEMESTER, "participating_on": date(2021, 9, 1)}
    assert faults(by=(D.SEMESTER,), previous=participating, **asked) == {("/where/participatingOn", "not-comparable")}
    sound(by=(D.SEMESTER,), previous=PLANS, **asked)
