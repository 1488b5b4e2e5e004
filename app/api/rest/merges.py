"""Merging over REST: two students are one person, and are one student from then on."""

import asyncio
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.api.auth import MayMergeStudents
from app.api.problems import problems
from app.api.texts import Paragraph
from app.api.transactions import open_transaction
from app.db import merges, students
from app.domain.actors import Actor
from app.domain.deeds import Action
from app.domain.errors import Busy
from app.domain.ids import StudentId
from app.domain.merges import merge

router = APIRouter(prefix="/v1/students", tags=["duplicates"])

ATTEMPTS = 5
"""A merge gives way to whoever is at work on one of the two, and is tried again."""


class MergeNew(BaseModel, extra="forbid"):
    other_id: Annotated[
        StudentId, Field(description="The other student. Which of the two survives follows from them alone.")
    ]
    reason: Annotated[
        Paragraph, Field(examples=["Disclosed: one person, registered with and without a personal code."])
    ]
    keep_statements_of: Annotated[
        StudentId | None,
        Field(
            description="Where an institution states two different persons: under which of the two ids its statement is right."
        ),
    ] = None


class MergeOut(BaseModel):
    student_id: Annotated[StudentId, Field(description="The student there is now: whichever was recorded first.")]
    alias_id: Annotated[StudentId, Field(description="The other id. It goes on answering, with the surviving student.")]
    rewritten: Annotated[
        dict[str, int],
        Field(description="How many rows were rewritten, by table.", examples=[{"enrolment": 1, "risk": 2}]),
    ]


@router.post("/{student_id}/merge", operation_id="merge_students", responses=problems(404, 409))
async def merge_students(
    actor: MayMergeStudents, request: Request, student_id: StudentId, body: MergeNew, response: Response
) -> MergeOut:
    """Make one student of two who are one person. The younger record becomes an alias of the elder; everything recorded under it is
    rewritten, and both ids answer. It cannot be undone. Refused, with every conflict in `violations`, where what is recorded of
    the two contradicts: end, correct or delete one of the conflicting records first.
    """
    response.headers["Cache-Control"] = "no-store"
    for attempt in range(1, ATTEMPTS):
        try:
            return await _merge(request, actor, student_id, body)
        except Busy:
            await asyncio.sleep(0.1 * attempt)
    return await _merge(request, actor, student_id, body)


async def _merge(request: Request, actor: Actor, student_id: StudentId, body: MergeNew) -> MergeOut:
    async with open_transaction(request, actor, read_only=True) as tx:
        asked = [student_id, body.other_id, *([] if body.keep_statements_of is None else [body.keep_statements_of])]
        one, other, *keep = [(await students.get(tx.connection, each)).id for each in asked]
    async with open_transaction(request, actor, read_only=False, scope=merges.within(one, other)) as tx:
        sealer = tx.register.sealer
        found = await merges.belongings(tx.connection, sealer, [one, other])
        decided = merge(found[0], found[-1], keep_statements_of=keep[0] if keep else None)
        deed = tx.deed(Action.MERGE, "student", decided, reason=f"{decided.alias} is {decided.survivor}: {body.reason}")
        # What was done is found by either id.
        deed = replace(deed, student_ids=(decided.survivor, decided.alias))
        rewritten = await merges.save(tx.connection, sealer, decided, today=tx.today, deed=deed)
    return MergeOut(student_id=decided.survivor, alias_id=decided.alias, rewritten=dict(rewritten))
