"""Tombstones out of one database and into another that was restored from a backup: what was erased since is erased again."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from app.db import change_log, erasure, tombstones
from app.db.scopes import RETENTION
from app.db.session import Database
from app.domain.deeds import Deed
from app.domain.erasures import Tombstone


async def tombstones_of(database: Database) -> AsyncIterator[Tombstone]:
    async with database.transaction(RETENTION, read_only=True) as connection:
        async for each in tombstones.every(connection):
            yield each


async def replay(database: Database, stones: Iterable[Tombstone], deed: Deed) -> int:
    """How many had to be erased again, each in a transaction of its own. A restriction does not hold them: what the backup still knows of
    one was lifted before the erasure.

    First of all whoever follows the feed is made to begin anew: it may know what the backup does not.
    """
    await change_log.begin_epoch(database)
    again = 0
    for stone in stones:
        about = replace(deed, record_id=str(stone.student_id), student_ids=(stone.student_id,), reason=stone.reason)
        async with database.transaction(RETENTION) as connection:
            await erasure.lock(connection, stone.student_id)
            again += await erasure.erase(connection, stone, about) > 0
    return again
