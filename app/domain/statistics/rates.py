"""A share of what was counted, with how sure one may be of it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

Z = Decimal("1.959963984540054")
"""The two-sided 95 % point of the normal distribution."""
_PLACES = Decimal("0.0001")


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
        interval = self._interval()
        return None if interval is None else interval[0]

    @property
    def high(self) -> Decimal | None:
        interval = self._interval()
        return None if interval is None else interval[1]

    def _interval(self) -> tuple[Decimal, Decimal] | None:
        if not self.denominator:
            return None
        with localcontext(prec=28):
            n, square = Decimal(self.denominator), Z * Z
            share = self.numerator / n
            centre = share + square / (2 * n)
            half = Z * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
            scale = 1 + square / n
            low, high = max(Decimal(0), (centre - half) / scale), min(Decimal(1), (centre + half) / scale)
            return rounded(low), rounded(high)


def rounded(share: Decimal) -> Decimal:
    """To four decimals, as people round: a half goes up."""
    return share.quantize(_PLACES, ROUND_HALF_UP)
