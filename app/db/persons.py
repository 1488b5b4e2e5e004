"""The persons behind the students: what each institution states, sealed field by field, and the claim to a personal code."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, Uuid, case, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, restrictions, students
from app.db.person_rows import person_of, values
from app.db.sealing import Sealer
from app.db.tables import person, stated_code, student_access
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


async def stated_by(
    connection: AsyncConnection,
    sealer: Sealer,
    student_ids: Sequence[StudentId],
    institution_ids: Sequence[InstitutionId],
) -> Sequence[Person]:
    """What these institutions state of these students, in the order of the institutions."""
    mine = person.c.student_id.in_(student_ids) & person.c.institution_id.in_(institution_ids)
    query = select(person).where(mine).order_by(person.c.institution_id)
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


async def claimed(connection: AsyncConnection, sealer: Sealer, each: Person, *, claims: bool = True) -> Person:
    """A person to be registered, under the student whom its personal code leads to; as it is where it has none.

    From then on the institution states the code. The code itself is that student's for good, whoever states it. Without `claims`,
    in a transaction that will be undone, it is asked whose it would be, so that nobody waits for whoever only asks.
    """
    if each.personal_code is None:
        return each
    found = replace(each, student_id=await _found(connection, sealer, each, each.personal_code, claims=claims))
    # Another one, if somebody at the institution has stated it of that one at the same moment.
    return replace(each, student_id=await _state(connection, sealer, found, each.personal_code))


async def _found(connection: AsyncConnection, sealer: Sealer, each: Person, code: str, *, claims: bool) -> StudentId:
    """Whom this scope has stated the code of; else the student to whom it belongs, or the new one that it now belongs to.

    The caller never learns which of the two it was. So it is a new one as well, where the code belongs to a student whom this scope
    has registered without ever stating this code: that a student of its own has it is known from others alone (ADR 16). The
    two are then found as likely one person.
    """
    stated = await student_of(connection, sealer, code, first=each.institution_id)
    owner = await _claim(connection, sealer, code, each.student_id if stated is None else stated, claims=claims)
    is_own = select(student_access.c.student_id).where(
        student_access.c.student_id == owner, student_access.c.owner_id == student_access.c.institution_id
    )
    as_if_nobodys = case((is_own.exists(), literal(each.student_id, Uuid)), else_=literal(owner, Uuid))
    # The claim may have waited for somebody of this scope, who has stated the code meanwhile: it is asked for once more.
    by_scope = _stated_of(sealer.code_hash(code), each.institution_id).scalar_subquery()
    return StudentId((await connection.execute(select(func.coalesce(by_scope, as_if_nobodys)))).scalar_one())


async def _claim(
    connection: AsyncConnection, sealer: Sealer, code: str, candidate: StudentId, *, claims: bool
) -> StudentId:
    """The student to whom this normalised personal code belongs: the candidate, unless it belongs to another one already."""
    answers = func.person.claim if claims else func.person.would_claim
    return StudentId((await connection.execute(select(answers(sealer.code_hash(code), candidate)))).scalar_one())


async def state_code(connection: AsyncConnection, sealer: Sealer, each: Person, *, claims: bool = True) -> None:
    """Keeps that the institution says this person has this code, and claims the code where it is nobody's.

    Where it is a foreign student's, it stays that student's and nobody is told: a refusal would tell that the register knows it.
    Raises Refused where this very scope has stated it of another student, which the caller may know. `claims`: as of `claimed`.
    """
    if each.personal_code is None:
        return
    _demand_same(each, await student_of(connection, sealer, each.personal_code))
    await _claim(connection, sealer, each.personal_code, each.student_id, claims=claims)
    # Once more: somebody may have stated it of another student at the same moment.
    _demand_same(each, await _state(connection, sealer, each, each.personal_code))


def _demand_same(each: Person, found: StudentId | None) -> None:
    if found not in (None, each.student_id):
        raise Refused(f"You have already registered this person, as {found}.", code="student-exists")


async def _state(connection: AsyncConnection, sealer: Sealer, each: Person, code: str) -> StudentId:
    """Of whom the institution states the code: of this student, unless it has stated it of another one before."""
    code_hash = sealer.code_hash(code)
    row = {"institution_id": each.institution_id, "code_hash": code_hash, "student_id": each.student_id}
    added = upsert(stated_code).values(row).on_conflict_do_nothing().returning(stated_code.c.student_id)
    found = (await connection.execute(added)).scalar_one_or_none()
    if found is None:
        found = (await connection.execute(_stated_of(code_hash, each.institution_id))).scalar_one()
    return StudentId(found)


async def student_of(
    connection: AsyncConnection, sealer: Sealer, code: str, *, first: InstitutionId | None = None
) -> StudentId | None:
    """Of which student this scope itself states, or once stated, this normalised personal code: the institution that comes `first`,
    if several do. Never of whom others do: else whoever registers a code would learn what others know of a student of its own.
    """
    found = (await connection.execute(_stated_of(sealer.code_hash(code), first))).scalar_one_or_none()
    return None if found is None else StudentId(found)


async def has_stated(connection: AsyncConnection, sealer: Sealer, code: str, institution_id: InstitutionId) -> bool:
    """Whether this very institution states, or once stated, this normalised personal code, of whomever."""
    mine = select(stated_code.c.student_id).filter_by(code_hash=sealer.code_hash(code), institution_id=institution_id)
    return (await connection.execute(mine)).one_or_none() is not None


def _stated_of(code_hash: bytes, first: InstitutionId | None) -> Select[Any]:
    order = [] if first is None else [stated_code.c.institution_id != first]
    query = select(stated_code.c.student_id).filter_by(code_hash=code_hash)
    return query.order_by(*order, stated_code.c.institution_id).limit(1)


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
