"""The persons behind the students: what each institution states, sealed field by field, and the claim to a personal code."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, restrictions, students
from app.db.person_rows import person_of, values
from app.db.sealing import Sealer
from app.db.tables import person, personal_code, stated_code
from app.domain.deeds import Deed
from app.domain.errors import Forbidden, NotFound, Refused, Stale
from app.domain.ids import InstitutionId, StudentId
from app.domain.students import Person


async def find(
    connection: AsyncConnection, sealer: Sealer, student_id: StudentId, institution_id: InstitutionId
) -> Person | None:
    """What this institution states of the student, or None where it states nothing that this scope may read."""
    row = (await connection.execute(_stated(student_id, institution_id))).one_or_none()
    return None if row is None else person_of(row, sealer)


async def of_student(connection: AsyncConnection, sealer: Sealer, student_id: StudentId) -> Sequence[Person]:
    """Every statement of the person that this scope may read, in the order of the institutions."""
    query = select(person).where(person.c.student_id == student_id).order_by(person.c.institution_id)
    return [person_of(row, sealer) for row in await connection.execute(query)]


def _stated(student_id: StudentId, institution_id: InstitutionId) -> Select[Any]:
    return select(person).where(
        person.c.student_id == students.survivor(student_id), person.c.institution_id == institution_id
    )


async def get(
    connection: AsyncConnection,
    sealer: Sealer,
    student_id: StudentId,
    institution_id: InstitutionId,
    *,
    lock: bool = False,
) -> Person:
    """Raises NotFound for what is absent or foreign, and, with `lock`, Forbidden or Refused for what may be read but not changed."""
    if lock:
        row = await students.looked_for_twice(connection, _stated(student_id, institution_id).with_for_update())
        if row is not None:
            return person_of(row, sealer)
    found = await find(connection, sealer, student_id, institution_id)
    if found is None:
        raise NotFound("student")
    if lock:
        raise await restrictions.refusal(connection, found.student_id, institution_id) or Forbidden(
            "Another institution states this: you may read it, not change it.", code="not-the-author"
        )
    return found


async def claim(connection: AsyncConnection, sealer: Sealer, code: str, candidate: StudentId) -> StudentId:
    """The student to whom this normalised personal code belongs: the candidate, unless it belongs to another one already.

    From then on it is that student's for good. The caller never learns which of the two it was: what its own scope has stated
    comes first, so that a code that belongs to a foreign student answers like one that nobody had.
    """
    own = await student_of(connection, sealer, code)
    claimed_by = (await connection.execute(select(func.person.claim(sealer.code_hash(code), candidate)))).scalar_one()
    return StudentId(claimed_by) if own is None else own


async def claimed(connection: AsyncConnection, sealer: Sealer, each: Person) -> Person:
    """The person under the student to whom the personal code belongs; as it is where it has none."""
    if each.personal_code is None:
        return each
    return replace(each, student_id=await claim(connection, sealer, each.personal_code, each.student_id))


async def state_code(connection: AsyncConnection, sealer: Sealer, each: Person) -> None:
    """Keeps that the institution says this person has this code, and claims the code where it is nobody's.

    Where it is a foreign student's, it stays that student's and nobody is told: a refusal would tell that the register knows it.
    Raises Refused where another student of this very scope has it, which the caller may know.
    """
    if each.personal_code is None:
        return
    await _demand_no_other(connection, sealer, each.personal_code, each.student_id)
    await claim(connection, sealer, each.personal_code, each.student_id)
    stated = {
        "institution_id": each.institution_id,
        "code_hash": sealer.code_hash(each.personal_code),
        "student_id": each.student_id,
    }
    await connection.execute(upsert(stated_code).values(stated).on_conflict_do_nothing())
    # Once more: somebody may have stated it of another student at the same moment.
    await _demand_no_other(connection, sealer, each.personal_code, each.student_id)


async def _demand_no_other(connection: AsyncConnection, sealer: Sealer, code: str, student_id: StudentId) -> None:
    own = await student_of(connection, sealer, code)
    if own not in (None, student_id):
        raise Refused(f"You have already registered this person, as {own}.", code="student-exists")


async def student_of(connection: AsyncConnection, sealer: Sealer, code: str) -> StudentId | None:
    """Which student has, or once had, this normalised personal code: one that this scope has registered itself, or None.

    The scope's own corrections come before what it has registered.
    """
    code_hash = sealer.code_hash(code)
    corrected = select(stated_code.c.student_id).filter_by(code_hash=code_hash).order_by(stated_code.c.institution_id)
    registered = select(personal_code.c.student_id).filter_by(code_hash=code_hash)
    for query in (corrected.limit(1), registered):
        found = (await connection.execute(query)).scalar_one_or_none()
        if found is not None:
            return StudentId(found)
    return None


async def add(connection: AsyncConnection, sealer: Sealer, each: Person) -> None:
    """The institution's statement. It is part of registering the student, and audited there."""
    await connection.execute(insert(person).values(values(each, sealer)))


async def change(connection: AsyncConnection, sealer: Sealer, each: Person, deed: Deed) -> Person:
    """The statement as it is now kept, in its next version. Raises Stale if somebody was faster."""
    statement = (
        update(person)
        .filter_by(student_id=each.student_id, institution_id=each.institution_id, version=each.version)
        .values({**values(each, sealer), "version": each.version + 1})
    )
    if (await connection.execute(statement)).rowcount != 1:
        raise Stale("person", each.version + 1)
    await audit.record(connection, deed)
    return replace(each, version=each.version + 1)
