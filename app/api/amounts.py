"""Hours and EUR: exact decimals, as strings in answers, so that no reader makes a binary fraction of them."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

Amount = Annotated[
    Decimal,
    Field(ge=0, le=Decimal("9999999.99"), allow_inf_nan=False, description="At most two decimals.", examples=["1.50"]),
]
"""Hours are teaching hours of 40 minutes."""
