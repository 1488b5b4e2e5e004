"""Regions over REST."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from app.api.auth import MayReadReference
from app.api.reference_route import reference_router
from app.db import regions
from app.domain.regions import UNASSIGNED, Region, RegionScheme

router = reference_router("regions")

On = Annotated[
    date | None,
    Query(description="Only what was valid on that day; without it, of all times.", examples=["2021-06-30"]),
]
Scheme = Annotated[RegionScheme, Query(description="How the country is divided into regions.")]


class RegionName(BaseModel):
    scheme: RegionScheme
    code: str = Field(examples=["PR-VIDZEME"])
    name_lv: str = Field(examples=["Vidzemes plānošanas reģions"])
    name_en: str = Field(examples=["Vidzeme planning region"])

    @classmethod
    def assigned(cls, scheme: RegionScheme, region: Region | None) -> "RegionName":
        """Where no region applies, `UNASSIGNED` with names of its own."""
        if region is None:
            return cls(scheme=scheme, code=UNASSIGNED, name_lv="nav noteikts", name_en="not assigned")
        return cls.model_validate(region, from_attributes=True)


class RegionOut(RegionName):
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to", description="Null: until further notice.")

    @classmethod
    def of(cls, each: Region) -> "RegionOut":
        names = RegionName.assigned(each.scheme, each).model_dump()
        return cls.model_validate({**names, "from": each.period.start, "to": each.period.end})


@router.get("", operation_id="list_regions")
async def list_regions(
    _actor: MayReadReference, scheme: Scheme = RegionScheme.PLANNING, on: On = None
) -> list[RegionOut]:
    """Regions of a scheme. A scheme asked outside its dates has none."""
    return [RegionOut.of(each) for each in regions.find(scheme=scheme, on=on)]
