"""Days and numbers as GraphQL takes them: written as in addresses. What a document writes as a number is one already."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from app.domain.written import DAY_WORDS, read_day, read_decimal


def _reader(read: Callable[[object], object], words: str) -> Callable[[object], object]:
    def reader(value: object) -> object:
        try:
            return read(value)
        except ValueError:
            raise StrawberryInputCoercionError(words) from None

    return reader


def _day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 - told like any other
    return read_day(value)


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(value)  # noqa: TRY004 - likewise
    # An exponent is a way to write numbers, and none to write texts.
    return read_decimal(value if isinstance(value, str) else f"{Decimal(str(value)):f}")


SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    date: ScalarDefinition(
        name="Date",
        description="Date (isoformat)",
        specified_by_url=None,
        serialize=date.isoformat,
        parse_value=_reader(_day, DAY_WORDS),
        parse_literal=None,
        origin=date,
    ),
    Decimal: ScalarDefinition(
        name="Decimal",
        description="Decimal (fixed-point)",
        specified_by_url=None,
        serialize=str,
        parse_value=_reader(_decimal, "A number is written 12.50."),
        parse_literal=None,
        origin=Decimal,
    ),
}
