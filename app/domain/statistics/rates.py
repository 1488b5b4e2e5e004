"""A share of what was counted, with how sure one may be of it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

Z = Decimal("1.959963984540054")
"""The two-sided 95 % point of the normal distribution."""
_PLACES = Decimal("0.0001")
REMEMBERED = 10_000
"""Intervals: of small groups there are few different ones, and of each both ends are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`numerator` is part of `denominator`. Value and interval are shares from 0 to 1 with four decimals, None where nothing was counted.

    The interval is Wilson's (E. B. Wilson, 1927), 95 %: it never leaves 0 to 1, and holds for few cases and for shares near its ends, too.
    """

    numerator: int
    denominator: int

    @property
    def value(self) -> Decimal | None:
        return rounded(Decimal(self.numerator) / self.denominator) if self.denominator else None

    @property
    def low(self) -> Decimal | None:
        return _interval(self.numerator, self.denominator)[0] if self.denominator else None

    @property
    def high(self) -> Decimal | None:
        return _interval(self.numerator, self.denominator)[1] if self.denominator else None


@lru_cache(maxsize=REMEMBERED)
def _interval(numerator: int, denominator: int) -> tuple[Decimal, Decimal]:
    with localcontext(prec=28):
        n, square = Decimal(denominator), Z * Z
        share = numerator / n
        centre = share + square / (2 * n)
        half = Z * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
        scale = 1 + square / n
        low, high = max(Decimal(0), (centre - half) / scale), min(Decimal(1), (centre + half) / scale)
        return rounded(low), rounded(high)


def rounded(share: Decimal) -> Decimal:
    """To four decimals, as people round: a half goes up."""
    return share.quantize(_PLACES, ROUND_HALF_UP)
