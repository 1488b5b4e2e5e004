"""Notes what has changed, in the transaction of the change itself, for the feed and for statistics (`app/db/touched.py`). Nobody waits for a
position: see `change_log`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, touched
from app.db.session import driver_of
from app.domain.changes import ACCESS, STUDENT, ChangeOp
from app.domain.deeds import Deed
from app.domain.ids import InstitutionId, StudentId

Changed = tuple[UUID, UUID, int]
"""Id of a record, of its student, and of the institution that wrote it."""

IN_A_ROW = 500
"""Records named by one row: a page of the feed holds whole rows."""

_COLUMNS = ("institution_id", "owner_id", "noun", "op", "record_ids", "student_ids")
_INSERT = f"INSERT INTO change_inbox ({', '.join(_COLUMNS)}) VALUES ($1, $2, $3, $4, $5, $6)"  # noqa: S608 - our own columns
_WITH_ENTRY = f"WITH noted AS ({_INSERT}) {audit.statement(after=len(_COLUMNS))}"


async def note(
    connection: AsyncConnection, noun: str, changed: Iterable[Changed], *, op: ChangeOp = ChangeOp.UPSERT
) -> None:
    """However many records, it is one round trip."""
    changed = list(changed)
    touched.note(connection, noun, changed)
    by_institution: defaultdict[int, list[Changed]] = defaultdict(list)
    for each in changed:
        by_institution[each[2]].append(each)
    await _insert(
        connection,
        [
            _row(institution_id, institution_id, noun, op, entries[first : first + IN_A_ROW])
            for institution_id, entries in by_institution.items()
            for first in range(0, len(entries), IN_A_ROW)
        ],
    )


async def record(
    connection: AsyncConnection, deed: Deed, noun: str, changed: Changed, *, op: ChangeOp = ChangeOp.UPSERT
) -> None:
    """One change and its entry in the audit, in one statement: each would wait for a round trip of its own."""
    touched.note(connection, noun, [changed])
    driver = await driver_of(connection)
    row = _row(changed[2], changed[2], noun, op, [changed])
    await driver.execute(_WITH_ENTRY, *row, *audit.parameters(deed))


async def note_access(
    connection: AsyncConnection,
    student_id: StudentId,
    pairs: Iterable[tuple[InstitutionId, InstitutionId]],
    *,
    op: ChangeOp,
) -> None:
    """What owners wrote of the student is opened or closed: `pairs` of owner and reader."""
    await _insert(
        connection,
        [_row(reader, owner, ACCESS, op, [(student_id, student_id, owner)]) for owner, reader in pairs],
    )


async def note_student(
    connection: AsyncConnection,
    student_id: StudentId,
    institution_ids: Iterable[InstitutionId],
    *,
    op: ChangeOp,
    into: StudentId | None = None,
) -> None:
    """The readers of each of these institutions are told; `into` whom the student was merged."""
    if op is not ChangeOp.UPSERT:
        touched.touched_of(connection).student_ids.update({student_id, into or student_id})
    entry = (student_id, into or student_id)
    await _insert(
        connection, [_row(each, each, STUDENT, op, [(*entry, each)]) for each in dict.fromkeys(institution_ids)]
    )


def _row(reader: int, owner: int, noun: str, op: ChangeOp, entries: Sequence[Changed]) -> tuple[Any, ...]:
    return reader, owner, noun, op, [each[0] for each in entries], [each[1] for each in entries]


async def _insert(connection: AsyncConnection, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        await (await driver_of(connection)).executemany(_INSERT, rows)
