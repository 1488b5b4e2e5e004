"""What of a figure is shown: small ones are not, and none below zero."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.releases.attributes import Figure

SMALL = 10
"""Figures under it are shown as "<10": the noise is as large as they are, and people read small numbers as children they know."""
_DIGITS = {
    Figure.STUDENTS: Decimal(1),
    Figure.CONSULTATIONS: Decimal(1),
    Figure.HOURS: Decimal("0.01"),
    Figure.EUR: Decimal("0.01"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`value` is None where it is small. The standard error concerns the value before rounding; it is shown either way."""

    value: int | Decimal | None
    standard_error: Decimal
    small: bool


def is_small(figure: Figure, value: Decimal, students: Decimal) -> bool:
    """Of a figure, or of the students that it is a sum over. `students` of students are the figure itself."""
    return _at_hand(figure, value) < SMALL or _at_hand(Figure.STUDENTS, students) < SMALL


def shown(figure: Figure, value: Decimal, students: Decimal, variance: float) -> Shown:
    """`value`, `students` and `variance` as they were added up from cells of releases, before any rounding."""
    small = is_small(figure, value, students)
    rounded = _at_hand(figure, value)
    count = figure in {Figure.STUDENTS, Figure.CONSULTATIONS}
    return Shown(
        value=None if small else int(rounded) if count else rounded,
        standard_error=standard_error(variance),
        small=small,
    )


def standard_error(variance: float) -> Decimal:
    """In the unit of the figure, with three digits after the point."""
    return Decimal(variance**0.5).quantize(Decimal("0.001"), ROUND_HALF_UP)


def _at_hand(figure: Figure, value: Decimal) -> Decimal:
    return value.quantize(_DIGITS[figure], ROUND_HALF_UP)
