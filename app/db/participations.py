"""Participations in PostgreSQL. Public facts: every scope reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, delete, false, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, public_facts, records
from app.db.public_facts import lasts_on
from app.db.tables import institution_location, intervention, participation, plan
from app.db.touched import touched_of
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


async def page(
    connection: AsyncConnection,
    *,
    institution_id: InstitutionId | None = None,
    partner_id: PartnerId | None = None,
    on: date | None = None,
    located_in: tuple[str, date] | None = None,
    after: UUID | None,
    limit: int,
) -> Sequence[Participation]:
    """In the order of their ids. `located_in`: a municipality's ATVK code, and the day on which the institution lay there."""
    where = [
        *([participation.c.institution_id == institution_id] if institution_id else []),
        *([participation.c.partner_id == partner_id] if partner_id else []),
        *([lasts_on(participation, on)] if on else []),
        *([participation.c.institution_id.in_(_lying_in(*located_in))] if located_in else []),
    ]
    return [_of(row) for row in await records.page(connection, participation, where=where, after=after, limit=limit)]


def _lying_in(municipality: str, day: date) -> Select[int]:
    place = institution_location.c
    return select(place.institution_id).where(place.municipality == municipality, lasts_on(institution_location, day))


async def is_used_outside(connection: AsyncConnection, each: Participation, kept: Period | None) -> bool:
    """Whether a plan begins or support is delivered in the participation's days that are not in `kept`."""
    begun = select(plan.c.id).where(
        plan.c.institution_id == each.institution_id,
        plan.c.programme == each.programme,
        *_days_lost(plan.c.valid_from, each.period, kept),
    )
    delivered = (
        select(intervention.c.id)
        .join(plan, and_(plan.c.id == intervention.c.plan_id, plan.c.student_id == intervention.c.student_id))
        .where(
            intervention.c.institution_id == each.institution_id,
            plan.c.programme == each.programme,
            *_days_lost(func.coalesce(intervention.c.valid_to, intervention.c.valid_from), each.period, kept),
        )
    )
    return bool(await connection.scalar(select(or_(begun.exists(), delivered.exists()))))


def _days_lost(day: ColumnElement[date], old: Period, kept: Period | None) -> Iterator[ColumnElement[bool]]:
    yield day >= old.start
    if old.end is not None:
        yield day <= old.end
    if kept is not None:
        yield or_(day < kept.start, false() if kept.end is None else day > kept.end)


async def add(connection: AsyncConnection, each: Participation, deed: Deed) -> None:
    await connection.execute(insert(participation).values(values(each)))
    touched_of(connection).institution_ids.add(each.institution_id)
    await audit.record(connection, deed)


async def change(connection: AsyncConnection, each: Participation, deed: Deed) -> Participation:
    """The participation as it is now kept, in its next version. Raises Stale if somebody was faster."""
    await public_facts.change(connection, participation, values(each), noun="participation")
    touched_of(connection).institution_ids.add(each.institution_id)
    await audit.record(connection, deed)
    return replace(each, version=each.version + 1)


async def remove(connection: AsyncConnection, each: Participation, deed: Deed) -> None:
    await connection.execute(delete(participation).where(participation.c.id == each.id))
    touched_of(connection).institution_ids.add(each.institution_id)
    await audit.record(connection, deed)
