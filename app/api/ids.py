"""Ids as they come in: bounded, so that none is too large for the database to compare. And new ones that go to the end of an index."""

import secrets
import time
from collections.abc import Iterator
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
_WIDTH: Final = 10
"""Bytes of chance in an id."""


def time_ordered_id() -> UUID:
    """A new UUID, version 7 (RFC 9562, section 5.7), as PostgreSQL's `uuidv7()` makes them: milliseconds first, and then chance."""
    return next(time_ordered_ids(1))


def time_ordered_ids(at_once: int = 1_000) -> Iterator[UUID]:
    """New ones without end. Chance is asked for `at_once` at a time: each time the operating system is asked, another thread may go first."""
    while True:
        milliseconds = (time.time_ns() // 1_000_000) << 80
        chance = secrets.token_bytes(_WIDTH * at_once)
        for place in range(0, len(chance), _WIDTH):
            bits = int.from_bytes(chance[place : place + _WIDTH]) & _RANDOM
            yield UUID(int=milliseconds | bits | _VERSION_AND_VARIANT)
