"""Municipalities, read from the packaged reference data."""

from datetime import date

from app.db.reference import packaged
from app.domain.errors import NotFound
from app.domain.municipalities import Municipality, MunicipalityKind, Succession
from app.domain.regions import Region, RegionMembership, RegionScheme


def find(*, on: date | None = None, kind: MunicipalityKind | None = None) -> tuple[Municipality, ...]:
    """In Latvian alphabetical order; without `on`, those of all times (one name may then occur twice)."""
    return tuple(
        municipality
        for municipality in packaged().geography.in_order
        if (on is None or on in municipality.period) and (kind is None or municipality.kind is kind)
    )


def get(code: str) -> Municipality:
    """By ATVK code, whether it exists today or not. Raises NotFound."""
    municipality = packaged().geography.municipality(code)
    if municipality is None:
        raise NotFound("municipality")
    return municipality


def regions(code: str, on: date) -> dict[RegionScheme, Region]:
    """The municipality's region in every scheme that assigns it one on that day."""
    geography = packaged().geography
    found = ((scheme, geography.region_of(code, scheme, on)) for scheme in RegionScheme)
    return {scheme: region for scheme, region in found if region is not None}


def successions(code: str) -> tuple[Succession, ...]:
    """What it came from and what became of it."""
    return tuple(each for each in packaged().geography.successions if code in (each.predecessor, each.successor))


def memberships(code: str) -> tuple[RegionMembership, ...]:
    """Its regions in every scheme, by date."""
    found = (each for each in packaged().geography.memberships if each.municipality == code)
    return tuple(sorted(found, key=lambda each: (each.scheme, each.period.start)))
