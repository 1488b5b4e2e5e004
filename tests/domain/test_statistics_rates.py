"""A rate says how sure one may be of it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics.rates import Rate


@pytest.mark.parametrize(
    ("numerator", "denominator", "value", "low", "high"),
    [
        (1, 2, "0.5000", "0.0945", "0.9055"),
        (0, 10, "0.0000", "0.0000", "0.2775"),
        (10, 10, "1.0000", "0.7225", "1.0000"),
        (81, 263, "0.3080", "0.2553", "0.3662"),
        (37_000, 50_000, "0.7400", "0.7361", "0.7438"),
    ],
)
def test_the_interval_is_wilsons(numerator: int, denominator: int, value: str, low: str, high: str) -> None:
    rate = Rate(numerator=numerator, denominator=denominator)
    assert (rate.value, rate.low, rate.high) == (Decimal(value), Decimal(low), Decimal(high))


@pytest.mark.parametrize(("denominator", "value"), [(32, "0.0313"), (160, "0.0063"), (20_000, "0.0001")])
def test_a_half_is_rounded_up_as_people_do(denominator: int, value: str) -> None:
    assert Rate(numerator=1, denominator=denominator).value == Decimal(value)


def test_of_nothing_there_is_no_share() -> None:
    rate = Rate(numerator=0, denominator=0)
    assert (rate.value, rate.low, rate.high) == (None, None, None)


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_lies_within_nothing_and_all(counts: tuple[int, int]) -> None:
    rate = Rate(numerator=counts[0], denominator=counts[1])
    assert rate.low is not None
    assert rate.value is not None
    assert rate.high is not None
    assert 0 <= rate.low <= rate.value <= rate.high <= 1
    mirrored = Rate(numerator=counts[1] - counts[0], denominator=counts[1])
    assert mirrored.low == 1 - rate.high
