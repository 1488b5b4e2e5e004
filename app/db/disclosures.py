"""Identity disclosures in PostgreSQL: kept as long as the person, and alive until they expire, by the database's own clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, records, students
from app.db.person_rows import person_of
from app.db.scopes import DatabaseRole, Scope
from app.db.sealing import Sealer
from app.db.tables import identity_disclosure, person
from app.domain.deeds import Deed
from app.domain.disclosures import Disclosure, DisclosureRequest
from app.domain.errors import NotFound
from app.domain.ids import DisclosureId, StudentId
from app.domain.students import Person


def within(disclosure_id: DisclosureId) -> Scope:
    """The scope that reads the statements of one student, while this disclosure is alive."""
    return Scope(role=DatabaseRole.DISCLOSER, disclosure_id=disclosure_id)


def _of(row: Row[Any]) -> Disclosure:
    return Disclosure(
        id=DisclosureId(row.id),
        student_id=StudentId(row.student_id),
        purpose=row.purpose,
        reason=row.reason,
        subject=row.subject,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
    )


async def add(connection: AsyncConnection, asked: DisclosureRequest, lifetime: timedelta, deed: Deed) -> None:
    """Commit it before anything is read under it: what was disclosed is then on record, whatever happens next.

    The audit names the institutions whose statements are disclosed, so that their heads find it in the student's access report.
    """
    await connection.execute(
        insert(identity_disclosure).values(
            id=asked.id,
            student_id=asked.student_id,
            purpose=asked.purpose,
            reason=asked.reason,
            subject=asked.subject,
            expires_at=func.now() + lifetime,
        )
    )
    await audit.record(connection, replace(deed, institution_ids=await students.owners(connection, asked.student_id)))


async def get_alive(
    connection: AsyncConnection, disclosure_id: DisclosureId, student_id: StudentId, subject: str
) -> Disclosure:
    """In the disclosure's own scope. Raises NotFound for one that is absent, expired, or somebody else's."""
    query = select(identity_disclosure).where(
        identity_disclosure.c.id == disclosure_id,
        identity_disclosure.c.student_id == students.survivor(student_id),
        identity_disclosure.c.subject == subject,
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("identity disclosure")
    return _of(row)


async def statements(connection: AsyncConnection, sealer: Sealer, disclosure: Disclosure) -> Sequence[Person]:
    """What each institution states of the person, in the disclosure's own scope: none once it has expired."""
    query = select(person).where(person.c.student_id == disclosure.student_id).order_by(person.c.institution_id)
    return [person_of(row, sealer) for row in await connection.execute(query)]


async def page(
    connection: AsyncConnection, student_id: StudentId, *, after: UUID | None, limit: int
) -> Sequence[Disclosure]:
    """Every disclosure of the student there has been, in the order of their ids, which is no order of anything."""
    where = [identity_disclosure.c.student_id == student_id]
    return [
        _of(row) for row in await records.page(connection, identity_disclosure, where=where, after=after, limit=limit)
    ]
