"""Whom a number that everybody knows names today: an institution by its registration, a partner by its municipality or likewise."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.public_facts import lasts_on
from app.db.tables import institution, institution_registration, partner
from app.domain.geography import Geography
from app.domain.ids import InstitutionId, PartnerId
from app.domain.institutions import REGISTRATION_DIGITS

MUNICIPALITY_DIGITS = 7
"""Of an ATVK code."""


async def institution_of_id(connection: AsyncConnection, institution_id: InstitutionId) -> InstitutionId | None:
    """None where there is no such institution."""
    found = await connection.scalar(select(institution.c.id).where(institution.c.id == institution_id))
    return None if found is None else InstitutionId(found)


async def partner_of_id(connection: AsyncConnection, partner_id: PartnerId) -> PartnerId | None:
    """None where there is no such partner."""
    found = await connection.scalar(select(partner.c.id).where(partner.c.id == partner_id))
    return None if found is None else PartnerId(found)


async def institution_numbered(connection: AsyncConnection, number: str, today: date) -> InstitutionId | None:
    """The one institution that has this registration number today; None where none has, or more than one."""
    if len(number) != REGISTRATION_DIGITS or not number.isdecimal():
        return None
    numbers = institution_registration
    query = select(numbers.c.institution_id).where(numbers.c.number == number, lasts_on(numbers, today)).limit(2)
    found = (await connection.execute(query)).scalars().all()
    return InstitutionId(found[0]) if len(found) == 1 else None


async def partner_numbered(
    connection: AsyncConnection, number: str, geography: Geography, today: date
) -> PartnerId | None:
    """By an ATVK code of today, or by the registration number of an institution that signs for itself."""
    if len(number) == MUNICIPALITY_DIGITS:
        return await _of_municipality(connection, number, geography, today)
    institution_id = await institution_numbered(connection, number, today)
    if institution_id is None:
        return None
    found = await connection.scalar(select(partner.c.id).where(partner.c.institution_id == institution_id))
    return None if found is None else PartnerId(found)


async def _of_municipality(
    connection: AsyncConnection, code: str, geography: Geography, today: date
) -> PartnerId | None:
    """The municipality's own partner, or one whose agreements it has inherited: whichever it is, the same institutions follow."""
    municipality = geography.municipality(code)
    if municipality is None or today not in municipality.period:
        return None
    query = (
        select(partner.c.id, partner.c.municipality).where(partner.c.municipality.is_not(None)).order_by(partner.c.id)
    )
    signed = {row.municipality: PartnerId(row.id) for row in await connection.execute(query)}
    heirs = (partner_id for each, partner_id in signed.items() if geography.successor_on(each, today) == municipality)
    return signed.get(code) or next(heirs, None)
