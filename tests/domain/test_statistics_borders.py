"""Where institutions count in the borders of a day: the splits of 2021, the merger of 2025, and what closed or opened around them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.reference import packaged
from app.domain.institutions import Location
from app.domain.periods import Period
from app.domain.statistics.borders import municipality_as_of

GEOGRAPHY = packaged().geography
FIRST, LAST_OLD_DAY, REFORM, MERGER = date(2009, 7, 1), date(2021, 6, 30), date(2021, 7, 1), date(2025, 7, 1)
AGLONA, PREILI, KRASLAVA = "0604300", "0042000", "0032000"
INCUKALNS, SIGULDA, ROPAZI = "0801800", "0048000", "0044000"
VARAKLANI, VARAKLANI_KEPT, MADONA = "0701800", "0055000", "0038000"
days = st.dates(date(2009, 7, 1), date(2030, 12, 31))


def lay(*places: tuple[str, date, date | None]) -> list[Location]:
    return [Location(municipality=code, period=Period(start, end)) for code, start, end in places]


def moved(before: str, after: str) -> list[Location]:
    """An institution on both sides of the reform."""
    return lay((before, FIRST, LAST_OLD_DAY), (after, REFORM, None))


def counts_in(locations: list[Location], day: date) -> str | None:
    return municipality_as_of(locations, day, GEOGRAPHY)


@pytest.mark.parametrize(
    ("split", "part"), [(AGLONA, PREILI), (AGLONA, KRASLAVA), (INCUKALNS, SIGULDA), (INCUKALNS, ROPAZI)]
)
def test_of_a_split_municipality_each_institution_goes_its_own_way(split: str, part: str) -> None:
    school = moved(split, part)
    assert counts_in(school, date(2020, 9, 1)) == split
    assert counts_in(school, LAST_OLD_DAY) == split
    assert counts_in(school, REFORM) == part


@pytest.mark.parametrize(("split", "main"), [(AGLONA, PREILI), (INCUKALNS, SIGULDA)])
def test_one_that_closed_before_the_split_goes_with_the_main_successor(split: str, main: str) -> None:
    closed = lay((split, FIRST, date(2019, 8, 31)))
    assert counts_in(closed, date(2019, 8, 31)) == split
    assert counts_in(closed, date(2020, 1, 1)) == split, "the municipality still was there"
    assert counts_in(closed, REFORM) == main


def test_varaklani_stays_itself_in_2021_and_goes_to_madona_in_2025() -> None:
    school = lay((VARAKLANI, FIRST, LAST_OLD_DAY), (VARAKLANI_KEPT, REFORM, MERGER - timedelta(days=1)))
    assert counts_in(school, LAST_OLD_DAY) == VARAKLANI
    assert counts_in(school, REFORM) == VARAKLANI_KEPT
    assert counts_in(school, MERGER) == MADONA
    assert counts_in(lay((VARAKLANI, FIRST, date(2018, 8, 31))), MERGER) == MADONA, "through two successions"


def test_one_that_opened_later_goes_with_the_predecessor_of_its_place() -> None:
    assert counts_in(lay((MADONA, REFORM, None)), LAST_OLD_DAY) == "0700200"
    assert counts_in(lay((VARAKLANI_KEPT, date(2023, 9, 1), None)), LAST_OLD_DAY) == VARAKLANI
    assert counts_in(lay(("0027000", date(2022, 9, 1), None)), LAST_OLD_DAY) is None, "Dienvidkurzeme came of eight"


def test_between_two_places_it_is_still_where_it_was() -> None:
    pause = lay(("0700200", FIRST, date(2018, 8, 31)), ("0010000", date(2019, 9, 1), None))
    assert counts_in(pause, date(2018, 12, 1)) == "0700200"
    assert counts_in(pause, date(2019, 9, 1)) == "0010000"


def test_one_that_never_lay_anywhere_counts_nowhere() -> None:
    assert counts_in([], REFORM) is None


@given(st.data())
def test_whatever_the_day_the_municipality_exists_on_it(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(GEOGRAPHY.municipalities))
    last = place.period.end or date(2030, 12, 31)
    start = data.draw(st.dates(place.period.start, last))
    school = lay((place.code, start, data.draw(st.one_of(st.dates(start, last), st.just(place.period.end)))))
    day = data.draw(days)
    found = counts_in(school, day)
    if found is None:
        assert day < start, "only what opened later may have no predecessor"
    else:
        there = GEOGRAPHY.municipality(found)
        assert there is not None
        assert day in there.period
    if day in school[0].period:
        assert found == place.code
