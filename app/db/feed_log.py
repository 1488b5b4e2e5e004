"""What comes after the load: rows of the log, several changes of one record made into one item, and each record as it is now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from app.db.feed_lines import Asked, Items, Lines, Reading, of_institutions, of_students
from app.db.feed_load import VISIBLE, written_by
from app.domain.changes import ACCESS, RECORDS, STUDENT, TYPES, ChangeOp
from app.domain.feed import Cursor, Filter, Reader
from app.domain.ids import InstitutionId, StudentId

_FOR = {
    # The state is told of every record once, where it was written, and sees it whoever else may.
    Reader.STATE: f"owner_id = institution_id AND noun <> '{ACCESS}'",
    # That what it wrote itself is restricted hides nothing from its own institution.
    Reader.OWNER: f"NOT (owner_id = institution_id AND noun = '{ACCESS}')",
    Reader.ABOVE: "true",
}
_PAIR = "(student_id, {}) IN (SELECT * FROM unnest($1::uuid[], $2::int[]))"

Pair = tuple[StudentId, InstitutionId]
"""What one institution wrote of a student."""


@dataclass(slots=True)
class _Told:
    """Each thing once. `records`: by noun and id, whose and of whom; `pairs`: opened or closed, and whether closed at some time."""

    merged: dict[StudentId, StudentId] = field(default_factory=dict)
    students: set[StudentId] = field(default_factory=set)
    pairs: dict[Pair, bool] = field(default_factory=dict)
    records: dict[str, dict[UUID, Pair]] = field(default_factory=lambda: {noun: {} for noun in RECORDS})

    def add(self, row: Mapping[str, Any]) -> None:
        for record_id, student_id in zip(row["record_ids"], row["student_ids"], strict=True):
            if row["op"] == ChangeOp.MERGE:
                self.merged[record_id] = student_id
            elif row["noun"] == STUDENT:
                self.students.add(student_id)
            elif row["noun"] == ACCESS:
                pair = (student_id, row["owner_id"])
                self.pairs[pair] = self.pairs.get(pair, False) or row["op"] == ChangeOp.CLOSE
                self.students.add(student_id)
            else:
                self.records[row["noun"]][record_id] = (student_id, row["owner_id"])


async def page(reading: Reading, cursor: Cursor, head: int, limit: int) -> tuple[Lines, Cursor, bool]:
    """About `limit` items, the cursor after them, and whether there is more. `head`: where the log ends."""
    rows = await reading.fetch(_query(cursor), cursor.position, limit)
    told, total = _Told(), 0
    for row in rows:
        told.add(row)
        total += len(row["record_ids"])
    more = len(rows) == limit or total >= limit
    lines = await _lines(reading, told, cursor)
    return lines, replace(cursor, position=rows[-1]["position"] if more else head), more


def _query(cursor: Cursor) -> str:
    """Rows of the log up to the one with which they come to so many records."""
    wanted = cursor.wanted
    where = ["position > $1", _FOR[cursor.sight.reader]]
    if cursor.sight.institution_ids is not None:
        # The policy asks for the same; only what is written out tells the planner how few rows there are.
        where.append(of_institutions("institution_id", cursor.sight.institution_ids))
    if wanted.types:
        nouns = "', '".join((*wanted.types, STUDENT, ACCESS))
        where.append(f"noun IN ('{nouns}')")
    if wanted.institution_ids:
        where.append(f"({of_institutions('owner_id', wanted.institution_ids)} OR noun = '{STUDENT}')")
    columns = "position, owner_id, noun, op, record_ids, student_ids"
    return (
        f"SELECT {columns} FROM (SELECT *, sum(named) OVER (ORDER BY position) - named AS before"  # noqa: S608 - our own words
        f" FROM (SELECT {columns}, cardinality(record_ids) AS named FROM change_log WHERE {' AND '.join(where)}"
        " ORDER BY position LIMIT $2) AS next) AS counted WHERE before < $2 ORDER BY position"
    )


async def _lines(reading: Reading, told: _Told, cursor: Cursor) -> Lines:
    """First what is to be forgotten, then what there is."""
    lines, wanted = Lines(), cursor.wanted
    for old, into in told.merged.items():
        lines.say(op="merge", type=STUDENT, id=old, into=into)
        told.students.discard(old)
    for (student_id, owner_id), was_closed in told.pairs.items():
        if was_closed:
            lines.say(op="close", student_id=student_id, institution_id=owner_id)
    opened = await reading.items(_of_pairs(await _open(reading, told.pairs, cursor.sight.reader), wanted))
    sent = set[UUID]().union(*(items.ids() for items in opened))
    named = {noun: set(told.records[noun]) - sent for noun in RECORDS if wanted.takes(noun)}
    asked = [Asked(STUDENT, "student_id = ANY ($ids)", told.students)]
    asked += [Asked(noun, "id = ANY ($ids)", ids) for noun, ids in named.items()]
    found = await reading.items([each for each in asked if each.ids])
    there = {noun: [items for items in (*found, *opened) if items.noun == noun] for noun in TYPES}
    _say_deleted(lines, told, named, there)
    for noun in filter(wanted.takes, TYPES):
        for items in there[noun]:
            lines.add(items)
    lines.student_ids |= {*told.merged.values(), *told.students}
    for pairs in (told.pairs, *(records.values() for noun, records in told.records.items() if wanted.takes(noun))):
        lines.student_ids.update(student_id for student_id, _ in pairs)
        lines.institution_ids.update(owner_id for _, owner_id in pairs)
    return lines


def _say_deleted(
    lines: Lines, told: _Told, named: Mapping[str, set[UUID]], there: Mapping[str, Sequence[Items]]
) -> None:
    """Whatever was named and is not there. That a student is gone is told whatever is asked for: it takes its records along."""
    for student_id in sorted(told.students.difference(*(items.ids() for items in there[STUDENT]))):
        lines.say(op="delete", type=STUDENT, id=student_id, student_id=student_id, institution_id=None)
    for noun, ids in named.items():
        for record_id in sorted(ids.difference(*(items.ids() for items in there[noun]))):
            student_id, owner_id = told.records[noun][record_id]
            lines.say(op="delete", type=noun, id=record_id, student_id=student_id, institution_id=owner_id)


def _of_pairs(is_open: Sequence[Pair], wanted: Filter) -> Sequence[Asked]:
    """All records of these pairs."""
    if not is_open:
        return []
    pairs = ", ".join(f"('{UUID(int=student_id.int)}'::uuid, {int(owner_id)})" for student_id, owner_id in is_open)
    of_pairs = f"(student_id, institution_id) IN ({pairs})"
    students = [student_id for student_id, _ in is_open]
    return [
        each._replace(where=f"{each.where} AND {of_pairs}{written_by(noun, wanted)}")
        for noun in filter(wanted.takes, RECORDS)
        for each in of_students(noun, students)
    ]


async def _open(reading: Reading, pairs: Iterable[Pair], reader: Reader) -> Sequence[Pair]:
    """Those of the pairs that the reader sees now."""
    listed = list(pairs)
    if not listed:
        return []
    rows = await reading.fetch(
        f"SELECT DISTINCT student_id, owner_id FROM student_access WHERE {_PAIR.format('owner_id')} AND {VISIBLE[reader]}",  # noqa: S608 - our own words
        [student_id for student_id, _ in listed],
        [owner_id for _, owner_id in listed],
    )
    return [(StudentId(row["student_id"]), InstitutionId(row["owner_id"])) for row in rows]
