"""Where each row counts: in the borders at the time, by the place of its plan, or in those of a day, by its institution."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Text, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import institution, institution_location, statistics_place
from app.db.tables.reference import municipality_region
from app.domain.code_lists import InstitutionKind
from app.domain.geography import Geography
from app.domain.institutions import Location
from app.domain.periods import Period
from app.domain.regions import UNASSIGNED, RegionScheme
from app.domain.statistics.borders import Stay, places_as_of
from app.domain.statistics.definitions import Dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class Borders:
    """`table` has the columns `id`, `municipality` and `region`; `of` says what the id is of: `place_id` or `institution_id`."""

    table: FromClause
    of: str

    @property
    def columns(self) -> dict[Dimension, ColumnElement[Any]]:
        region = func.coalesce(self.table.c.region, UNASSIGNED)
        return {Dimension.REGION: region, Dimension.MUNICIPALITY: self.table.c.municipality}


def at_the_time(scheme: RegionScheme) -> Borders:
    """A place is a municipality in an era in which its region is the same all the time, whatever the scheme."""
    place, membership = statistics_place.c, municipality_region.c
    belongs = and_(
        membership.municipality == place.municipality,
        membership.scheme == scheme,
        membership.valid_from <= place.era,
        or_(membership.valid_to.is_(None), membership.valid_to >= place.era),
    )
    columns = select(place.id, place.municipality, membership.region)
    return Borders(
        table=columns.outerjoin_from(statistics_place, municipality_region, belongs).subquery("borders"), of="place_id"
    )


async def stays(connection: AsyncConnection, institution_ids: Collection[int] | None) -> list[Stay]:
    """Of these institutions, None for all; where institutions lie is a public fact."""
    columns = institution_location.c
    statement = select(
        columns.institution_id, columns.municipality, columns.valid_from, columns.valid_to, institution.c.kind
    )
    statement = statement.join(institution, institution.c.id == columns.institution_id)
    if institution_ids is not None:
        statement = statement.where(columns.institution_id.in_(institution_ids))
    return [
        Stay(
            institution_id=row.institution_id,
            kind=InstitutionKind(row.kind),
            location=Location(municipality=row.municipality, period=Period(row.valid_from, row.valid_to)),
        )
        for row in await connection.execute(statement)
    ]


def as_of(found: Collection[Stay], day: date, scheme: RegionScheme, geography: Geography) -> Borders:
    """Each institution where it counts in the borders of that day (rule 11)."""
    places = places_as_of(found, day, geography)
    regions = {code: None if code is None else geography.region_of(code, scheme, day) for code in set(places.values())}
    codes = {code: None if region is None else region.code for code, region in regions.items()}
    rows = func.unnest(
        literal(list(places), ARRAY(Integer)),
        literal(list(places.values()), ARRAY(Text)),
        literal([codes[each] for each in places.values()], ARRAY(Text)),
    )
    named = rows.table_valued("id", "municipality", "region").render_derived(name="named")
    table = select(named.c.id, named.c.municipality, named.c.region).subquery("borders")
    return Borders(table=table, of="institution_id")
