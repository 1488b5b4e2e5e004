"""Transfers in PostgreSQL: what one institution wrote of a student is opened to another one (domain rule 9)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, changes
from app.db.tables import student_access
from app.domain.changes import ChangeOp
from app.domain.deeds import Deed
from app.domain.enrolments import Enrolment
from app.domain.ids import InstitutionId, StudentId


async def settle(connection: AsyncConnection, student_id: StudentId, *, today: date, deed: Deed) -> None:
    """Bring what is open to others in line with the student's enrolments on that day.

    What an institution wrote whose last enrolment has ended as TRANSFERRED is opened to those where the student is enrolled. It is
    closed when the student comes back, and whatever was opened to an institution, confirmed or not, when it has no enrolment any more.

    The database looks past this scope and tells nothing of what it found; it keeps each opening and closing in the audit, as the
    deed of whoever is named in `deed`, and notes it for the feed of the institution that reads.
    """
    by = deed.actor
    await connection.execute(
        select(func.settle_transfers(student_id, today, by.subject, by.role, by.organisation, deed.correlation_id))
    )


async def confirm(connection: AsyncConnection, each: Enrolment, *, today: date, deed: Deed) -> Sequence[InstitutionId]:
    """Open what every other institution wrote of the student to the enrolment's institution, and tell which were opened by this.

    Only the authority's scope sees them all, and only it may write this.
    """
    written = select(
        student_access.c.student_id,
        student_access.c.owner_id,
        literal(each.institution_id),
        literal("CONFIRMED"),
        literal(today),
        # What is restricted stays closed, and is opened when the restriction is lifted.
        student_access.c.restricted_on,
        student_access.c.restricted_by,
    ).where(
        student_access.c.student_id == each.student_id,
        student_access.c.reason == "OWN",
        student_access.c.owner_id != each.institution_id,
    )
    columns = ["student_id", "owner_id", "institution_id", "reason", "valid_from", "restricted_on", "restricted_by"]
    statement = (
        insert(student_access)
        .from_select(columns, written)
        .on_conflict_do_nothing()
        .returning(student_access.c.owner_id)
    )
    opened = sorted(map(InstitutionId, (await connection.execute(statement)).scalars()))
    pairs = [(owner_id, each.institution_id) for owner_id in opened]
    await changes.note_access(connection, each.student_id, pairs, op=ChangeOp.OPEN)
    await audit.record(connection, deed)
    return opened
