"""Which shares of noisy figures are told."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics.estimates import Estimate, share

NUMBER = st.integers(min_value=10, max_value=5_000)
ERROR = st.decimals(min_value="0.1", max_value=500, places=3)


def estimate(value: int | None, error: str | Decimal = "3") -> Estimate:
    return Estimate(value=value, standard_error=Decimal(error), small=value is None)


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (estimate(131), estimate(214, "4.4"), "0.6121"),
        (estimate(None), estimate(214), None),
        (estimate(12), estimate(None), None),
        (estimate(15, "1"), estimate(30, "10"), "0.5000"),
        (estimate(15, "1"), estimate(30, "10.001"), None),
        (estimate(66, "22"), estimate(25, "44"), None),
        (estimate(30, "33"), estimate(100, "5"), "0.3000"),
        (estimate(30, "34"), estimate(100, "5"), None),
        (estimate(105), estimate(100), "1.0000"),
        (estimate(109), estimate(100), None),
    ],
)
def test_a_share_is_told_where_its_noise_lets_it(part: Estimate, whole: Estimate, told: str | None) -> None:
    rate = share(part, whole)
    assert (None if rate.value is None else str(rate.value)) == told
    assert rate.small == (told is None)
    assert (rate.numerator, rate.denominator) == (part, whole)


@given(NUMBER, ERROR, NUMBER, ERROR)
def test_no_share_that_is_told_misses_by_more_than_a_third(
    part: int, part_error: Decimal, whole: int, whole_error: Decimal
) -> None:
    rate = share(estimate(part, part_error), estimate(whole, whole_error))
    assert (rate.value is None) == (rate.standard_error is None)
    if rate.value is not None and rate.standard_error is not None:
        assert 0 <= rate.value <= 1
        assert rate.standard_error <= Decimal("0.3334")
        assert 3 * whole_error <= whole
