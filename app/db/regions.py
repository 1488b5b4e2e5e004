"""Regions, read from the packaged reference data."""

from datetime import date

from app.db.reference import packaged
from app.domain.errors import NotFound
from app.domain.regions import Region, RegionScheme


def find(*, scheme: RegionScheme | None = None, on: date | None = None) -> tuple[Region, ...]:
    """By scheme and, if `on` is given, valid on that day. Empty where a scheme is asked outside its dates."""
    return tuple(
        region
        for region in packaged().geography.regions
        if (scheme is None or region.scheme is scheme) and (on is None or on in region.period)
    )


def get(scheme: RegionScheme, code: str) -> Region:
    """Raises NotFound."""
    region = packaged().geography.region(scheme, code)
    if region is None:
        raise NotFound("region")
    return region
