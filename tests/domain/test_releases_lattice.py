"""The cells of a release: known to everybody before anybody is counted."""

import pytest

from app.domain.calendar import Semester
from app.domain.releases.attributes import Attribute, Level
from app.domain.releases.lattice import STATE, Lattice, Place
from tests.domain.contributions import NATIONAL, TINY
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


def test_codes_are_those_of_the_semester_and_what_is_without_comes_last() -> None:
    assert len(NATIONAL.codes[Attribute.RISK]) == 27
    assert NATIONAL.codes[Attribute.GRADE] == tuple(range(1, 13))
    assert NATIONAL.codes[Attribute.SPECIAL_NEED][-1] is None
    assert NATIONAL.codes[Attribute.RETURNED_EMIGRANT] == (False, True)


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
