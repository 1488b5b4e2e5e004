"""What an institution's past may look like."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.ids import InstitutionId
from app.domain.institutions import Institution, Location, RegistrationNumber, check_institution
from app.domain.periods import Period
from tests.domain.examples import NEW_MADONA, OLD_MADONA, REFERENCE, SCHOOL, found, institution

REFORM = date(2021, 7, 1)
OPENED = date(2010, 1, 1)


def number(text: str = "4412900001", start: date = OPENED, end: date | None = None) -> RegistrationNumber:
    return RegistrationNumber(number=text, period=Period(start, end))


def place(municipality: str, start: date = OPENED, end: date | None = None) -> Location:
    return Location(municipality=municipality, period=Period(start, end))


def wrong(changed: Institution) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        check_institution(changed, REFERENCE.geography)
    return found(invalid.value)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"registration_numbers": ()},
        {"closed_on": OPENED},
        {"closed_on": date(2021, 6, 30), "merged_into": InstitutionId(2)},
    ],
)
def test_a_sound_institution_is_accepted(changes: dict[str, Any]) -> None:
    sound = institution(**changes)
    assert check_institution(sound, REFERENCE.geography) == sound


@pytest.mark.parametrize("name", ["", " \t"])
def test_an_institution_has_a_name(name: str) -> None:
    assert wrong(institution(name=name)) == {("/name", "empty")}


def test_it_does_not_close_before_it_opened() -> None:
    assert wrong(institution(closed_on=date(2009, 12, 31))) == {("/closed_on", "ends-before-start")}


def test_one_that_merged_into_another_has_closed() -> None:
    assert wrong(institution(merged_into=InstitutionId(2))) == {("/merged_into", "not-closed")}


def test_it_does_not_merge_into_itself() -> None:
    itself = institution(closed_on=date(2021, 6, 30), merged_into=SCHOOL)
    assert wrong(itself) == {("/merged_into", "merged-into-itself")}


@pytest.mark.parametrize("text", ["441290000", "44129000001", "441290000A", "\u0660" * 10, "441290000²", " 441290000"])
def test_a_registration_number_has_ten_digits(text: str) -> None:
    numbers = (number(end=date(2015, 8, 31)), number(text, date(2015, 9, 1)))
    assert wrong(institution(registration_numbers=numbers)) == {("/registration_numbers/1/number", "format")}


def test_registration_numbers_follow_one_another() -> None:
    numbers = (number(end=date(2015, 8, 31)), number("4412900002", date(2015, 8, 31)))
    assert wrong(institution(registration_numbers=numbers)) == {("/registration_numbers/1", "overlap")}
    backwards = (number(end=date(2009, 12, 31)),)
    assert wrong(institution(registration_numbers=backwards)) == {("/registration_numbers/0/to", "ends-before-start")}


def test_an_institution_lies_somewhere() -> None:
    assert wrong(institution(locations=())) == {("/locations", "empty")}


def test_a_location_is_a_municipality_that_exists() -> None:
    assert wrong(institution(locations=(place("9999999"),))) == {("/locations/0/municipality", "unknown-code")}


@pytest.mark.parametrize(
    ("locations", "pointer"),
    [
        ((place(OLD_MADONA),), "/locations/0"),
        ((place(OLD_MADONA, OPENED, REFORM),), "/locations/0"),
        ((place(OLD_MADONA, OPENED, date(2021, 6, 29)), place(NEW_MADONA, date(2021, 6, 30))), "/locations/1"),
    ],
)
def test_a_location_ends_with_its_municipality_and_begins_no_earlier(
    locations: tuple[Location, ...], pointer: str
) -> None:
    assert wrong(institution(locations=locations)) == {(pointer, "outside-municipality-life")}


def test_an_institution_lies_in_one_place_at_a_time() -> None:
    twice = (place(NEW_MADONA, REFORM), place(NEW_MADONA, date(2022, 1, 1)))
    assert wrong(institution(locations=twice)) == {("/locations/1", "overlap")}
    backwards = (place(NEW_MADONA, date(2022, 1, 1), date(2021, 12, 31)),)
    assert wrong(institution(locations=backwards)) == {("/locations/0/to", "ends-before-start")}


def test_a_day_is_long_enough_for_a_location() -> None:
    places = (place(NEW_MADONA, REFORM, REFORM), place(NEW_MADONA, date(2021, 7, 2)))
    check_institution(institution(locations=places), REFERENCE.geography)


@pytest.mark.parametrize(
    ("municipality", "days"), [(OLD_MADONA, "2009-07-01 to 2021-06-30"), (NEW_MADONA, "2021-07-01 to today")]
)
def test_the_message_tells_how_long_the_municipality_existed(municipality: str, days: str) -> None:
    with pytest.raises(Invalid, match=f"{municipality} existed from {days}"):
        check_institution(institution(locations=(place(municipality, date(2009, 1, 1)),)), REFERENCE.geography)


def test_every_entry_that_is_wrong_is_named() -> None:
    renumbered = institution(
        name="", locations=(place("1"), place("2", date(2012, 1, 1))), registration_numbers=(number("x"), number("y"))
    )
    assert wrong(renumbered) == {
        ("/name", "empty"),
        ("/registration_numbers/0/number", "format"),
        ("/registration_numbers/1/number", "format"),
        ("/registration_numbers/1", "overlap"),
        ("/locations/0/municipality", "unknown-code"),
        ("/locations/1/municipality", "unknown-code"),
        ("/locations/1", "overlap"),
    }


@given(st.dates(date(2005, 1, 1), date(2030, 12, 31)))
def test_it_lies_where_the_borders_of_the_day_put_it(day: date) -> None:
    expected = None if day < OPENED else OLD_MADONA if day < REFORM else NEW_MADONA
    assert institution().municipality_on(day) == expected


@given(st.dates(OPENED, date(2030, 12, 31)), st.dates(OPENED, date(2030, 12, 31)))
def test_a_renumbered_institution_has_one_number_on_each_day(renumbered_on: date, day: date) -> None:
    before = number("4412900001", OPENED, renumbered_on - timedelta(days=1))
    renumbered = institution(registration_numbers=(before, number("4412900002", renumbered_on)))
    assert renumbered.registration_number_on(day) == ("4412900001" if day < renumbered_on else "4412900002")
    assert renumbered.registration_number_on(date(2009, 12, 31)) is None


def test_its_life_is_from_opening_to_closing() -> None:
    assert institution().life == Period(OPENED, None)
    assert institution(closed_on=date(2021, 6, 30)).life == Period(OPENED, date(2021, 6, 30))
