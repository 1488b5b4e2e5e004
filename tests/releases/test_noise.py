"""The noise of releases, as OpenDP draws it."""

from statistics import fmean, pvariance

import opendp.prelude as dp
import pytest

from app.domain.releases.accounting import sensitivity_squared, table_rho
from app.domain.releases.tables import TABLES
from app.noise import discrete_gaussian, mechanism
from tests.domain.contributions import NATIONAL

MANY = 40_000


@pytest.mark.parametrize("deviation", [6, 64, 24 * 60_000])
def test_noise_is_around_nothing_and_as_wide_as_it_should_be(deviation: int) -> None:
    drawn = discrete_gaussian([1_000] * MANY, deviation)
    assert fmean(drawn) == pytest.approx(1_000, abs=6 * deviation / MANY**0.5)
    assert pvariance(drawn) == pytest.approx(deviation**2, rel=0.05)
    assert all(isinstance(each, int) for each in drawn[:10])


def test_it_is_never_the_same_twice() -> None:
    assert discrete_gaussian([0] * 1_000, 14) != discrete_gaussian([0] * 1_000, 14)


def test_numbers_below_zero_are_as_good_as_others() -> None:
    assert fmean(discrete_gaussian([-500] * 1_000, 6)) == pytest.approx(-500, abs=2)


def test_open_dp_accounts_for_each_table_as_the_register_does() -> None:
    for table in TABLES:
        distance = sensitivity_squared(table, NATIONAL) ** 0.5
        cost = mechanism(table.deviation).map(distance)  # type: ignore[no-untyped-call]  # OpenDP's own is not typed
        assert cost == pytest.approx(float(table_rho(table, NATIONAL)), rel=1e-9)
        assert isinstance(mechanism(table.deviation), dp.Measurement)
