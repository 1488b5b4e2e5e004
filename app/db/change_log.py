"""The log of changes: one sequencer at a time moves what is committed from the inbox to the end, and gives it positions without a gap.

What commits late is moved late and gets a late position, so whoever has read up to a position has missed nothing before it. Nobody waits for
anybody's transaction, and no sequence or number of a transaction is ever a position.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Interval, bindparam, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.scopes import DatabaseRole, Scope
from app.db.session import Database
from app.db.tables import change_head, change_log
from app.domain.changes import RECORDS

SEQUENCER = Scope(role=DatabaseRole.SEQUENCER)
AT_ONCE = 5_000
"""Rows of the inbox moved in one transaction."""

# A server that was made from a copy has another identifier, one that was restored to a point in time another timeline, and a dump
# another database. The name of the log's file tells the timeline at once; the control file tells it after the next checkpoint.
THIS_DATABASE = """(SELECT concat_ws('/', system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8),
    (SELECT oid FROM pg_database WHERE datname = current_database())) FROM pg_control_system())"""

_LOOK = text(
    f"SELECT database = {THIS_DATABASE} AS is_here, EXISTS (SELECT FROM change_inbox) AS is_waiting FROM change_head"  # noqa: S608 - the lines above
)
_BEGIN_EPOCH = text(
    f"UPDATE change_head SET epoch = gen_random_uuid(), floor = position, database = {THIS_DATABASE}"  # noqa: S608 - the lines above
    f" WHERE :anyhow OR database <> {THIS_DATABASE}"
)
# Those to whom records were handed over are told under their own institution. While something is restricted nothing is told of it.
_MOVE = text(
    f"""WITH moved AS (
        DELETE FROM change_inbox WHERE id IN (SELECT id FROM change_inbox ORDER BY id LIMIT :at_once) RETURNING *
    ), handed AS (
        SELECT moved.id, a.institution_id, moved.owner_id, noun, op,
            array_agg(each.record_id ORDER BY place) AS record_ids, array_agg(each.student_id ORDER BY place) AS student_ids
        FROM moved CROSS JOIN unnest(record_ids, student_ids) WITH ORDINALITY AS each (record_id, student_id, place)
        JOIN student_access AS a ON a.student_id = each.student_id AND a.owner_id = moved.owner_id
            AND a.institution_id <> moved.owner_id AND a.restricted_on IS NULL
        WHERE noun IN ({", ".join(f"'{noun}'" for noun in RECORDS)})
        GROUP BY moved.id, a.institution_id, moved.owner_id, noun, op
    ), told AS (
        SELECT * FROM handed
        UNION ALL SELECT id, institution_id, owner_id, noun, op, record_ids, student_ids FROM moved
    ), numbered AS (
        INSERT INTO change_log (position, institution_id, owner_id, noun, op, record_ids, student_ids)
        SELECT head.position + row_number() OVER (ORDER BY told.id, told.institution_id <> owner_id, told.institution_id),
            institution_id, owner_id, noun, op, record_ids, student_ids
        FROM told CROSS JOIN change_head AS head
        RETURNING position
    ), counted AS (
        SELECT max(position) AS last FROM numbered
    )
    UPDATE change_head SET position = last FROM counted WHERE last IS NOT NULL
    RETURNING (SELECT count(*) FROM moved)"""  # noqa: S608 - written here in full
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the log ends. `floor`: what came up to there has been forgotten."""

    epoch: UUID
    position: int
    floor: int


async def head(connection: AsyncConnection) -> Head:
    row = (await connection.execute(select(change_head))).one()
    return Head(epoch=row.epoch, position=row.position, floor=row.floor)


async def sequence(database: Database) -> None:
    """Give a position to everything that was committed before this began. Another one that is at it is waited for."""
    while await _sequence_next(database) == AT_ONCE:
        pass


async def _sequence_next(database: Database) -> int:
    async with database.transaction(SEQUENCER) as connection:
        # Asked first, since a lock is a change of the database, and most turns find nothing to do.
        found = (await connection.execute(_LOOK)).one()
        if found.is_here and not found.is_waiting:
            return 0
        await connection.execute(select(change_head.c.only).with_for_update())
        await connection.execute(_BEGIN_EPOCH, {"anyhow": False})
        return int(await connection.scalar(_MOVE, {"at_once": AT_ONCE}) or 0)


async def begin_epoch(database: Database) -> UUID:
    """Every cursor there is has expired: whoever follows begins anew."""
    async with database.transaction(SEQUENCER) as connection:
        await connection.execute(_BEGIN_EPOCH, {"anyhow": True})
        return (await head(connection)).epoch


async def told_since(database: Database, position: int | None) -> tuple[Head, Sequence[int]]:
    """The head, and the institutions that have been told something after the position; of None, which was never asked before, none."""
    async with database.transaction(SEQUENCER, read_only=True, snapshot=True) as connection:
        found = await head(connection)
        if position in (None, found.position):
            return found, ()
        new = select(change_log.c.institution_id).where(change_log.c.position > position).distinct()
        return found, (await connection.execute(new)).scalars().all()


async def purge(database: Database, retention: timedelta) -> None:
    """Forget what is older. Positions are given in the order of time, so what is left begins behind one."""
    too_old = change_log.c.at < func.now() - bindparam("retention", retention, type_=Interval)
    last = select(func.max(change_log.c.position)).where(too_old).scalar_subquery()
    async with database.transaction(SEQUENCER) as connection:
        if not await connection.scalar(select(exists().where(too_old))):
            return
        await connection.execute(select(change_head.c.only).with_for_update())
        floor = await connection.scalar(update(change_head).values(floor=last).returning(change_head.c.floor))
        await connection.execute(change_log.delete().where(change_log.c.position <= floor))
