"""Closing a semester for the whole country, and reopening it, over REST. The authority's alone."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.api import closing
from app.api.auth import MayCloseSemesters
from app.api.problems import problems
from app.api.rest.semesters import SemesterOut
from app.api.texts import Paragraph
from app.api.transactions import ClosingTx
from app.db import closings, semesters
from app.domain.closings import demand_closed
from app.domain.deeds import Action

router = APIRouter(prefix="/v1/semesters/{code}", tags=["closing and releases"])


class Reopening(BaseModel, extra="forbid"):
    reason: Annotated[
        Paragraph,
        Field(description="Kept in the audit.", examples=["Two schools had recorded the hours of a wrong month."]),
    ]


@router.post("/closing", operation_id="close_semester", responses=problems(404, 409))
async def close_semester(_actor: MayCloseSemesters, tx: ClosingTx, code: str) -> SemesterOut:
    """Close a semester that has ended, and all its plans with it. From then on its records are final: plans with what they contain,
    interventions, and outcomes; with the second semester of a school year also how it ended for each student.

    It waits some seconds for those who are writing records at this moment, and answers 409 where that is not enough: ask again.
    """
    semester = semesters.get(code)
    closed = await closing.close(tx.connection, semester, today=tx.today, deed=tx.deed(Action.CLOSE, "semester"))
    return SemesterOut.of(semester, closed)


@router.post("/reopening", operation_id="reopen_semester", responses=problems(404, 409))
async def reopen_semester(_actor: MayCloseSemesters, tx: ClosingTx, code: str, body: Reopening) -> SemesterOut:
    """Let the records of a closed semester change again, with a reason. Releases that were made of it stay as they are: what is
    corrected goes into the next one, after the semester has been closed again.
    """
    semester = semesters.get(code)
    demand_closed(semester, await tx.closed_semesters())
    deed = tx.deed(Action.REOPEN, "semester", reason=body.reason)
    await closings.reopen(tx.connection, semester, on=tx.today, deed=deed)
    return SemesterOut.of(semester, None)
