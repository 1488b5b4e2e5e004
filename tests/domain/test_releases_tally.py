"""Exact numbers before the noise, and how far one student moves them: what all the accounting rests on."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.releases.accounting import sensitivity_squared
from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.releases.contributions import Contribution
from app.domain.releases.lattice import NOWHERE, STATE, Place
from app.domain.releases.tables import TABLES, table_of
from app.domain.releases.tally import Tally
from tests.domain.contributions import TINY, contributions, somebody


def counted(*students: Contribution) -> Tally:
    tally = Tally(TINY)
    for each in sorted(students, key=lambda student: student.student_id):
        tally.add(each)
    return tally


def test_a_student_is_in_one_cell_of_each_table_at_each_level() -> None:
    tally = counted(somebody)
    grades = table_of(Figure.STUDENTS, Level.MUNICIPALITY, (Attribute.GRADE,))
    assert tally.exact(grades, Place("NORTH", "N2")) == [0, 1, 0]
    assert tally.exact(grades, Place("NORTH", "N1")) == [0, 0, 0]
    assert tally.exact(table_of(Figure.STUDENTS, Level.STATE, ()), STATE) == [1]


def test_by_a_membership_those_with_it_are_measured_less_those_without() -> None:
    groups = table_of(Figure.STUDENTS, Level.REGION, (Attribute.RISK_GROUP,))
    tally = counted(somebody)
    assert tally.exact(groups, Place("NORTH")) == [1, 1, 0, 0]
    assert tally.measured(groups, Place("NORTH")) == [1, 1, -1, -1]


def test_sums_are_bounded_and_add_up() -> None:
    tally = counted(somebody)
    assert tally.exact(table_of(Figure.HOURS, Level.STATE, (Attribute.RISK_GROUP,)), STATE) == [1_200, 0, 0, 0]
    assert tally.exact(table_of(Figure.EUR, Level.STATE, (Attribute.SUPPORT_MEASURE,)), STATE) == [0, 4_500, 0]
    assert tally.exact(table_of(Figure.CONSULTATIONS, Level.STATE, ()), STATE) == [9]


def test_where_a_school_lies_nowhere_that_is_known_the_student_counts_all_the_same() -> None:
    total = table_of(Figure.STUDENTS, Level.MUNICIPALITY, ())
    for place in ("LONG_GONE", None):
        assert counted(replace(somebody, municipality=place)).exact(total, NOWHERE) == [1]


def test_a_student_is_counted_once() -> None:
    tally = counted(somebody)
    for again in (somebody, replace(somebody, student_id=UUID(int=0))):
        with pytest.raises(Refused) as refused:
            tally.add(again)
        assert refused.value.code == "counted-twice"


def test_a_code_of_another_time_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        counted(replace(somebody, school_year_result="UNHEARD_OF"))


@given(contributions, st.lists(contributions, max_size=3, unique_by=lambda each: each.student_id))
@settings(max_examples=60, deadline=None)
def test_one_student_moves_no_table_further_than_is_accounted_for(
    one: Contribution, others: list[Contribution]
) -> None:
    others = [each for each in others if each.student_id != one.student_id]
    without, with_one = counted(*others), counted(one, *others)
    for table in TABLES:
        moved = 0
        for place in TINY.at(table.level):
            pairs = zip(without.measured(table, place), with_one.measured(table, place), strict=True)
            moved += sum((after - before) ** 2 for before, after in pairs)
        assert moved <= sensitivity_squared(table, TINY)
