"""One page of the feed, read in the reader's own scope: what is not visible there is gone for this reader, whatever became of it."""

from dataclasses import dataclass

from app.db import change_log, feed_load, feed_log
from app.db.feed_lines import Lines, Reading, of_institutions
from app.db.feed_load import VISIBLE
from app.db.scopes import DatabaseRole, Scope
from app.domain.feed import Cursor, Filter, Reader, Sight, beginning, check_epoch, check_filter, has_moved, moved
from app.domain.ids import InstitutionId

_READERS = {
    DatabaseRole.AUTHORITY: Reader.STATE,
    DatabaseRole.SCHOOL: Reader.OWNER,
    DatabaseRole.SYNC: Reader.OWNER,
    DatabaseRole.PARTNER: Reader.ABOVE,
    DatabaseRole.PARTNER_WIDE: Reader.ABOVE,
}


def sight_of(scope: Scope) -> Sight:
    reader = _READERS[scope.role]
    ids = None if reader is Reader.STATE else tuple(sorted(map(InstitutionId, scope.institution_ids)))
    return Sight(reader=reader, institution_ids=ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """`cursor` is where the next one begins; `more`: there is one to be had at once."""

    lines: Lines
    cursor: Cursor
    more: bool


async def page(reading: Reading, cursor: Cursor | None, wanted: Filter, limit: int) -> FeedPage:
    """About `limit` items from the cursor on, or from the beginning. Raises Expired, and Invalid for another filter."""
    await reading.alone()
    sight, head = sight_of(reading.scope), await change_log.head(reading.connection)
    if cursor is None:
        cursor = beginning(head.epoch, head.position, sight, wanted)
    else:
        check_filter(cursor, wanted)
        check_epoch(cursor, epoch=head.epoch, floor=head.floor, position=head.position, sight=sight)
    if has_moved(cursor, sight):
        cursor = moved(cursor, sight, position=head.position)
        if cursor.load is not None and cursor.load.gained is not None:
            return FeedPage(lines=await _scope(reading, sight), cursor=cursor, more=True)
    if cursor.load is not None:
        lines, cursor = await feed_load.page(reading, cursor, cursor.load, limit)
        more = cursor.load is not None or cursor.position < head.position
    else:
        lines, cursor, more = await feed_log.page(reading, cursor, head.position, limit)
    return FeedPage(lines=lines, cursor=cursor, more=more)


async def _scope(reading: Reading, sight: Sight) -> Lines:
    """What is seen from now on: whatever else the reader has, it forgets."""
    lines, ids = Lines(), sight.institution_ids or ()
    rows = await reading.fetch(
        "SELECT DISTINCT student_id, owner_id FROM student_access"  # noqa: S608 - ids alone
        f" WHERE NOT {of_institutions('owner_id', ids)} AND {VISIBLE[sight.reader]} ORDER BY 1, 2"
    )
    handed = [{"student_id": row["student_id"], "institution_id": row["owner_id"]} for row in rows]
    lines.say(op="scope", institution_ids=ids, handed=handed)
    lines.student_ids.update(row["student_id"] for row in rows)
    lines.institution_ids.update(row["owner_id"] for row in rows)
    return lines
