"""The load of the feed: students in the order of their ids, each with everything, so that the first page costs as much as any other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from app.db.feed_lines import Asked, Items, Lines, Reading, of_institutions, of_students
from app.domain.changes import INTERVENTION, RECORDS, STUDENT, TYPES
from app.domain.feed import Cursor, Filter, Load, Reader
from app.domain.ids import InstitutionId, StudentId

VISIBLE = {
    Reader.STATE: "true",
    Reader.OWNER: "(restricted_on IS NULL OR owner_id = institution_id)",
    Reader.ABOVE: "restricted_on IS NULL",
}
"""By which rows of `student_access`, of those in its scope, a reader sees what was written: what the policies say of records."""

_BEFORE_ALL = UUID(int=0)
_AT_ONCE = 30
"""Students whose interventions are asked for at a time, some 2,000: where there are no more, a second connection takes longer than it saves."""

Question = Callable[[Reading], Awaitable[Sequence[Items]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Students that come next, and those of them whose records are loaded, too."""

    students: Sequence[StudentId]
    whole: Sequence[StudentId]
    is_last: bool


async def page(reading: Reading, cursor: Cursor, load: Load, limit: int) -> tuple[Lines, Cursor]:
    """About `limit` items. Once everything is loaded, the cursor says so."""
    lines = Lines()
    if load.gained is None and load.after is None:
        lines.say(op="load-begins")
    part = await _part(reading, cursor, load, limit)
    pace = await _append(reading, lines, cursor, part) or load.pace
    if not part.is_last:
        return lines, replace(cursor, load=replace(load, after=part.students[-1], pace=pace))
    if load.gained is None:
        lines.say(op="load-ends")
    return lines, replace(cursor, load=None)


async def _part(reading: Reading, cursor: Cursor, load: Load, limit: int) -> _Part:
    asked = limit if load.gained is not None else max(1, limit // load.pace)
    rows = await reading.fetch(_query(cursor, load), load.after or _BEFORE_ALL, asked)
    students: list[StudentId] = []
    whole: list[StudentId] = []
    for row in rows:
        if len(students) + len(whole) * load.pace >= limit and load.gained is not None:
            break
        students.append(StudentId(row["student_id"]))
        if row["whole"]:
            whole.append(students[-1])
    return _Part(students=students, whole=whole, is_last=len(rows) < asked and len(students) == len(rows))


def _query(cursor: Cursor, load: Load) -> str:
    """After a student, and up to so many."""
    asked = cursor.wanted.institution_ids
    if cursor.sight.reader is Reader.STATE and not asked:
        return "SELECT student_id, true AS whole FROM student WHERE student_id > $1 ORDER BY student_id LIMIT $2"
    where = [VISIBLE[cursor.sight.reader], *([of_institutions("owner_id", asked)] if asked else [])]
    whole = "true" if load.gained is None else f"bool_or({of_institutions('institution_id', load.gained)})"
    return (
        f"SELECT student_id, {whole} AS whole FROM student_access WHERE student_id > $1 AND {' AND '.join(where)}"  # noqa: S608 - ids alone
        " GROUP BY student_id ORDER BY student_id LIMIT $2"
    )


async def _append(reading: Reading, lines: Lines, cursor: Cursor, part: _Part) -> int | None:
    """Each type after those that it speaks of. Returns how many items a student has come to, where any was loaded whole."""
    if not part.students:
        return None
    found = await _found(reading, part, cursor.wanted)
    for items in sorted(found, key=lambda each: TYPES.index(each.noun)):
        lines.add(items)
    lines.student_ids.update(part.students)
    lines.institution_ids.update(await _owners(reading, cursor, part.students))
    records = sum(items.count for items in found if items.noun != STUDENT)
    return 1 + records // len(part.whole) if part.whole else None


async def _found(reading: Reading, part: _Part, wanted: Filter) -> Sequence[Items]:
    """What takes time is to make the JSON. Of a large part it is made side by side, on each connection whatever comes next."""
    if len(part.whole) <= _AT_ONCE:
        return await _answered(reading, _questions(part, wanted))
    questions = _questions(part, wanted)
    async with reading.side_by_side() as readings:
        # All to their end, whatever becomes of one of them: no connection is given back with something under way.
        answers = await asyncio.gather(*(_answered(each, questions) for each in readings), return_exceptions=True)
        found: list[Items] = []
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
            found += answer
        return found


async def _answered(reading: Reading, questions: Iterator[Question]) -> Sequence[Items]:
    return [items for ask in questions for items in await ask(reading)]


def _questions(part: _Part, wanted: Filter) -> Iterator[Question]:
    asked = [Asked(STUDENT, "student_id = ANY ($ids)", part.students)] if wanted.takes(STUDENT) else []
    if part.whole:
        nouns = [noun for noun in RECORDS if wanted.takes(noun) and noun != INTERVENTION]
        asked += [
            each._replace(where=f"{each.where}{written_by(noun, wanted)}")
            for noun in nouns
            for each in of_students(noun, part.whole)
        ]
    yield lambda reading: reading.items(asked)
    if wanted.takes(INTERVENTION):
        for first in range(0, len(part.whole), _AT_ONCE):
            some = part.whole[first : first + _AT_ONCE]
            yield partial(Reading.items_of_plans, student_ids=some, where=written_by(INTERVENTION, wanted))


def written_by(noun: str, wanted: Filter) -> str:
    return f" AND {of_institutions(f'{noun}.institution_id', wanted.institution_ids)}" if wanted.institution_ids else ""


async def _owners(reading: Reading, cursor: Cursor, student_ids: Sequence[StudentId]) -> list[InstitutionId]:
    """Whose writing about these students is shown, for the audit."""
    rows = await reading.fetch(
        "SELECT DISTINCT owner_id FROM student_access"  # noqa: S608 - ids alone
        f" WHERE student_id = ANY ($1) AND {VISIBLE[cursor.sight.reader]}{_owned_by(cursor.wanted)}",
        student_ids,
    )
    return [InstitutionId(row["owner_id"]) for row in rows]


def _owned_by(wanted: Filter) -> str:
    return f" AND {of_institutions('owner_id', wanted.institution_ids)}" if wanted.institution_ids else ""
