"""Periods are sets of days: each word means what it means of the set."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import Period

FIRST, LAST, HORIZON = date(2021, 1, 1), date(2021, 1, 20), date(2021, 1, 31)
days = st.dates(FIRST, LAST)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(days)
    return Period(start, draw(st.none() | st.dates(start, LAST)))


def days_of(period: Period) -> set[date]:
    """Every day up to the horizon, which only a period without an end reaches."""
    count = ((period.end or HORIZON) - period.start).days + 1
    return {period.start + timedelta(days=number) for number in range(count)}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 3, 31), False),
        (date(2021, 4, 1), True),
        (date(2021, 4, 30), True),
        (date(2021, 5, 1), False),
    ],
)
def test_both_ends_belong_to_a_period(day: date, expected: bool) -> None:  # noqa: FBT001 - a column of the examples
    assert (day in Period(date(2021, 4, 1), date(2021, 4, 30))) is expected


def test_periods_that_meet_on_one_day_overlap_and_neighbours_do_not() -> None:
    april = Period(date(2021, 4, 1), date(2021, 4, 30))
    assert april.overlaps(Period(date(2021, 4, 30), date(2021, 5, 31)))
    assert not april.overlaps(Period(date(2021, 5, 1)))


def test_a_period_without_an_end_lies_within_no_period_that_ends() -> None:
    assert not Period(date(2021, 4, 1)).within(Period(date(2021, 1, 1), date(9999, 12, 31)))
    assert Period(date(2021, 4, 1)).within(Period(date(2021, 4, 1)))


@given(periods(), st.dates(FIRST - timedelta(days=3), HORIZON))
def test_a_day_is_in_a_period_if_it_is_one_of_its_days(period: Period, day: date) -> None:
    assert (day in period) == (day in days_of(period))


@given(periods(), periods())
def test_periods_overlap_if_they_share_a_day(one: Period, other: Period) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(days_of(one) & days_of(other))


@given(periods(), periods())
def test_a_period_is_within_another_that_has_all_its_days(one: Period, other: Period) -> None:
    assert one.within(other) == (days_of(one) <= days_of(other))


@given(periods(), periods(), periods())
def test_within_is_an_order_and_implies_overlap(one: Period, other: Period, third: Period) -> None:
    assert one.within(one)
    if one.within(other):
        assert one.overlaps(other)
        assert not other.within(one) or one == other
        assert not other.within(third) or one.within(third)
