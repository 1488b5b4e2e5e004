"""Which scope an actor has today: whose agreement an institution stands under, and in which region it lies, asked each time anew."""

from datetime import date
from typing import Final, assert_never

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import known_reach
from app.db.known_reach import Derived, KnownReach
from app.db.scopes import AUTHORITY, OUTSIDE, DatabaseRole, Scope
from app.db.session import Database
from app.db.tables import institution_location, participation, partner
from app.domain.actors import Actor, Level, Role
from app.domain.geography import Geography
from app.domain.ids import PartnerId
from app.domain.regions import RegionScheme
from app.domain.sync import source_of

WIDE_RECORDS = 4
"""Beyond so many institutions, one look for a record's student among all of them is faster than one for each institution: 154 µs
against 889 to read a plan with its content for 18 institutions. For fewer, lists gain more by looking for the institution first."""

WIDE_STATISTICS = 50
"""Beyond so many, a hashed set is faster than an index by institution: measured 145 ms against 1,130 for 640 institutions."""

_KNOWN: Final = KnownReach()


async def for_records(database: Database, actor: Actor, *, geography: Geography, today: date) -> Scope:
    """The scope in which this actor reads and writes records."""
    match actor.level:
        case Level.SCHOOL if actor.role is Role.SUPPORT_PROVIDER:
            return Scope(
                role=DatabaseRole.PROVIDER,
                institution_ids=tuple(actor.institution_ids),
                staff_member=actor.staff_member,
            )
        case Level.SCHOOL:
            return Scope(role=DatabaseRole.SCHOOL, institution_ids=tuple(actor.institution_ids))
        case Level.MACHINE:
            return Scope(
                role=DatabaseRole.SYNC,
                institution_ids=tuple(sorted(actor.institution_ids)),
                source=source_of(actor.subject),
            )
        case Level.STATE:
            return AUTHORITY
        case Level.OUTSIDE | Level.OPERATOR:
            return OUTSIDE
        case Level.PARTNER | Level.REGION:
            ids = await _institutions(database, actor, geography, today)
            wide = len(ids) > WIDE_RECORDS
            return Scope(role=DatabaseRole.PARTNER_WIDE if wide else DatabaseRole.PARTNER, institution_ids=ids)
        case other:
            assert_never(other)


async def for_statistics(database: Database, actor: Actor, *, geography: Geography, today: date) -> Scope:
    """The scope of exact statistics: what the institutions in scope wrote themselves, and nothing that was handed over to them."""
    match actor.level:
        case Level.STATE:
            return AUTHORITY
        case Level.OUTSIDE | Level.OPERATOR | Level.MACHINE:
            return OUTSIDE
        case Level.SCHOOL:
            return Scope(role=DatabaseRole.STATISTICS, institution_ids=tuple(actor.institution_ids))
        case Level.PARTNER | Level.REGION:
            ids = await _institutions(database, actor, geography, today)
            wide = len(ids) > WIDE_STATISTICS
            return Scope(role=DatabaseRole.STATISTICS_WIDE if wide else DatabaseRole.STATISTICS, institution_ids=ids)
        case other:
            assert_never(other)


async def _institutions(database: Database, actor: Actor, geography: Geography, today: date) -> tuple[int, ...]:
    """To go through all partners, agreements and places takes longer than most answers, and they seldom change."""
    async with database.connect() as connection:
        facts = await known_reach.facts(connection)
        derived = Derived(facts, actor.partner_id, actor.region_code, today)
        known = _KNOWN.find(derived, geography)
        if known is not None:
            return known
        if actor.region_code is not None:
            found = await _in_region(connection, actor.region_code, geography, today)
        else:
            found = await _under_agreement(connection, actor.partner_id, geography, today)
        # Each statement sees what has been committed by then: only where that is still the same, it is kept for these facts.
        if await known_reach.facts(connection) == facts:
            _KNOWN.keep(derived, geography, found)
        return found


async def _in_region(connection: AsyncConnection, region: str, geography: Geography, today: date) -> tuple[int, ...]:
    places = await _places(connection, today)
    return tuple(sorted(each for each, place in places.items() if _region_today(geography, place, today) == region))


def _region_today(geography: Geography, municipality: str, today: date) -> str | None:
    successor = geography.successor_on(municipality, today)
    region = None if successor is None else geography.region_of(successor.code, RegionScheme.PLANNING, today)
    return None if region is None else region.code


async def _under_agreement(
    connection: AsyncConnection, partner_id: PartnerId | None, geography: Geography, today: date
) -> tuple[int, ...]:
    """Institutions whose latest agreement is the partner's. A municipality's agreements pass to its successor; where it was split,
    each institution's goes to the successor in which the institution lies.
    """
    partners = {row.id: row for row in await connection.execute(select(partner))}
    mine = partners.get(partner_id)
    if mine is None:
        return ()
    rows = await connection.execute(_latest_agreements(today))
    signed_by = {row.institution_id: partners[row.partner_id] for row in rows}
    if mine.municipality is None:
        return tuple(sorted(each for each, signed in signed_by.items() if signed.id == mine.id))
    places = await _places(connection, today)
    goal = geography.successor_on(mine.municipality, today)

    def holds(institution_id: int, municipality: str) -> bool:
        return goal is not None and geography.heir_on(municipality, places.get(institution_id), today) == goal

    return tuple(
        sorted(each for each, signed in signed_by.items() if signed.municipality and holds(each, signed.municipality))
    )


async def organisations_above(
    connection: AsyncConnection, institution_id: int, *, geography: Geography, today: date
) -> tuple[str, ...]:
    """Who acts for this institution or above it today, in the words of the audit: itself, its partner, its region."""
    partners = {row.id: row for row in await connection.execute(select(partner))}
    signed_by = {
        row.institution_id: partners[row.partner_id] for row in await connection.execute(_latest_agreements(today))
    }
    place = (await _places(connection, today)).get(institution_id)
    signed, above = signed_by.get(institution_id), [f"institution {institution_id}"]
    if signed is not None and signed.municipality is None:
        above.append(f"partner {signed.id}")
    elif signed is not None:
        heir = geography.heir_on(signed.municipality, place, today)
        above.extend(
            f"partner {each.id}"
            for each in partners.values()
            if each.municipality is not None
            and heir is not None
            and geography.successor_on(each.municipality, today) == heir
        )
    if place is not None and (region := _region_today(geography, place, today)) is not None:
        above.append(f"region {region}")
    return tuple(above)


def _latest_agreements(today: date) -> Select[int, int]:
    return (
        select(participation.c.institution_id, participation.c.partner_id)
        .ext(distinct_on(participation.c.institution_id))
        .where(participation.c.valid_from <= today)
        .order_by(participation.c.institution_id, participation.c.valid_from.desc())
    )


async def _places(connection: AsyncConnection, today: date) -> dict[int, str]:
    """Where each institution lies today, or lay last."""
    query = (
        select(institution_location.c.institution_id, institution_location.c.municipality)
        .ext(distinct_on(institution_location.c.institution_id))
        .where(institution_location.c.valid_from <= today)
        .order_by(institution_location.c.institution_id, institution_location.c.valid_from.desc())
    )
    return {row.institution_id: row.municipality for row in await connection.execute(query)}
