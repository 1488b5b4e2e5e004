"""From one person key to the next: every sealed field is written anew under the current key, while the register goes on working.

A service opens with every key it holds, so a row may change its key at any moment. Few rows are locked at a time, for
milliseconds; what somebody else holds is skipped and taken in the next round.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit
from app.db.person_rows import KEYED, person_of, values
from app.db.scopes import KEYS
from app.db.sealing import Sealer, Unopenable
from app.db.session import Database
from app.db.tables import person
from app.domain.deeds import Deed

BATCH = 200
"""Statements in one transaction: locked for as long as it takes to open and seal so many, some ten milliseconds."""

PAUSE = 0.2
"""Seconds before the next round, for whoever holds what was skipped."""

StatementKey = tuple[UUID, int]
"""Student and institution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many statements are sealed under each key, and how many have no hash of their likeness yet."""

    by_key: Mapping[int, int]
    without_likeness: int

    def left(self, key_id: int) -> int:
        return sum(count for key, count in self.by_key.items() if key != key_id)


@dataclass(slots=True)
class Rotation:
    """How far it has come. `unopenable`: statements that no key opens; they stay as they are."""

    resealed: int = 0
    unopenable: set[StatementKey] = field(default_factory=set)


async def standing(database: Database) -> Standing:
    async with database.transaction(KEYS, read_only=True) as connection:
        query = select(person.c.key_id, func.count(), func.count().filter(person.c.likeness_hash.is_(None)))
        rows = (await connection.execute(query.group_by(person.c.key_id).order_by(person.c.key_id))).all()
    return Standing(by_key={row[0]: row[1] for row in rows}, without_likeness=sum(row[2] for row in rows))


async def rotate(database: Database, sealer: Sealer, deed: Deed) -> AsyncIterator[Rotation]:
    """Write anew, in rounds, until nothing is left under another key, and tell after each transaction how far it is.

    Versions stay as they are: what a statement says has not changed. Each transaction is audited with its number of statements.
    """
    rotation = Rotation()
    while await _left(database, sealer) > len(rotation.unopenable):
        after: StatementKey | None = None
        while True:
            async with database.transaction(KEYS) as connection:
                rows = (await connection.execute(_next(sealer, after))).all()
                await _reseal(connection, sealer, rows, rotation, deed)
            if not rows:
                break
            after = (rows[-1].student_id, rows[-1].institution_id)
            yield rotation
        await asyncio.sleep(PAUSE)


def _next(sealer: Sealer, after: StatementKey | None) -> Select[tuple[object, ...]]:
    """In the order of the primary key, which is no order of anything."""
    place = tuple_(person.c.student_id, person.c.institution_id)
    query = select(person).where(_old(sealer)).order_by(*place).limit(BATCH).with_for_update(skip_locked=True)
    return query if after is None else query.where(place > after)


def _old(sealer: Sealer) -> ColumnElement[bool]:
    return or_(person.c.key_id != sealer.key_id, person.c.likeness_hash.is_(None))


async def _left(database: Database, sealer: Sealer) -> int:
    async with database.transaction(KEYS, read_only=True) as connection:
        return int(
            (await connection.execute(select(func.count()).select_from(person).where(_old(sealer)))).scalar_one()
        )


async def _reseal(
    connection: AsyncConnection, sealer: Sealer, rows: Sequence[Row[object]], rotation: Rotation, deed: Deed
) -> None:
    resealed = []
    for row in rows:
        try:
            resealed.append(values(person_of(row, sealer), sealer))
        except Unopenable:
            rotation.unopenable.add((row.student_id, row.institution_id))
    if not resealed:
        return
    statement = (
        update(person)
        .where(person.c.student_id == bindparam("of_student"), person.c.institution_id == bindparam("of_institution"))
        .values({name: bindparam(name) for name in KEYED})
    )
    named = [
        {name: each[name] for name in KEYED}
        | {"of_student": each["student_id"], "of_institution": each["institution_id"]}
        for each in resealed
    ]
    await connection.execute(statement, named)
    await audit.record(connection, replace(deed, reason=f"{len(resealed)} statements sealed under key {sealer.key_id}"))
    rotation.resealed += len(resealed)
