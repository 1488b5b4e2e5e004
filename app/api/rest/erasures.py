"""Erasure on request, over REST: the authority's act. Retention erases in the same way, by `risk-register retention run`."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.auth import MayEraseStudents
from app.api.problems import problems
from app.api.texts import Paragraph
from app.api.transactions import EraseTx
from app.db import erasure, stays
from app.domain.deeds import Action
from app.domain.erasures import ON_REQUEST, Erasable, Tombstone, check_erasure
from app.domain.errors import NotFound
from app.domain.ids import StudentId

router = APIRouter(prefix="/v1/students/{student_id}", tags=["rights of the data subject"])

Scope = Annotated[
    Erasable,
    Field(
        description="PERSON: names, birth date, personal codes, as every institution has stated them; the records stay, of nobody."
        " RECORDS: these too, and the student."
    ),
]


class ErasureRequest(BaseModel, extra="forbid"):
    scope: Scope
    reason: Annotated[
        Paragraph, Field(description="Kept in the audit.", examples=["Decision 1.9-23/118: recorded without a basis."])
    ]


class ErasureOut(BaseModel):
    """That it was erased: kept for ever, by the pseudonym alone, so that a restored backup is brought back in line."""

    student_id: StudentId
    scope: Scope
    on: date


@router.post("/erasure", operation_id="erase_student", responses=problems(404, 409))
async def erase_student(
    _actor: MayEraseStudents, tx: EraseTx, student_id: StudentId, body: ErasureRequest, response: Response
) -> ErasureOut:
    """Erase who a student is, or everything of it, at every institution. What is gone answers like what never was, and the same
    person, registered anew, is another student. While the processing is restricted nothing is erased: lift the restriction first.
    """
    locked = await erasure.lock(tx.connection, student_id)
    stay = None if locked is None else await stays.stay_of(tx.connection, locked)
    if stay is None:
        raise NotFound("student")
    check_erasure(body.scope, has_person=stay.has_person, is_restricted=stay.is_restricted)
    stone = Tombstone(student_id=stay.student_id, what=body.scope, on=tx.today, reason=ON_REQUEST)
    await erasure.erase(tx.connection, stone, tx.deed(Action.ERASE, "student", stone, reason=body.reason))
    response.headers["Cache-Control"] = "no-store"
    return ErasureOut(student_id=stone.student_id, scope=stone.what, on=stone.on)
