"""What of a figure is shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.releases.attributes import Figure
from app.domain.releases.display import SMALL, shown

MANY = Decimal(1_000)


@pytest.mark.parametrize(
    ("value", "expected"), [("123.456", 123), ("9.500", 10), ("9.499", None), ("0.000", None), ("-14.200", None)]
)
def test_numbers_are_rounded_and_shown_from_ten(value: str, expected: int | None) -> None:
    cell = shown(Figure.STUDENTS, Decimal(value), Decimal(value), 4.0)
    assert (cell.value, cell.small) == (expected, expected is None)


def test_a_sum_over_few_students_is_not_shown_however_large() -> None:
    assert shown(Figure.EUR, Decimal("5210.55"), Decimal("9.4"), 1.0).small
    assert shown(Figure.EUR, Decimal("5210.555"), MANY, 1.0).value == Decimal("5210.56")
    assert shown(Figure.HOURS, Decimal("-3.20"), MANY, 1.0).value is None


def test_the_standard_error_is_told_of_small_figures_too() -> None:
    assert shown(Figure.STUDENTS, Decimal(3), Decimal(3), 14.44).standard_error == Decimal("3.800")


@given(st.sampled_from(Figure), st.decimals(-(10**6), 10**6, places=3), st.decimals(-100, 10**6, places=3))
def test_nothing_below_ten_is_ever_shown(figure: Figure, value: Decimal, students: Decimal) -> None:
    cell = shown(figure, value, value if figure is Figure.STUDENTS else students, 1.0)
    assert cell.small == (cell.value is None)
    assert cell.value is None or cell.value >= SMALL
