"""Batches of records from school information systems, and what came of them."""

from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from app.api.auth import MaySendBatches, once_more
from app.api.languages import Language, accepted_language
from app.api.paging import Page, Pages
from app.api.problems import answer, problems
from app.api.register import register_of
from app.api.rest.sync_bodies import BATCH, SNAPSHOT, body_of
from app.api.rest.sync_models import (
    LARGEST,
    SHOWN,
    AsAtomic,
    AsMode,
    BatchOut,
    BatchSummary,
    RejectionOut,
    RejectionPage,
    SnapshotQuery,
)
from app.api.sync.body import receive
from app.api.sync.rejections import Rejections
from app.api.sync.spool import Spool
from app.api.sync.taking import Order, Taken, take
from app.api.transactions import ReadTx, open_transaction
from app.db import sync_batches
from app.db.session import Connection
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.sync import Atomicity, BatchState, Mode, Report

router = APIRouter(prefix="/v1/sync", tags=["sync"])

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,100}$",
        description="Of your own making, new for each batch, the same when you send a batch again: 1-100 visible ASCII characters.",
        examples=["2026-11-25-night-1"],
    ),
]


async def _language(
    accept_language: Annotated[
        str | None,
        Header(
            description="In which language `message` is: `lv`, or English. With Latvian, `detail` has the values at hand in English.",
            examples=["lv"],
        ),
    ] = None,
) -> Language:
    return accepted_language(accept_language)


InLanguage = Annotated[Language, Depends(_language)]


@router.post(
    "/batches",
    operation_id="send_batch",
    summary="Send many records of any types",
    response_model=BatchOut,
    responses=problems(409, 413, 415),
    openapi_extra=body_of(BATCH, "Items of any types in any order, each as `GET /v1/sync/schema` says."),
    max_body_size=LARGEST,
)
async def send_batch(
    actor: MaySendBatches,
    request: Request,
    key: IdempotencyKey,
    language: InLanguage,
    mode: AsMode = Mode.COMMIT,
    atomic: AsAtomic = Atomicity.ITEM,
) -> Response:
    """Record many items at once, exactly once, whatever breaks: send the batch again with the same key until it is answered.

    The answer says what came of every item. It is 200 also where items were rejected, and 422 (`batch-refused`, with the report
    as `batch`) where `atomic` is `all`. An item that says what is recorded already changes nothing.

    An item is one record: its `type`, your own id of it (`external_id`), what is done (`op`, an upsert unless it is said), and what the
    record holds (`data`). Records refer to one another by your ids, in any order. `GET /v1/sync/schema` has the JSON Schema of every
    type; docs/integrators.md begins with a first batch and goes through the whole.
    """
    order = Order(idempotency_key=key, mode=mode, atomic=atomic, received_at=datetime.now(UTC))
    return await _present(request, actor, await _taken(request, actor, order), language)


@router.post(
    "/snapshots",
    operation_id="send_snapshot",
    summary="Send a whole set, and end what is missing from it",
    response_model=BatchOut,
    responses=problems(409, 413, 415),
    openapi_extra=body_of(SNAPSHOT, "Items of the one type, each as `GET /v1/sync/schema` says."),
    max_body_size=LARGEST,
)
async def send_snapshot(
    actor: MaySendBatches,
    request: Request,
    key: IdempotencyKey,
    language: InLanguage,
    asked: Annotated[SnapshotQuery, Query()],
) -> Response:
    """Record the whole set that you have of one type, institution and semester, and end what you have sent before and is not in it.

    An enrolment ends today as LEFT, a risk is resolved today, a draft is deleted and any other open plan discontinued, interventions and
    outcomes are deleted. More than 5 of them that are more than a fifth of the set are refused (409 `many-removals`, with `count` and
    `removals`), until the number is confirmed. Where an item cannot be read, nothing is ended and `removed` is null.

    An item is what it is in a batch, of the type that `type` names. `GET /v1/sync/schema` has the JSON Schema of every type, and
    docs/integrators.md an example.
    """
    order = Order(
        idempotency_key=key,
        mode=asked.mode,
        atomic=asked.atomic,
        received_at=datetime.now(UTC),
        snapshot=asked.snapshot(actor),
    )
    return await _present(request, actor, await _taken(request, actor, order), language)


@router.get("/batches", operation_id="list_batches", responses=problems())
async def list_batches(_actor: MaySendBatches, tx: ReadTx, pages: Pages) -> Page[BatchSummary]:
    """Your batches, the newest first."""
    found = await sync_batches.page(tx.connection, before=pages.after, limit=pages.fetch)
    return pages.page(found, BatchSummary.of)


@router.get("/batches/{batch_id}", operation_id="get_batch", responses=problems(404))
async def get_batch(_actor: MaySendBatches, tx: ReadTx, batch_id: UUID, language: InLanguage) -> BatchOut:
    """What came of a batch: what it was answered, in your language."""
    return await _reported(tx.connection, await sync_batches.get(tx.connection, batch_id), language)


@router.get("/batches/{batch_id}/rejections", operation_id="list_rejections", responses=problems(404))
async def list_rejections(
    _actor: MaySendBatches,
    tx: ReadTx,
    batch_id: UUID,
    language: InLanguage,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="A line: those below it are answered.")] = 0,
    limit: Annotated[int, Query(ge=1, le=SHOWN)] = SHOWN,
) -> RejectionPage:
    """The rejected items of a batch, in the order of their lines."""
    report = await sync_batches.get(tx.connection, batch_id)
    found = await sync_batches.rejections(tx.connection, report.id, after=after, limit=limit + 1)
    shown = found[:limit]
    return RejectionPage(
        items=[RejectionOut.of(each, language) for each in shown],
        next=shown[-1].line if len(found) > limit else None,
    )


async def _taken(request: Request, actor: Actor, order: Order) -> Taken:
    register, only = register_of(request), None if order.snapshot is None else order.snapshot.type
    async with register.bodies.turn(actor.subject):
        with Spool() as spool, Rejections() as unread:
            received = await receive(request, spool, unread, register.batches, only=only)
            asked = partial(once_more, request, Permission.SEND_BATCHES)
            return await take(register, actor.subject, asked, order, received)


async def _reported(connection: Connection, report: Report, language: Language) -> BatchOut:
    shown = await sync_batches.rejections(connection, report.id, after=0, limit=SHOWN)
    return BatchOut.reported(report, list(shown), language)


async def _present(request: Request, actor: Actor, taken: Taken, language: Language) -> Response:
    if taken.report.rejected:
        async with open_transaction(request, actor, read_only=True) as tx:
            out = await _reported(tx.connection, taken.report, language)
    else:
        out = BatchOut.reported(taken.report, [], language)
    body = out.model_dump(mode="json")
    response = JSONResponse(body)
    if taken.report.state is BatchState.REFUSED:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        words = "Some items are wrong, so that nothing was kept: see `batch`."
        response = answer(status, "batch-refused", words, batch=body)
    if taken.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response
