"""Ids as they come in: bounded, so that none is too large for the database to compare."""

from typing import Annotated

from pydantic import Field

from app.domain.ids import InstitutionId, PartnerId

LARGEST_NUMBER = 2_147_483_647
"""Of an `integer` column."""

InstitutionNumber = Annotated[InstitutionId, Field(ge=1, le=LARGEST_NUMBER, examples=[1])]
"""The register's own id of an institution, not its registration number."""

PartnerNumber = Annotated[PartnerId, Field(ge=1, le=LARGEST_NUMBER, examples=[1])]
"""The register's own id of a partner."""
