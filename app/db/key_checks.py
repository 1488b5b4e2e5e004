"""What the register remembers of each key of persons, and whether a service's keys are those.

A register that knows nothing of a key yet takes the word of the first who brings it, unless statements say otherwise: so one from
before the check values does not enthrone a wrong key.
"""

from collections.abc import Sequence
from typing import Any

from asyncpg import PostgresError
from sqlalchemy import Row, Select, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.person_rows import person_of
from app.db.scopes import KEYS
from app.db.sealing import Sealer, Unopenable
from app.db.session import Database
from app.db.tables import key_check, person, personal_code
from app.domain.duplicates import likeness
from app.domain.key_checks import HASH_KEY, check_complete, check_proved, check_same
from app.domain.students import Person

SAMPLE = 20
"""Statements that are looked at: one that opens is proof, and one that is damaged proves nothing."""


class Unusable(Exception):
    """The database answers, and refuses: it was not migrated, or the login is not the service's."""


async def check(database: Database, sealer: Sealer) -> None:
    """Before a service serves: its keys are the right ones, and none in use is missing. Raises what `admit` raises."""
    await admit(database, sealer)
    async with database.transaction(KEYS, read_only=True) as connection:
        in_use = (await connection.execute(select(person.c.key_id).distinct())).scalars().all()
    check_complete(held=sealer.keys, in_use=in_use)


async def admit(database: Database, sealer: Sealer) -> None:
    """Compare each key with what is remembered of it, and remember those that are new: all of them or, if one is wrong, none.

    Raises UnfitKeys, Unavailable and Unusable.
    """
    try:
        await _admit(database, sealer)
    except (SQLAlchemyError, PostgresError) as error:
        raise Unusable from error


async def _admit(database: Database, sealer: Sealer) -> None:
    held = sealer.checks()
    async with database.transaction(KEYS) as connection:
        kept = await _kept(connection)
        check_same(held=held, kept=kept, sealing=sealer.key_id)
        # In one order everywhere, so that two who start at once never wait for each other; the hash key by statements that open.
        new = sorted(held.keys() - kept.keys(), key=lambda key_id: (key_id == HASH_KEY, key_id))
        if not new:
            return
        for key_id in new:
            await _prove(connection, sealer, key_id)
        entered = insert(key_check).values([{"key_id": each, "check_value": held[each]} for each in new])
        await connection.execute(entered.on_conflict_do_nothing())
        # Somebody else may have been first, with another key.
        check_same(held=held, kept=await _kept(connection), sealing=sealer.key_id)


async def _kept(connection: AsyncConnection) -> dict[int, bytes]:
    rows = await connection.execute(select(key_check.c.key_id, key_check.c.check_value))
    return {row.key_id: row.check_value for row in rows}


async def _prove(connection: AsyncConnection, sealer: Sealer, key_id: int) -> None:
    rows = (await connection.execute(_sample(sealer, key_id))).all()
    opened = [(each, row.likeness_hash) for row in rows if (each := _opened(row, sealer)) is not None]
    proved = await _finds(connection, sealer, opened) if key_id == HASH_KEY else bool(opened)
    check_proved(key_id, looked_at=len(rows), proved=proved, sealing=sealer.key_id)


def _sample(sealer: Sealer, key_id: int) -> Select[Any]:
    """Statements that say something about this key."""
    if key_id != HASH_KEY:
        return select(person).where(person.c.key_id == key_id).limit(SAMPLE)
    hashed = or_(person.c.likeness_hash.is_not(None), person.c.personal_code.is_not(None))
    return select(person).where(person.c.key_id.in_(sealer.keys), hashed).limit(SAMPLE)


def _opened(row: Row[Any], sealer: Sealer) -> Person | None:
    try:
        return person_of(row, sealer)
    except Unopenable:
        return None


async def _finds(connection: AsyncConnection, sealer: Sealer, opened: Sequence[tuple[Person, bytes | None]]) -> bool:
    """Whether what is hashed here is what was hashed there: of one statement its likeness, or else its code."""
    if any(kept == sealer.likeness_hash(likeness(each)) for each, kept in opened):
        return True
    codes = [sealer.code_hash(each.personal_code) for each, _ in opened if each.personal_code is not None]
    known = select(personal_code.c.code_hash).where(personal_code.c.code_hash.in_(codes)).limit(1)
    return (await connection.execute(known)).first() is not None
