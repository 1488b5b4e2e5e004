"""Values with an error that is known, as releases have them: noise was added to what was counted."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.statistics.rates import Z, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """`value` is None where it is `small`. The true figure lies within one standard error two times of three, within 1.96 of them in 95
    of 100. It concerns the value before rounding, and is told either way.
    """

    value: int | Decimal | None
    standard_error: Decimal
    small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RateEstimate:
    """The share of two estimates, with four decimals; None where it is not to be told: see `share`. Its interval is that of the noise
    alone, 95 %.
    """

    numerator: Estimate
    denominator: Estimate
    value: Decimal | None
    standard_error: Decimal | None

    @property
    def small(self) -> bool:
        return self.value is None

    @property
    def low(self) -> Decimal | None:
        return self._end(-1)

    @property
    def high(self) -> Decimal | None:
        return self._end(1)

    def _end(self, side: int) -> Decimal | None:
        if self.value is None or self.standard_error is None:
            return None
        end = self.value + side * Z * self.standard_error
        return rounded(min(max(end, Decimal(0)), Decimal(1)))


SURE = 3
"""A share is told where its denominator is at least so many times its standard error: nearer to zero, the error of a quotient says nothing."""


def share(numerator: Estimate, denominator: Estimate) -> RateEstimate:
    """Its error is at most this: the two are taken to miss independently, though what one of them misses is part of what the other does.

    No value has a share of which one part is small; whose denominator is less than three times its standard error; whose own error would
    be more than a third; or whose numerator is above the denominator by more than 1.96 standard errors of the difference. One that is
    above it by less is 1.
    """
    untold = RateEstimate(numerator=numerator, denominator=denominator, value=None, standard_error=None)
    if numerator.value is None or denominator.value is None:
        return untold
    part, whole = Decimal(numerator.value), Decimal(denominator.value)
    if whole < SURE * denominator.standard_error:
        return untold
    if part - whole > Z * (numerator.standard_error**2 + denominator.standard_error**2).sqrt():
        return untold
    value = min(part / whole, Decimal(1))
    error = (numerator.standard_error**2 + (value * denominator.standard_error) ** 2).sqrt() / whole
    if SURE * error > 1:
        return untold
    return RateEstimate(
        numerator=numerator,
        denominator=denominator,
        value=rounded(value),
        standard_error=rounded(error),
    )
