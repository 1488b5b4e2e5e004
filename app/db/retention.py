"""What is due, student by student, and its erasure: one student in one transaction, so that it may stop at any moment and go on later."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import erasure
from app.db.scopes import RETENTION
from app.db.session import Database
from app.db.stays import stay_of, stays_after
from app.domain.deeds import Deed
from app.domain.erasures import Tombstone
from app.domain.errors import Refused
from app.domain.retention import Due, Retention, Stay

PAGE = 500
"""Students looked at in one statement."""


@dataclass(slots=True)
class Run:
    """How many students, by the code of the rule. `due` are all; of them `erased`, `held` by a restriction, and `busy`: in use just then
    and left for the next run.
    """

    looked_at: int = 0
    due: Counter[str] = field(default_factory=Counter)
    erased: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    busy: Counter[str] = field(default_factory=Counter)


async def run(
    database: Database, retention: Retention, deed: Deed, *, on: date, dry: bool = False
) -> AsyncIterator[Run]:
    """Erase what is due on that day, and tell after each page of students how far it is. `dry`: only tell. Harmless to repeat."""
    counted, after = Run(), None
    while page := await _page(database, after):
        for stay in page:
            counted.looked_at += 1
            if (due := retention.due(stay, on)) is not None:
                counted.due[due.rule.code] += 1
                await _settle(database, retention, stay, due, deed, on=on, dry=dry, counted=counted)
        after = page[-1].student_id
        yield counted
    if after is None:
        yield counted


async def _page(database: Database, after: UUID | None) -> Sequence[Stay]:
    async with database.transaction(RETENTION, read_only=True) as connection:
        return await stays_after(connection, after, PAGE)


async def _settle(  # noqa: PLR0913 - what one student needs
    database: Database,
    retention: Retention,
    stay: Stay,
    due: Due,
    deed: Deed,
    *,
    on: date,
    dry: bool,
    counted: Run,
) -> None:
    if due.held:
        counted.held[due.rule.code] += 1
    elif not dry:
        try:
            async with database.transaction(RETENTION) as connection:
                erased = await _erase(connection, retention, stay, deed, on)
        except Refused:  # a foreign key: something was added to a record while it was being deleted
            erased = False
        (counted.erased if erased else counted.busy)[due.rule.code] += 1


async def _erase(connection: AsyncConnection, retention: Retention, seen: Stay, deed: Deed, on: date) -> bool:
    """Decided anew on the locked student: since the page was read it may have been enrolled, restricted or erased."""
    if not await erasure.lock(connection, seen.student_id, wait=False):
        return False
    stay = await stay_of(connection, seen.student_id)
    due = None if stay is None else retention.due(stay, on)
    if due is None or due.held:
        return False
    stone = Tombstone(student_id=seen.student_id, what=due.what, on=on, reason=due.rule.code)
    about = replace(deed, record_id=str(stone.student_id), student_ids=(stone.student_id,), reason=stone.reason)
    await erasure.erase(connection, stone, about)
    return True
