"""Days and numbers are written in one way each."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.written import read_day, read_decimal

OTHER_DAYS = [
    "20210201",
    "2021-W05-1",
    "2021-032",
    "2021-2-1",
    " 2021-02-01",
    "2021-02-30",
    "\u0662\u0660\u0662\u0661-\u0660\u0662-\u0660\u0661",
    "2021-02-01T00:00",
    "",
]
OTHER_NUMBERS = [" 1", "1_0", "\u0663", "1e3", ".5", "5.", "+1", "1,5", "NaN", "Infinity", "--1", ""]


@given(st.dates())
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert read_day(day.isoformat()) == day


@pytest.mark.parametrize("text", OTHER_DAYS)
def test_no_other_way_is_a_day(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_day(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=2))
def test_a_number_is_read_as_it_is_written(number: Decimal) -> None:
    assert read_decimal(f"{number:f}") == number


@pytest.mark.parametrize("text", OTHER_NUMBERS)
def test_no_other_way_is_a_number(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_decimal(text)
