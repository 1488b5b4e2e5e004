"""Partners in PostgreSQL: municipalities and institutions that have signed a cooperation agreement."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, public_facts
from app.db.tables import partner
from app.domain.deeds import Deed
from app.domain.ids import InstitutionId, PartnerId
from app.domain.participations import Partner


def _of(row: Row[Any]) -> Partner:
    return Partner(
        id=PartnerId(row.id),
        municipality=row.municipality,
        institution_id=None if row.institution_id is None else InstitutionId(row.institution_id),
    )


async def get(connection: AsyncConnection, partner_id: PartnerId) -> Partner:
    """Raises NotFound."""
    return _of(await public_facts.fetch(connection, partner, partner_id, noun="partner"))


async def of_ids(connection: AsyncConnection, partner_ids: Sequence[PartnerId]) -> Sequence[Partner]:
    """Those of them that there are, in the order of their ids."""
    query = select(partner).where(partner.c.id.in_(partner_ids)).order_by(partner.c.id)
    return [_of(row) for row in await connection.execute(query)]


async def add(connection: AsyncConnection, each: Partner, deed: Deed) -> Partner:
    """The partner with the id that the database gave it."""
    row = {"municipality": each.municipality, "institution_id": each.institution_id}
    created = await connection.scalar(insert(partner).values(row).returning(partner.c.id))
    added = replace(each, id=PartnerId(created))
    await audit.record(connection, replace(deed, record_id=str(added.id)))
    return added


async def page(
    connection: AsyncConnection,
    *,
    municipality: str | None = None,
    institution_id: InstitutionId | None = None,
    after: int | None,
    limit: int,
) -> Sequence[Partner]:
    """Up to `limit` partners in the order of their ids, from the one after `after` on."""
    where = [
        *([partner.c.municipality == municipality] if municipality else []),
        *([partner.c.institution_id == institution_id] if institution_id else []),
        *([partner.c.id > after] if after is not None else []),
    ]
    return [
        _of(row) for row in await connection.execute(select(partner).where(*where).order_by(partner.c.id).limit(limit))
    ]
