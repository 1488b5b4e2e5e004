"""How days and numbers are written, in addresses and in documents alike: in one way each, so that none is guessed at."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

DECIMAL: Final = r"-?[0-9]+(\.[0-9]+)?"
_DECIMAL: Final = re.compile(DECIMAL)
DAY_WORDS: Final = "A date is written 2020-09-01."


def read_day(text: str) -> date:
    """Year, month and day. Raises ValueError, also for weeks and days of the year, which Python would read."""
    day = date.fromisoformat(text)
    if text != day.isoformat():
        raise ValueError(text)
    return day


def read_decimal(text: str) -> Decimal:
    """Digits, and a point with digits after it. Raises ValueError, also for spaces, exponents, underscores and other digits."""
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError(text)
    return Decimal(text)
