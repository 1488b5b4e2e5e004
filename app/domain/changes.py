"""What the feed of changes speaks of: which nouns, and what can become of them."""

from enum import StrEnum
from typing import Final


class ChangeOp(StrEnum):
    """UPSERT and DELETE are of a record or a student; a student may also be merged into another one.

    OPEN and CLOSE are of what one institution wrote of a student, for another one that may read it from now on, or no longer.
    """

    UPSERT = "UPSERT"
    DELETE = "DELETE"
    MERGE = "MERGE"
    OPEN = "OPEN"
    CLOSE = "CLOSE"


STUDENT: Final = "student"
INTERVENTION: Final = "intervention"
RECORDS: Final = ("enrolment", "risk", "plan", INTERVENTION, "outcome")
"""In an order in which each speaks of earlier ones alone."""
TYPES: Final = (STUDENT, *RECORDS)
ACCESS: Final = "access"
