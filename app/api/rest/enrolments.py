"""Enrolments over REST. Ending one as TRANSFERRED is what settles a transfer."""

from dataclasses import replace
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status

from app.api import recording
from app.api.auth import MayConfirmTransfers, MayReadRecords, MayWriteStudents
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.rest.enrolment_models import (
    EnrolmentNew,
    EnrolmentOut,
    EnrolmentPatch,
    EnrolmentQuery,
    TransferConfirmation,
    TransferConfirmed,
)
from app.api.transactions import ReadTx, Transaction, WriteTx
from app.db import enrolments, transfers
from app.domain.deeds import Action
from app.domain.enrolments import Enrolment, check_receiving
from app.domain.ids import EnrolmentId
from app.domain.periods import Period

router = APIRouter(prefix="/v1/enrolments", tags=["enrolments"])


@router.get("", operation_id="list_enrolments", responses=problems())
async def list_enrolments(
    _actor: MayReadRecords, tx: ReadTx, pages: Pages, asked: Annotated[EnrolmentQuery, Query()]
) -> Page[EnrolmentOut]:
    """Enrolments that you may see, in the order in which they were recorded."""
    found = await enrolments.page(tx.connection, asked.filter(), after=pages.after, limit=pages.fetch)
    return tx.saw("enrolment", pages.page(found, EnrolmentOut.of))


@router.post("", operation_id="create_enrolment", status_code=status.HTTP_201_CREATED, responses=problems(404, 409))
async def create_enrolment(
    _actor: MayWriteStudents, tx: WriteTx, body: EnrolmentNew, response: Response
) -> EnrolmentOut:
    """Enrol a student that your institution has registered. What an institution wrote that has ended its last enrolment of the student
    as TRANSFERRED is opened to yours, and what your own wrote is closed again to others.
    """
    enrolment = await recording.enrolments.add(tx, body.at(body.student_id, body.institution_id, EnrolmentId(uuid4())))
    response.headers["Location"] = f"/v1/enrolments/{enrolment.id}"
    show_version(response, enrolment.version)
    return EnrolmentOut.of(enrolment)


@router.get("/{enrolment_id}", operation_id="get_enrolment", responses=problems(404))
async def get_enrolment(
    _actor: MayReadRecords, tx: ReadTx, enrolment_id: EnrolmentId, response: Response
) -> EnrolmentOut:
    """One enrolment."""
    enrolment = tx.saw("enrolment", await enrolments.get(tx.connection, enrolment_id))
    show_version(response, enrolment.version)
    return EnrolmentOut.of(enrolment)


@router.patch("/{enrolment_id}", operation_id="update_enrolment", responses=problems(404, 409, 412, 428))
async def update_enrolment(
    _actor: MayWriteStudents,
    tx: WriteTx,
    enrolment_id: EnrolmentId,
    seen: SeenVersion,
    body: EnrolmentPatch,
    response: Response,
) -> EnrolmentOut:
    """Change some fields by JSON merge patch (RFC 7396). `to` and `end_reason` together end it, for good: an open plan ends on the same
    day, and what others wrote is closed to your institution once it has no enrolment of the student any more. If the reason is
    TRANSFERRED, which is recorded when it has happened, what your institution wrote is opened to where the student is enrolled now, or
    will be, until your institution enrols the student anew. No other reason opens anything, such as the yearly change of grade.
    """
    enrolment = await _locked(tx, enrolment_id, seen)
    saved = await recording.enrolments.change(tx, enrolment, _patched(enrolment, body))
    show_version(response, saved.version)
    return EnrolmentOut.of(saved)


@router.delete(
    "/{enrolment_id}",
    operation_id="delete_enrolment",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409, 412, 428),
)
async def delete_enrolment(_actor: MayWriteStudents, tx: WriteTx, enrolment_id: EnrolmentId, seen: SeenVersion) -> None:
    """Delete an enrolment that was recorded by mistake. One on which a plan hangs stays: end it instead."""
    await recording.enrolments.remove(tx, await _locked(tx, enrolment_id, seen))


@router.post("/{enrolment_id}/transfer-confirmation", operation_id="confirm_transfer", responses=problems(404, 409))
async def confirm_transfer(
    _actor: MayConfirmTransfers, tx: WriteTx, enrolment_id: EnrolmentId, body: TransferConfirmation
) -> TransferConfirmed:
    """Open what other institutions wrote of the student to the enrolment's institution, where the old one does not end its enrolment."""
    enrolment = check_receiving(await enrolments.get(tx.connection, enrolment_id, lock=True))
    deed = tx.deed(Action.CONFIRM_TRANSFER, "enrolment", enrolment, reason=body.reason)
    opened = await transfers.confirm(tx.connection, enrolment, today=tx.today, deed=deed)
    return TransferConfirmed(enrolment_id=enrolment.id, institution_id=enrolment.institution_id, opened=list(opened))


async def _locked(tx: Transaction, enrolment_id: EnrolmentId, seen: int) -> Enrolment:
    enrolment = await recording.enrolments.locked(tx, enrolment_id)
    demand_version("enrolment", enrolment.version, seen)
    return enrolment


def _patched(enrolment: Enrolment, body: EnrolmentPatch) -> Enrolment:
    changes = body.changes()
    start = changes.pop("first_day", enrolment.period.start)
    end = changes.pop("last_day", enrolment.period.end)
    return replace(enrolment, period=Period(start, end), **changes)
