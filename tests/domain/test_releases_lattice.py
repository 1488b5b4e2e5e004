"""The cells of a release: known to everybody before anybody is counted."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.calendar import Semester
from app.domain.code_lists import CodeLists
from app.domain.periods import Period
from app.domain.reference import ReferenceData
from app.domain.releases.attributes import Attribute, Level
from app.domain.releases.lattice import STATE, Lattice, Place
from tests.domain.contributions import NATIONAL, SEMESTER, TINY
from tests.domain.examples import NEW_MADONA, OLD_MADONA, REFERENCE


def test_places_are_those_of_the_semester() -> None:
    assert len(NATIONAL.at(Level.MUNICIPALITY)) == 43 + 1
    assert [place.region for place in NATIONAL.at(Level.REGION)] == [
        "PR-KURZEME",
        "PR-LATGALE",
        "PR-RIGA",
        "PR-VIDZEME",
        "PR-ZEMGALE",
        "UNASSIGNED",
    ]
    assert NATIONAL.places[NEW_MADONA] == Place("PR-VIDZEME", NEW_MADONA)


def test_a_semester_in_which_borders_changed_has_the_old_and_the_new_ones() -> None:
    places = Lattice.of(Semester.parse("2020-2"), REFERENCE).places
    assert len(places) == 119 + 43 + 1
    assert {OLD_MADONA, NEW_MADONA} <= set(places)


def test_codes_are_those_known_by_the_semester_and_what_is_without_comes_last() -> None:
    assert len(NATIONAL.codes[Attribute.RISK]) == 27
    assert NATIONAL.codes[Attribute.GRADE] == tuple(range(1, 13))
    assert NATIONAL.codes[Attribute.SPECIAL_NEED][-1] is None
    assert NATIONAL.codes[Attribute.RETURNED_EMIGRANT] == (False, True)


def test_a_code_that_has_ended_goes_on_in_records_and_one_to_come_is_in_none() -> None:
    """A risk that was identified before is answered by a plan of a later semester, under the code that it has."""
    ended, to_come = (
        _with_days("LEARNING_DIFFICULTY", end=date(2020, 12, 31)),
        _with_days("LOW_MOTIVATION", start=date(2022, 9, 1)),
    )
    assert "LEARNING_DIFFICULTY" in Lattice.of(SEMESTER, ended).codes[Attribute.RISK]
    assert "LOW_MOTIVATION" not in Lattice.of(SEMESTER, to_come).codes[Attribute.RISK]


def _with_days(risk: str, *, start: date = date(2017, 1, 1), end: date | None = None) -> ReferenceData:
    risks = REFERENCE.code_lists["risks"]
    codes = tuple(replace(each, period=Period(start, end)) if each.code == risk else each for each in risks)
    others = [each for each in REFERENCE.code_lists if each is not risks]
    return replace(REFERENCE, code_lists=CodeLists((*others, replace(risks, codes=codes))))


@pytest.mark.parametrize("lattice", [NATIONAL, TINY])
def test_every_place_but_the_state_is_a_part_of_the_one_above(lattice: Lattice) -> None:
    for level in Level:
        for place in lattice.at(level):
            assert place.level is level
            assert all(lattice.parent(child) == place for child in lattice.children(place))
            above = lattice.parent(place)
            assert (above is None and place == STATE) or (above is not None and place in lattice.children(above))


def test_cells_have_a_key_each_in_the_order_of_their_numbers() -> None:
    attributes = (Attribute.RISK_GROUP, Attribute.GRADE)
    keys = TINY.keys(attributes)
    assert len(set(keys)) == TINY.size(attributes) == 12
    strides = TINY.strides(attributes)
    for cell, key in enumerate(keys):
        codes = dict(key)
        assert cell == sum(TINY.position(each, codes[each]) * stride for each, stride in strides)
    assert TINY.keys(()) == [()]
