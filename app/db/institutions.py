"""Institutions in PostgreSQL, each with its registration numbers and locations. Public facts: every scope reads them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, public_facts
from app.db.tables import institution, institution_location, institution_registration
from app.db.touched import touched_of
from app.domain.code_lists import Founder, InstitutionKind
from app.domain.collation import latvian_sort_key
from app.domain.deeds import Deed
from app.domain.ids import InstitutionId
from app.domain.institutions import Institution, Location, RegistrationNumber
from app.domain.periods import Period

PARTS = (institution_registration, institution_location)


def _of(row: Row[Any], registrations: Sequence[Row[Any]], locations: Sequence[Row[Any]]) -> Institution:
    return Institution(
        id=InstitutionId(row.id),
        name=row.name,
        kind=InstitutionKind(row.kind),
        founder=Founder(row.founder),
        registration_numbers=tuple(
            RegistrationNumber(number=each.number, period=Period(each.valid_from, each.valid_to))
            for each in registrations
        ),
        locations=tuple(
            Location(municipality=each.municipality, period=Period(each.valid_from, each.valid_to))
            for each in locations
        ),
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        merged_into=None if row.merged_into is None else InstitutionId(row.merged_into),
        version=row.version,
    )


def values(each: Institution) -> dict[str, Any]:
    """The row of an institution, by column, without its parts. The id is given by the database."""
    return {
        "name": each.name,
        "sort_key": latvian_sort_key(each.name),
        "kind": each.kind,
        "founder": each.founder,
        "opened_on": each.opened_on,
        "closed_on": each.closed_on,
        "merged_into": each.merged_into,
        "version": each.version,
    }


async def get(connection: AsyncConnection, institution_id: InstitutionId, *, lock: bool = False) -> Institution:
    """Raises NotFound. `lock` makes others wait who would change it or its participations; it needs the right to."""
    row = await public_facts.fetch(connection, institution, institution_id, noun="institution", lock=lock)
    return (await _with_parts(connection, [row]))[0]


async def of_ids(connection: AsyncConnection, institution_ids: Sequence[InstitutionId]) -> list[Institution]:
    """Those of them that there are, in the order of their ids."""
    query = select(institution).where(institution.c.id.in_(institution_ids)).order_by(institution.c.id)
    return await _with_parts(connection, (await connection.execute(query)).all())


async def _with_parts(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Institution]:
    ids = [row.id for row in rows]
    registrations = await _parts(connection, institution_registration, ids)
    locations = await _parts(connection, institution_location, ids)
    return [_of(row, registrations.get(row.id, []), locations.get(row.id, [])) for row in rows]


async def _parts(connection: AsyncConnection, table: Table, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """In the order of time."""
    found: dict[int, list[Row[Any]]] = {}
    query = select(table).where(table.c.institution_id.in_(ids)).order_by(table.c.institution_id, table.c.valid_from)
    for row in await connection.execute(query):
        found.setdefault(row.institution_id, []).append(row)
    return found


async def add(connection: AsyncConnection, each: Institution, deed: Deed) -> Institution:
    """The institution with the id that the database gave it."""
    created = await connection.scalar(insert(institution).values(values(each)).returning(institution.c.id))
    added = replace(each, id=InstitutionId(created))
    await _add_parts(connection, added)
    touched_of(connection).institution_ids.add(added.id)
    await audit.record(connection, replace(deed, record_id=str(added.id), institution_ids=(added.id,)))
    return added


async def change(connection: AsyncConnection, each: Institution, deed: Deed) -> Institution:
    """The institution as it is now kept, in its next version. Raises Stale if somebody was faster."""
    await public_facts.change(connection, institution, {"id": each.id, **values(each)}, noun="institution")
    for table in PARTS:
        await connection.execute(delete(table).where(table.c.institution_id == each.id))
    await _add_parts(connection, each)
    touched_of(connection).institution_ids.add(each.id)
    await audit.record(connection, replace(deed, institution_ids=(each.id,)))
    return replace(each, version=each.version + 1)


async def _add_parts(connection: AsyncConnection, each: Institution) -> None:
    numbers = [{"number": entry.number, **_dates(each.id, entry.period)} for entry in each.registration_numbers]
    places = [{"municipality": place.municipality, **_dates(each.id, place.period)} for place in each.locations]
    for table, rows in ((institution_registration, numbers), (institution_location, places)):
        if rows:
            await connection.execute(insert(table), rows)


def _dates(institution_id: InstitutionId, period: Period) -> dict[str, int | date | None]:
    return {"institution_id": institution_id, "valid_from": period.start, "valid_to": period.end}
