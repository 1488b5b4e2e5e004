"""Participations in PostgreSQL. Public facts: every scope reads them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, public_facts
from app.db.tables import participation
from app.domain.deeds import Deed
from app.domain.ids import InstitutionId, ParticipationId, PartnerId
from app.domain.participations import Participation
from app.domain.periods import Period


def _of(row: Row[Any]) -> Participation:
    return Participation(
        id=ParticipationId(row.id),
        institution_id=InstitutionId(row.institution_id),
        programme=row.programme,
        partner_id=PartnerId(row.partner_id),
        agreement_number=row.agreement_number,
        agreement_date=row.agreement_date,
        period=Period(row.valid_from, row.valid_to),
        version=row.version,
    )


def values(each: Participation) -> dict[str, Any]:
    """The row of a participation, by column."""
    return {
        "id": each.id,
        "institution_id": each.institution_id,
        "programme": each.programme,
        "partner_id": each.partner_id,
        "agreement_number": each.agreement_number,
        "agreement_date": each.agreement_date,
        "valid_from": each.period.start,
        "valid_to": each.period.end,
        "version": each.version,
    }


async def get(connection: AsyncConnection, participation_id: ParticipationId, *, lock: bool = False) -> Participation:
    """Raises NotFound."""
    return _of(await public_facts.fetch(connection, participation, participation_id, noun="participation", lock=lock))


async def of_institution(
    connection: AsyncConnection, institution_id: InstitutionId, programme: str | None = None
) -> list[Participation]:
    """All periods of the institution, in one programme or in every one, in the order of time."""
    return [each for each in await of_institutions(connection, [institution_id]) if programme in (None, each.programme)]


async def of_institutions(
    connection: AsyncConnection, institution_ids: Sequence[InstitutionId]
) -> Sequence[Participation]:
    """All periods of these institutions, in the order of time."""
    query = select(participation).where(participation.c.institution_id.in_(institution_ids))
    return [_of(row) for row in await connection.execute(query.order_by(participation.c.valid_from))]


async def add(connection: AsyncConnection, each: Participation, deed: Deed) -> None:
    await connection.execute(insert(participation).values(values(each)))
    await audit.record(connection, deed)


async def change(connection: AsyncConnection, each: Participation, deed: Deed) -> Participation:
    """The participation as it is now kept, in its next version. Raises Stale if somebody was faster."""
    await public_facts.change(connection, participation, values(each), noun="participation")
    await audit.record(connection, deed)
    return replace(each, version=each.version + 1)


async def remove(connection: AsyncConnection, each: Participation, deed: Deed) -> None:
    await connection.execute(delete(participation).where(participation.c.id == each.id))
    await audit.record(connection, deed)
