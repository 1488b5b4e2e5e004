"""Erasure in PostgreSQL: one way for retention, for requests and for the replay of tombstones."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Delete, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, changes, students, tombstones
from app.db.tables import (
    enrolment,
    identity_disclosure,
    intervention,
    outcome,
    person,
    personal_code,
    plan,
    risk,
    source_key,
    stated_code,
    student,
    student_access,
    student_alias,
)
from app.domain.changes import ChangeOp
from app.domain.deeds import Deed
from app.domain.erasures import Erasable, Tombstone
from app.domain.ids import StudentId


async def lock(connection: AsyncConnection, student_id: StudentId, *, wait: bool = True) -> StudentId | None:
    """The student's present id, if it is there, and, without `wait`, nobody else holds it. From now on nothing new is recorded of it:
    whoever would waits, and then finds no student (`students.demand_own`).
    """
    query = select(student.c.student_id).where(student.c.student_id == students.survivor(student_id))
    row = await students.looked_for_twice(connection, query.with_for_update(skip_locked=not wait))
    return None if row is None else StudentId(row.student_id)


async def erase(connection: AsyncConnection, stone: Tombstone, deed: Deed) -> int:
    """Destroy what the tombstone says, keep the tombstone, and return how many rows that were. In the scope of retention.

    Harmless where there is nothing left. What hangs on plans and outcomes is deleted with them and not counted. Each alias gets a
    tombstone of its own: a backup from before the merge knows it as a student. The audit names every id, so that what was done under
    any of them is found when no alias is left, and the institutions whose statements and records they were.
    """
    erased, ids = 0, await students.ids(connection, stone.student_id)
    about = replace(deed, student_ids=tuple(ids), institution_ids=await students.owners(connection, stone.student_id))
    if stone.what is Erasable.RECORDS:
        readers = await students.readers(connection, stone.student_id)
        await changes.note_student(connection, stone.student_id, readers, op=ChangeOp.DELETE)
    for statement in _statements(stone):
        erased += (await connection.execute(statement)).rowcount
    for each in ids:
        await tombstones.add(connection, replace(stone, student_id=each))
    if erased:
        await audit.record(connection, about)
    return erased


def _statements(stone: Tombstone) -> Iterator[Delete]:
    """In an order that foreign keys allow."""
    for table in (person, stated_code, personal_code, identity_disclosure):
        yield delete(table).where(table.c.student_id == stone.student_id)
    yield from _keys(stone)
    if stone.what is Erasable.PERSON:
        return
    # By way of the plans, which are indexed by student; these two are not.
    plans = select(plan.c.id).where(plan.c.student_id == stone.student_id)
    for table in (intervention, outcome):
        yield delete(table).where(table.c.plan_id.in_(plans), table.c.student_id == stone.student_id)
    yield delete(outcome).where(outcome.c.student_id == stone.student_id, outcome.c.school_year.is_not(None))
    for table in (plan, risk, enrolment, student_access, student_alias, student):
        yield delete(table).where(table.c.student_id == stone.student_id)


def _keys(stone: Tombstone) -> Iterator[Delete]:
    """What source systems call the student and its records: with the person, since they know there who that is."""
    plans = select(plan.c.id).where(plan.c.student_id == stone.student_id)
    keyed = [
        *(select(table.c.id).where(table.c.student_id == stone.student_id) for table in (enrolment, risk, plan)),
        *(select(table.c.id).where(table.c.plan_id.in_(plans)) for table in (intervention, outcome)),
        select(outcome.c.id).where(outcome.c.student_id == stone.student_id, outcome.c.school_year.is_not(None)),
    ]
    for records in keyed:
        yield delete(source_key).where(source_key.c.record_id.in_(records))
    yield delete(source_key).where(source_key.c.record_id == stone.student_id)
