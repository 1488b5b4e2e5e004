"""Restriction of processing over REST: what an institution wrote of a student is kept, and neither used nor changed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.auth import MayAnswerSubjects
from app.api.problems import problems
from app.api.texts import Paragraph
from app.api.transactions import ReadTx, WriteTx
from app.db import restrictions, students
from app.domain.deeds import Action
from app.domain.ids import InstitutionId, StudentId
from app.domain.restrictions import RestrictedBy, Restriction, check_lifting, restricting

router = APIRouter(prefix="/v1/students/{student_id}", tags=["rights of the data subject"])


class RestrictionReason(BaseModel, extra="forbid"):
    reason: Annotated[
        Paragraph, Field(description="Kept in the audit.", examples=["The guardian contests the risk of 20 September."])
    ]


class RestrictionOut(BaseModel):
    institution_id: Annotated[InstitutionId, Field(description="Whose records of the student are restricted.")]
    by: Annotated[RestrictedBy, Field(description="Who lifts it: what the AUTHORITY has set, it alone.")]
    since: date

    @classmethod
    def of(cls, each: Restriction) -> "RestrictionOut":
        return cls.model_validate(each, from_attributes=True)


@router.get("/restrictions", operation_id="list_restrictions", responses=problems(404))
async def list_restrictions(
    _actor: MayAnswerSubjects, tx: ReadTx, student_id: StudentId, response: Response
) -> list[RestrictionOut]:
    """What of the student is restricted: of your own institution's records; for the authority, of every institution's."""
    student = tx.saw("restriction", await students.get(tx.connection, student_id))
    response.headers["Cache-Control"] = "no-store"
    return [RestrictionOut.of(each) for each in await restrictions.of_student(tx.connection, student.id)]


@router.post("/restriction", operation_id="restrict_processing", responses=problems(404))
async def restrict_processing(
    actor: MayAnswerSubjects, tx: WriteTx, student_id: StudentId, body: RestrictionReason, response: Response
) -> list[RestrictionOut]:
    """Restrict what your institution wrote of the student; as the authority, what every institution wrote that has registered it
    by now. It is neither changed nor added to, and nobody reads it but the institution itself and the authority. Harmless when it
    is restricted already.
    """
    student = await students.lock(tx.connection, student_id)
    response.headers["Cache-Control"] = "no-store"
    standing = await restrictions.put(
        tx.connection,
        student.id,
        by=restricting(actor),
        today=tx.today,
        deed=tx.deed(Action.RESTRICT, "student", student, reason=body.reason),
    )
    return [RestrictionOut.of(each) for each in standing]


@router.post("/restriction-lifting", operation_id="lift_restriction", responses=problems(404, 409))
async def lift_restriction(
    actor: MayAnswerSubjects, tx: WriteTx, student_id: StudentId, body: RestrictionReason, response: Response
) -> list[RestrictionOut]:
    """End the restriction of what your institution wrote of the student; as the authority, every restriction. What was handed over
    is open again to whom it was handed.
    """
    student = await students.lock(tx.connection, student_id)
    check_lifting(await restrictions.of_student(tx.connection, student.id), restricting(actor))
    response.headers["Cache-Control"] = "no-store"
    left = await restrictions.lift(
        tx.connection, student.id, deed=tx.deed(Action.LIFT_RESTRICTION, "student", student, reason=body.reason)
    )
    return [RestrictionOut.of(each) for each in left]
