"""The feed of changes over REST: everything that is visible, and then whatever becomes of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.auth import MayFollowChanges, once_more
from app.api.feed_cursor import LONGEST
from app.api.ids import InstitutionNumber
from app.api.problems import problems
from app.api.register import register_of
from app.api.rest.change_models import ANSWERS, Type
from app.api.transactions import open_transaction
from app.db import change_log, feed, reach
from app.db.feed import FeedPage
from app.db.feed_lines import Reading
from app.domain.actors import Actor
from app.domain.deeds import Action
from app.domain.feed import Cursor, Filter
from app.domain.permissions import Permission

router = APIRouter(prefix="/v1/changes", tags=["changes"])

NDJSON = "application/x-ndjson"
LARGEST = 10_000
LONGEST_WAIT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    cursor: Cursor | None
    wanted: Filter
    limit: int
    wait: int


async def _asked(
    request: Request,
    cursor: Annotated[
        str | None,
        Query(max_length=LONGEST, description="`cursor` of the answer before; none: everything from the beginning."),
    ] = None,
    limit: Annotated[
        int, Query(ge=1, le=LARGEST, description="About so many items: a load sends each student whole.")
    ] = 1_000,
    wait: Annotated[
        int, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for a change where there is none.")
    ] = 0,
    types: Annotated[
        Sequence[Type], Query(alias="type", max_length=6, description="These types alone. It may be repeated.")
    ] = (),
    institution_ids: Annotated[
        Sequence[InstitutionNumber],
        Query(alias="institution_id", max_length=200, description="What these institutions wrote. It may be repeated."),
    ] = (),
) -> _Asked:
    begun = None if cursor is None else register_of(request).cursors.read(cursor)
    return _Asked(cursor=begun, wanted=Filter.of(types, institution_ids), limit=limit, wait=wait)


@router.get("", operation_id="list_changes", response_class=Response, responses={200: ANSWERS, **problems(410)})
async def list_changes(
    actor: MayFollowChanges, request: Request, asked: Annotated[_Asked, Depends(_asked)]
) -> Response:
    """Follow what you may see. Without a cursor the answer begins with `load-begins`, and page after page sends everything there is up
    to `load-ends`; from then on it sends what has changed, each record as it is now. Send the `cursor` of each answer with the next
    request, also when there was nothing. Types and institutions belong to the cursor and need not be repeated.

    Keep of each record the newest version, and forget what you are told to forget. On 410 begin again without a cursor.
    """
    cursor, at = asked.cursor, time.monotonic()
    while True:
        page = await _read(request, actor, asked, cursor)
        left = asked.wait - (time.monotonic() - at)
        if page.lines.count or page.more or left <= 0:
            return _answer(request, page, as_lines=NDJSON in request.headers.get("accept", ""))
        cursor = page.cursor
        await register_of(request).arrivals.wait(
            cursor.epoch, cursor.position, cursor.sight.institution_ids, seconds=left
        )
        actor = await once_more(request, Permission.FOLLOW_CHANGES)


async def _read(request: Request, actor: Actor, asked: _Asked, cursor: Cursor | None) -> FeedPage:
    register = register_of(request)
    # Whatever was acknowledged before this request came is in its answer.
    await change_log.sequence(register.database)
    scope = await reach.for_records(
        register.database, actor, geography=register.reference.geography, today=register.today()
    )
    async with open_transaction(request, actor, read_only=True, scope=scope, snapshot=True) as tx:
        reading = Reading(database=register.database, scope=scope, connection=tx.connection)
        page = await feed.page(reading, cursor, asked.wanted, asked.limit)
        if page.lines.count:
            students, institutions = tuple(page.lines.student_ids), tuple(sorted(page.lines.institution_ids))
            tx.keep(replace(tx.deed(Action.LIST, "change"), student_ids=students, institution_ids=institutions))
    return page


def _answer(request: Request, page: FeedPage, *, as_lines: bool) -> Response:
    """Put together from the texts that PostgreSQL made: no item is read here."""
    cursor = register_of(request).cursors.write(page.cursor)
    end = f'"cursor":"{cursor}","more":{"true" if page.more else "false"}}}'.encode()
    if as_lines:
        return Response(b"\n".join([*page.lines.parts, b"{" + end + b"\n"]), media_type=NDJSON)
    items = b",".join(page.lines.parts).replace(b"\n", b",")
    return Response(b"".join([b'{"items":[', items, b"],", end]), media_type="application/json")
