"""Regions of Latvia. Which regions there are depends on the scheme and on the date."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.periods import Period

UNASSIGNED = "UNASSIGNED"
"""Written for a region's code where none applies: a scheme asked outside its dates, a municipality of another time."""


class RegionScheme(StrEnum):
    PLANNING = "PLANNING"
    NUTS3_2021 = "NUTS3_2021"
    NUTS3_2024 = "NUTS3_2024"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A code means a region only together with its scheme: LV005 and LV009 are in both NUTS versions."""

    scheme: RegionScheme
    code: str
    name_lv: str
    name_en: str
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMembership:
    """The municipality (ATVK code) belongs to the region `code` of the scheme during the period."""

    municipality: str
    scheme: RegionScheme
    code: str
    period: Period
