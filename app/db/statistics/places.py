"""Where an institution lay on a day: its municipality, and that one's region in the scheme asked."""

from sqlalchemy import ColumnElement, Date, FromClause, and_, or_

from app.db.tables import institution_location
from app.db.tables.reference import municipality_region
from app.domain.regions import RegionScheme
from app.domain.statistics.definitions import PLACES, Dimension


def with_places(
    source: FromClause,
    *,
    institution_id: ColumnElement[int],
    on: ColumnElement[Date],
    scheme: RegionScheme,
    needed: frozenset[Dimension],
) -> FromClause:
    """Outer joins: what lies nowhere has no municipality, and its region is UNASSIGNED. Each finds at most one row."""
    if not needed & PLACES:
        return source
    location, membership = institution_location.c, municipality_region.c
    here = _covers(location.valid_from, location.valid_to, on)
    source = source.outerjoin(institution_location, and_(location.institution_id == institution_id, here))
    if Dimension.REGION not in needed:
        return source
    belongs = and_(
        membership.municipality == location.municipality,
        membership.scheme == scheme,
        _covers(membership.valid_from, membership.valid_to, on),
    )
    return source.outerjoin(municipality_region, belongs)


def _covers(
    start: ColumnElement[Date], end: ColumnElement[Date | None], day: ColumnElement[Date]
) -> ColumnElement[bool]:
    return and_(start <= day, or_(end.is_(None), end >= day))
