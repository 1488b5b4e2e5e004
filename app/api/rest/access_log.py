"""Who looked at a student, and who changed what: the report that a student or guardian may ask for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.auth import MayReadAccessLogs
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.transactions import ReadTx, Transaction
from app.db import audit_log, reach, students, tombstones
from app.domain.actors import Level
from app.domain.audit import AuditEvent, as_reported_to
from app.domain.deeds import Action, DeedOutcome
from app.domain.erasures import Tombstone
from app.domain.errors import NotFound
from app.domain.ids import StudentId
from app.domain.students import Student

router = APIRouter(prefix="/v1/students", tags=["access log"])


class AccessLogEntry(BaseModel):
    id: UUID
    at: datetime
    subject: Annotated[str, Field(description="Who: a pseudonymous reference.", examples=["coordinator-17"])]
    role: Annotated[str, Field(examples=["SCHOOL_COORDINATOR"])]
    organisation: Annotated[
        str | None,
        Field(
            description="Whom they acted for. Null where that is no one organisation.",
            examples=["institution 1", "partner 3"],
        ),
    ]
    action: Action | str
    noun: Annotated[str, Field(description="What kind of record.", examples=["plan"])]
    record_id: Annotated[str | None, Field(description="Which one, if it was a single one.")]
    outcome: DeedOutcome
    reason: Annotated[
        str | None,
        Field(
            description="What they stated, where a reason is asked for: told to those who stated it, and to the authority."
        ),
    ]
    correlation_id: str | None

    @classmethod
    def of(cls, each: AuditEvent) -> "AccessLogEntry":
        return cls.model_validate(each, from_attributes=True)


@router.get("/{student_id}/access-log", operation_id="get_access_log", responses=problems(404))
async def get_access_log(
    actor: MayReadAccessLogs, tx: ReadTx, student_id: StudentId, pages: Pages, response: Response
) -> Page[AccessLogEntry]:
    """Who read, changed or tried to reach records of the student, the newest first. The school's head is told what concerns its own
    institution's records; the authority everything, also of a student who was erased. Reading this is kept as well.
    """
    whose = tx.saw("access log", await _whose(tx, student_id))
    if isinstance(whose, Tombstone):
        ids = await audit_log.erased_with(tx.connection, whose.id)
    else:
        ids = await students.ids(tx.connection, whose.id)
    found = await audit_log.about_student(
        tx.connection, ids, above=await _above(tx), after=pages.after, limit=pages.fetch
    )
    response.headers["Cache-Control"] = "no-store"
    return pages.page([as_reported_to(actor, each) for each in found], AccessLogEntry.of)


async def _whose(tx: Transaction, student_id: StudentId) -> Student | Tombstone:
    """The student, or, for the authority, what is left of one who was erased: the audit is kept longer than the student."""
    try:
        return await students.get(tx.connection, student_id)
    except NotFound:
        stone = await tombstones.of_student(tx.connection, student_id) if tx.actor.level is Level.STATE else None
        if stone is None:
            raise
        return stone


async def _above(tx: Transaction) -> Sequence[str] | None:
    if tx.actor.level is Level.STATE:
        return None
    (own,) = tx.actor.institution_ids
    return await reach.organisations_above(tx.connection, own, geography=tx.reference.geography, today=tx.today)
