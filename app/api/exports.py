"""An export on its way: read in a transaction of its own, no faster than it is fetched, each part in the audit before it leaves."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.correlation import correlation_id
from app.api.register import Register, register_of
from app.api.transactions import student_asked_for
from app.db import audit, exports, reach
from app.db import scopes as database
from app.db.export_lines import Delimiter, Format, Wanted
from app.db.exports import Part
from app.db.parquet import Table
from app.domain.actors import Actor
from app.domain.deeds import Action, Deed, distinct
from app.domain.ids import StudentId

MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8; header=present",
    Format.NDJSON: "application/x-ndjson",
    Format.PARQUET: "application/vnd.apache.parquet",
}
AskedDelimiter = Annotated[
    Delimiter,
    Query(description="Of CSV. Beside semicolons, as Excel in Latvian expects them, decimals have a comma."),
]
_AHEAD = {Format.CSV: 1, Format.NDJSON: 1, Format.PARQUET: 8}
"""Parts that may lie ready. While a row group is written PostgreSQL does not wait for us."""


class Export(StreamingResponse):
    """However it ends, the transaction behind it ends with it."""

    def __init__(self, first: bytes, others: AsyncGenerator[bytes], *, name: str, form: Format) -> None:
        self._others = others
        super().__init__(
            _joined(first, others),
            media_type=MEDIA_TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{name}.{form}"', "Vary": "Accept"},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._others.aclose()


async def export(request: Request, actor: Actor, wanted: Wanted) -> Export:
    """The first part is read and kept before anything is answered: until then whatever fails is answered as a problem."""
    register = register_of(request)
    today = register.today()
    scope = await reach.for_records(register.database, actor, geography=register.reference.geography, today=today)
    parts = _parts(register, actor, scope, wanted, student_asked_for(request))
    first = await anext(parts)
    return Export(first, parts, name=f"{wanted.noun}s-{today}", form=wanted.layout.format)


async def _joined(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for each in others:
        if each:
            yield each


async def _parts(
    register: Register, actor: Actor, scope: database.Scope, wanted: Wanted, asked: StudentId | None
) -> AsyncGenerator[bytes]:
    turns = register.exports
    turns.take(actor.subject)
    read = _Read(_AHEAD[wanted.layout.format])
    table = Table(wanted.noun) if wanted.layout.format is Format.PARQUET else None
    reading = asyncio.create_task(_read(register, scope, wanted, read))
    # Not by the task itself: one that is cancelled before it begins does nothing at all.
    reading.add_done_callback(lambda _: turns.leave(actor.subject))
    try:
        while (part := await read.next()) is not None:
            if table is not None:
                # Most of it lets other threads work meanwhile, the one that reads on among them.
                part = await asyncio.to_thread(table.take, part.text)
            await audit.append(register.database, [_deed(actor, wanted.noun, part, asked)])
            yield part.text
        await reading
        if table is not None:
            yield await asyncio.to_thread(table.end)
    finally:
        reading.cancel()
        await asyncio.wait([reading])


class _Read:
    """At most so many parts lie here; that there are no more is said whether or not there is room for it."""

    def __init__(self, room: int) -> None:
        self._lying: asyncio.Queue[Part | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(room)

    async def put(self, part: Part) -> None:
        await self._room.acquire()
        self._lying.put_nowait(part)

    def end(self) -> None:
        self._lying.put_nowait(None)

    async def next(self) -> Part | None:
        part = await self._lying.get()
        self._room.release()
        return part


async def _read(register: Register, scope: database.Scope, wanted: Wanted, read: _Read) -> None:
    """The time is kept here: a server that waits for somebody who does not read does not look at its own clock."""
    seconds = register.exports.seconds
    try:
        async with (
            asyncio.timeout(seconds),
            register.database.transaction(scope, read_only=True) as connection,
        ):
            await exports.copy(connection, wanted, read.put, seconds=seconds)
    finally:
        read.end()


def _deed(actor: Actor, noun: str, part: Part, asked: StudentId | None) -> Deed:
    return Deed(
        actor=actor,
        action=Action.LIST,
        noun=noun,
        correlation_id=correlation_id(),
        student_ids=distinct([*part.student_ids, asked]),
        institution_ids=part.institution_ids,
    )
