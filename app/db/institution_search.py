"""Institutions found by what they are, where they lie and whether they take part on a day."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import institutions
from app.db.public_facts import lasts_on
from app.db.tables import institution, institution_location, institution_registration, participation
from app.domain.code_lists import Founder, InstitutionKind
from app.domain.collation import latvian_sort_key
from app.domain.ids import InstitutionId
from app.domain.institutions import Institution


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """None leaves a question out. `located_in` are ATVK codes: where the institution lies on the day `on`, while it is open.

    `registration_number` of any time; `name` is a part of the name, whatever its case.
    """

    on: date
    kind: InstitutionKind | None = None
    founder: Founder | None = None
    located_in: Collection[str] | None = None
    participating_on: date | None = None
    registration_number: str | None = None
    name: str | None = None


async def page(connection: AsyncConnection, wanted: Wanted, *, after: int | None, limit: int) -> Sequence[Institution]:
    """Up to `limit` institutions in Latvian alphabetical order, from the one after `after` on."""
    place = tuple_(institution.c.sort_key, institution.c.id)
    query = select(institution.c.id).where(*_conditions(wanted))
    if after is not None:
        last = select(institution.c.sort_key, institution.c.id).where(institution.c.id == after)
        query = query.where(place > last.scalar_subquery())
    ids = (await connection.execute(query.order_by(institution.c.sort_key, institution.c.id).limit(limit))).scalars()
    in_order = [InstitutionId(each) for each in ids]
    found = {each.id: each for each in await institutions.of_ids(connection, in_order)}
    return [found[each] for each in in_order]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.kind is not None:
        yield institution.c.kind == wanted.kind
    if wanted.founder is not None:
        yield institution.c.founder == wanted.founder
    if wanted.located_in is not None:
        yield institution.c.opened_on <= wanted.on
        yield or_(institution.c.closed_on.is_(None), institution.c.closed_on >= wanted.on)
        yield institution.c.id.in_(
            select(institution_location.c.institution_id).where(
                institution_location.c.municipality.in_(wanted.located_in),
                lasts_on(institution_location, wanted.on),
            )
        )
    if wanted.participating_on is not None:
        yield institution.c.id.in_(
            select(participation.c.institution_id).where(lasts_on(participation, wanted.participating_on))
        )
    if wanted.registration_number is not None:
        numbers = institution_registration.c
        yield institution.c.id.in_(select(numbers.institution_id).where(numbers.number == wanted.registration_number))
    if wanted.name is not None:
        # A sort key has two characters for each letter, and only a-z and 0-9: the search begins at a letter.
        yield institution.c.sort_key.regexp_match(f"^(..)*{latvian_sort_key(wanted.name)}")
