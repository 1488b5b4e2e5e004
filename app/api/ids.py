"""Ids as they come in: bounded, so that none is too large for the database to compare. And new ones that go to the end of an index."""

import secrets
import time
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from app.domain.ids import InstitutionId, PartnerId

LARGEST_NUMBER = 2_147_483_647
"""Of an `integer` column."""

InstitutionNumber = Annotated[InstitutionId, Field(ge=1, le=LARGEST_NUMBER, examples=[1])]
"""The register's own id of an institution, not its registration number."""

PartnerNumber = Annotated[PartnerId, Field(ge=1, le=LARGEST_NUMBER, examples=[1])]
"""The register's own id of a partner."""

_VERSION_AND_VARIANT: Final = (7 << 76) | (0b10 << 62)
_RANDOM: Final = ~((0xF << 76) | (0b11 << 62))


def time_ordered_id() -> UUID:
    """A new UUID, version 7 (RFC 9562, section 5.7), as PostgreSQL's `uuidv7()` makes them: milliseconds first, and then chance."""
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(80) & _RANDOM
    return UUID(int=(milliseconds << 80) | chance | _VERSION_AND_VARIANT)
