"""Possible duplicates over REST: for the authority, by pseudonym. Whether two are one person it finds out, and then merges them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from app.api.auth import Authenticated, MayMergeStudents
from app.api.paging import LARGEST, Page
from app.api.problems import problems
from app.api.transactions import Transaction, open_transaction
from app.db import duplicates
from app.db.duplicates import Pair
from app.db.scopes import MATCHER
from app.domain.deeds import Action
from app.domain.duplicates import Duplicate, Likeness
from app.domain.errors import Invalid, violation
from app.domain.ids import InstitutionId, StudentId

router = APIRouter(prefix="/v1/duplicates", tags=["duplicates"])


class CandidateOut(BaseModel, from_attributes=True):
    student_id: StudentId
    institution_ids: Annotated[list[InstitutionId], Field(description="Which institutions state who the student is.")]


class DuplicateOut(BaseModel, from_attributes=True):
    students: Annotated[list[CandidateOut], Field(min_length=2, max_length=2)]
    reasons: list[Likeness]

    @classmethod
    def of(cls, each: Duplicate) -> "DuplicateOut":
        return cls.model_validate(each)


async def _matching(request: Request, actor: Authenticated) -> AsyncIterator[Transaction]:
    async with open_transaction(request, actor, read_only=True, scope=MATCHER) as transaction:
        yield transaction


MatchingTx = Annotated[Transaction, Depends(_matching, scope="function")]
"""Sees the hashes by which persons are compared, and no record, no name and no person, sealed or not."""


@router.get("", operation_id="list_duplicates", responses=problems())
async def list_duplicates(
    _actor: MayMergeStudents,
    tx: MatchingTx,
    response: Response,
    student_id: Annotated[StudentId | None, Query(description="Only pairs in which this student is.")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST, description="At most so many items.")] = 50,
    cursor: Annotated[str | None, Query(max_length=64, description="`next` of the page before.")] = None,
) -> Page[DuplicateOut]:
    """Pairs of students who are likely one person: an institution states the personal code of the one for the other, or names and
    birth date are the same but for case, diacritics and hyphens. No names: they are disclosed one by one, if need be.
    """
    after = None if cursor is None else _pair_of(cursor)
    found = await duplicates.page(tx.connection, student_id=student_id, after=after, limit=limit + 1)
    shown = found[:limit]
    tx.keep(tx.deed(Action.LIST, "duplicate", *(each for pair in shown for each in pair.students)))
    response.headers["Cache-Control"] = "no-store"
    return Page(
        items=[DuplicateOut.of(each) for each in shown], next=_cursor_after(shown[-1]) if len(found) > limit else None
    )


def _cursor_after(each: Duplicate) -> str:
    one, other = (candidate.student_id.bytes for candidate in each.students)
    return urlsafe_b64encode(one + other).decode().rstrip("=")


def _pair_of(cursor: str) -> Pair:
    try:
        both = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return UUID(bytes=both[:16]), UUID(bytes=both[16:])
    except ValueError as error:
        raise Invalid([violation("/query/cursor", "cursor", "This is not a cursor of this list.")]) from error
