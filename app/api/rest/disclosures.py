"""Identity disclosures over REST: the one way for the authority to a name. It is on record before anything is read."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response, status
from pydantic import BaseModel, Field

from app.api.auth import Authenticated, MayDiscloseIdentity
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.rest.persons import PersonOut
from app.api.texts import Line, Paragraph
from app.api.transactions import ReadTx, Transaction, open_transaction
from app.db import disclosures, students
from app.domain.deeds import Action, distinct
from app.domain.disclosures import Disclosure, DisclosureRequest, check_disclosure
from app.domain.ids import DisclosureId, StudentId

router = APIRouter(prefix="/v1/students/{student_id}/identity-disclosures", tags=["disclosures"])


class DisclosureNew(BaseModel, extra="forbid"):
    purpose: Annotated[
        Line, Field(description="A code of the list `disclosure-purposes`.", examples=["TRANSFER_CONFIRMATION"])
    ]
    reason: Annotated[
        Paragraph,
        Field(
            description="Why a pseudonym does not do here. Kept in clear, so without names.",
            examples=["The school in Madona and the college in Valmiera each say that the student is theirs."],
        ),
    ]


class DisclosureOut(BaseModel, from_attributes=True):
    id: DisclosureId
    student_id: StudentId
    purpose: str
    reason: str
    subject: Annotated[str, Field(description="To whom it was disclosed.")]
    opened_at: datetime
    expires_at: Annotated[datetime, Field(description="Until then, and no longer, the same person may read it again.")]

    @classmethod
    def of(cls, each: Disclosure) -> "DisclosureOut":
        return cls.model_validate(each)


class IdentityOut(DisclosureOut):
    """A disclosure that is alive, with what it discloses."""

    statements: Annotated[
        list[PersonOut], Field(description="What each institution states of the person. They may differ.")
    ]


async def _disclosed(request: Request, actor: Authenticated, disclosure_id: DisclosureId) -> AsyncIterator[Transaction]:
    async with open_transaction(request, actor, read_only=True, scope=disclosures.within(disclosure_id)) as transaction:
        yield transaction


DisclosedTx = Annotated[Transaction, Depends(_disclosed, scope="function")]
"""Sees the statements of the student of one disclosure, while it is alive, and nothing else."""


@router.post("", operation_id="disclose_identity", status_code=status.HTTP_201_CREATED, responses=problems(404))
async def disclose_identity(
    actor: MayDiscloseIdentity, request: Request, student_id: StudentId, body: DisclosureNew, response: Response
) -> IdentityOut:
    """Learn who a student is, for a stated purpose and a limited time. Nothing is read before it is kept. It is listed until the person
    is erased; the audit keeps for good that there was one, and the access log tells it the student.
    """
    async with open_transaction(request, actor, read_only=False) as tx:
        student = await students.keep(tx.connection, student_id)
        asked = DisclosureRequest(
            id=DisclosureId(uuid4()), student_id=student.id, subject=actor.subject, **body.model_dump()
        )
        check_disclosure(asked, codes=tx.reference.code_lists, today=tx.today)
        deed = tx.deed(Action.DISCLOSE, "person", asked, reason=f"{asked.purpose}: {asked.reason}")
        await disclosures.add(tx.connection, asked, tx.register.disclosure_lifetime, deed)
    async with open_transaction(request, actor, read_only=True, scope=disclosures.within(asked.id)) as tx:
        identity = await _identity(tx, asked.id, asked.student_id)
    response.headers["Location"] = f"/v1/students/{asked.student_id}/identity-disclosures/{asked.id}"
    response.headers["Cache-Control"] = "no-store"
    return identity


@router.get("", operation_id="list_identity_disclosures", responses=problems(404))
async def list_identity_disclosures(
    _actor: MayDiscloseIdentity, tx: ReadTx, student_id: StudentId, pages: Pages
) -> Page[DisclosureOut]:
    """Every disclosure of the student that there has been, without names, in no particular order. The list goes when the person is
    erased; the access log still tells of them.
    """
    student = await students.get(tx.connection, student_id)
    found = await disclosures.page(tx.connection, student.id, after=pages.after, limit=pages.fetch)
    return tx.saw("identity disclosure", pages.page(found, DisclosureOut.of))


@router.get("/{disclosure_id}", operation_id="get_identity_disclosure", responses=problems(404))
async def get_identity_disclosure(
    _actor: MayDiscloseIdentity,
    tx: DisclosedTx,
    student_id: StudentId,
    disclosure_id: DisclosureId,
    response: Response,
) -> IdentityOut:
    """What a disclosure of your own discloses, until it expires. After that, and for everybody else, there is none."""
    response.headers["Cache-Control"] = "no-store"
    return await _identity(tx, disclosure_id, student_id)


async def _identity(tx: Transaction, disclosure_id: DisclosureId, student_id: StudentId) -> IdentityOut:
    alive = await disclosures.get_alive(tx.connection, disclosure_id, student_id, tx.actor.subject)
    found = await disclosures.statements(tx.connection, tx.register.sealer, alive)
    stated_by = distinct(each.institution_id for each in found)
    tx.keep(replace(tx.deed(Action.READ, "identity disclosure", alive), institution_ids=stated_by))
    shown = DisclosureOut.of(alive).model_dump()
    return IdentityOut(**shown, statements=[PersonOut.of(each) for each in found])
