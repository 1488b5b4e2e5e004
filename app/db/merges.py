"""Merging two students in PostgreSQL: everything recorded under the younger id is rewritten to the elder, in one transaction.

Nobody else holds both students when this begins to write, and whoever waits for it finds everything under the elder id. It waits for
no lock longer than a fraction of a second, so that of two who wait for each other it is the merge that gives way (`Busy`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Uuid, and_, delete, func, insert, literal, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, changes, enrolments, outcomes, plans, students, transfers
from app.db.person_rows import KEYED, person_of, values
from app.db.scopes import DatabaseRole, Scope
from app.db.sealing import Sealer
from app.db.tables import (
    enrolment,
    identity_disclosure,
    intervention,
    outcome,
    outcome_result,
    person,
    personal_code,
    plan,
    plan_provider,
    plan_risk,
    plan_step,
    planned_measure,
    risk,
    source_key,
    stated_code,
    student,
    student_access,
    student_alias,
)
from app.domain.changes import RECORDS, ChangeOp
from app.domain.deeds import Deed
from app.domain.errors import Busy
from app.domain.ids import InstitutionId, StudentId
from app.domain.merges import Belongings, Merge

PATIENCE = "SET LOCAL lock_timeout = '300ms'"
"""Shorter than PostgreSQL waits before it looks for a deadlock (1 s), and ends the other one's transaction."""

OF_PLAN = (plan_risk, planned_measure, plan_provider, plan_step, intervention)
REWRITTEN = (enrolment, risk, plan, *OF_PLAN, outcome, outcome_result, identity_disclosure, personal_code, stated_code)
"""Each row of them that bears the younger id gets the elder."""


def within(*student_ids: StudentId) -> Scope:
    """The scope that sees and rewrites what is recorded of these students, and nothing of anybody else."""
    return Scope(role=DatabaseRole.MERGER, student_ids=student_ids)


async def belongings(
    connection: AsyncConnection, sealer: Sealer, student_ids: Sequence[StudentId]
) -> Sequence[Belongings]:
    """What is recorded of each, locked until the end of the transaction: students, access, enrolments, plans, statements.

    Raises Busy where somebody is at work on one of them, or has merged it meanwhile.
    """
    await connection.execute(text(PATIENCE))
    for table in (student, student_access, enrolment, plan):
        mine = select(table.c.student_id).where(table.c.student_id.in_(student_ids))
        await connection.execute(mine.order_by(*table.primary_key).with_for_update())
    stated = select(person).where(person.c.student_id.in_(student_ids)).order_by(*person.primary_key)
    statements = [person_of(row, sealer) for row in await connection.execute(stated.with_for_update())]
    recorded = select(student.c.student_id, student.c.recorded_at).where(student.c.student_id.in_(student_ids))
    found = {StudentId(row.student_id): row.recorded_at for row in await connection.execute(recorded)}
    if set(found) != set(student_ids):
        raise Busy
    restricted = select(student_access.c.student_id).where(
        student_access.c.student_id.in_(student_ids), student_access.c.restricted_on.is_not(None)
    )
    marked = set((await connection.execute(restricted)).scalars())
    attended = await enrolments.of_students(connection, student_ids)
    planned = await plans.of_students(connection, student_ids)
    years = await outcomes.of_students(connection, student_ids)
    return [
        Belongings(
            student_id=each,
            recorded_at=recorded_at,
            enrolments=tuple(record for record in attended if record.student_id == each),
            plans=tuple(record for record in planned if record.student_id == each),
            years=tuple(record for record in years if record.student_id == each),
            statements=tuple(record for record in statements if record.student_id == each),
            restricted=each in marked,
        )
        for each, recorded_at in found.items()
    ]


