"""Hours and EUR: exact decimals, as strings in answers, so that no reader makes a binary fraction of them."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.support import CENT, MOST_EUR, MOST_HOURS


def _two_decimals(amount: Decimal) -> Decimal:
    """The same amount always reads the same; one that has more decimals is left for the rules to refuse."""
    if amount.same_quantum(CENT) and not amount.is_signed():
        return amount
    rounded = amount.quantize(CENT)
    return abs(rounded) if rounded == amount else amount


Amount = Annotated[
    Decimal,
    Field(ge=0, le=MOST_EUR, allow_inf_nan=False, description="At most two decimals.", examples=["1.50"]),
    AfterValidator(_two_decimals),
]
Hours = Annotated[
    Decimal,
    Field(
        ge=0,
        le=MOST_HOURS,
        allow_inf_nan=False,
        description="Teaching hours of 40 minutes, at most two decimals.",
        examples=["1.50"],
    ),
    AfterValidator(_two_decimals),
]