async def save(connection: AsyncConnection, sealer: Sealer, decided: Merge, *, today: date, deed: Deed) -> Counter[str]:
    """Rewrite everything, and tell how many rows of each table were rewritten.

    The audit names the institutions whose records were rewritten: those of the younger. To one that knew the elder alone nothing
    happened, and its head is not told that somebody else knew the person, too.
    """
    concerned = await students.owners(connection, decided.alias)
    await _note(connection, decided)
    # Both ends of a foreign key get the elder id, one after the other: it is judged when all are done.
    await connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    rewritten: Counter[str] = Counter({person.name: await _statements(connection, sealer, decided)})
    plan_ids = await _ids(connection, plan, plan.c.student_id == decided.alias)
    of_plan_or_year = or_(outcome.c.plan_id.in_(plan_ids), outcome.c.school_year.is_not(None))
    outcome_ids = await _ids(connection, outcome, and_(outcome.c.student_id == decided.alias, of_plan_or_year))
    parts = {table: table.c.plan_id.in_(plan_ids) for table in OF_PLAN}
    parts |= {outcome: outcome.c.id.in_(outcome_ids), outcome_result: outcome_result.c.outcome_id.in_(outcome_ids)}
    for table in REWRITTEN:
        new = {"student_id": decided.survivor} | ({"version": table.c.version + 1} if "version" in table.c else {})
        # The large tables are indexed by what hangs on what, not by student.
        mine = and_(table.c.student_id == decided.alias, parts.get(table, true()))
        rewritten[table.name] = await _rewrite(connection, table, mine, new, decided)
    await _access(connection, decided)
    await _alias(connection, decided)
    await transfers.settle(connection, decided.survivor, today=today, deed=deed)
    await audit.record(connection, replace(deed, institution_ids=concerned))
    return rewritten


async def _rewrite(
    connection: AsyncConnection, table: Table, mine: ColumnElement[bool], new: Mapping[str, Any], decided: Merge
) -> int:
    """How many rows. Each record among them has a new version, which goes into the feed."""
    statement = update(table).where(mine).values(new)
    if table.name not in RECORDS:
        return (await connection.execute(statement)).rowcount
    rows = (await connection.execute(statement.returning(table.c.id, table.c.institution_id))).all()
    await changes.note(connection, table.name, [(row.id, decided.survivor, row.institution_id) for row in rows])
    return len(rows)


async def _note(connection: AsyncConnection, decided: Merge) -> None:
    """For the feeds of those to whom the younger was known: who it is now, and all that is open to them by this. Nobody else is told.

    Before the records, so that each follows a student who is known.
    """
    query = select(student_access.c.owner_id, student_access.c.institution_id)
    rows = (await connection.execute(query.where(student_access.c.student_id == decided.alias))).all()
    readers = [InstitutionId(row.institution_id) for row in rows]
    await changes.note_student(connection, decided.alias, readers, op=ChangeOp.MERGE, into=decided.survivor)
    await changes.note_student(connection, decided.survivor, readers, op=ChangeOp.UPSERT)
    handed = [(row.owner_id, row.institution_id) for row in rows if row.owner_id != row.institution_id]
    await changes.note_access(connection, decided.survivor, handed, op=ChangeOp.OPEN)


async def _ids(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> Sequence[UUID]:
    return (await connection.execute(select(table.c.id).where(where))).scalars().all()


async def _statements(connection: AsyncConnection, sealer: Sealer, decided: Merge) -> int:
    """Sealed anew, since a sealed field opens only where it belongs. Returns how many the younger had."""
    for each in decided.statements:
        row = values(each, sealer)
        new = {name: row[name] for name in (*KEYED, "version")}
        place = [column.name for column in person.primary_key]
        await connection.execute(upsert(person).values(row).on_conflict_do_update(index_elements=place, set_=new))
    return (await connection.execute(delete(person).where(person.c.student_id == decided.alias))).rowcount


async def _access(connection: AsyncConnection, decided: Merge) -> None:
    """Who saw what of either sees it of the one there is now, since the earlier of the two days."""
    columns = ["owner_id", "institution_id", "reason", "valid_from"]
    theirs = select(literal(decided.survivor, Uuid), *(student_access.c[name] for name in columns)).where(
        student_access.c.student_id == decided.alias
    )
    added = upsert(student_access).from_select(["student_id", *columns], theirs)
    united = added.on_conflict_do_update(
        index_elements=[column.name for column in student_access.primary_key],
        set_={"valid_from": func.least(student_access.c.valid_from, added.excluded.valid_from)},
    )
    await connection.execute(united)
    await connection.execute(delete(student_access).where(student_access.c.student_id == decided.alias))


async def _alias(connection: AsyncConnection, decided: Merge) -> None:
    """Aliases of the younger become the elder's as well, so that one look finds the survivor, however often there was a merge."""
    named = student_alias.c.student_id == decided.alias
    await connection.execute(update(student_alias).where(named).values(student_id=decided.survivor))
    await connection.execute(insert(student_alias).values(alias_id=decided.alias, student_id=decided.survivor))
    keyed = source_key.c.record_id == decided.alias
    await connection.execute(update(source_key).where(keyed).values(record_id=decided.survivor))
    # The elder itself keeps its version: nothing changes a pseudonym, and another number would tell each school of the merge.
    await connection.execute(delete(student).where(student.c.student_id == decided.alias))
