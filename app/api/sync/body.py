"""Takes in the body of a batch: decompressed, hashed, cut into items and sorted into the spool, while it arrives."""

import asyncio
import hashlib
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException

from app.api.problems import UnsupportedMediaType
from app.api.sync.items import Unreadable, envelope, parse
from app.api.sync.limits import BatchLimits
from app.api.sync.rejections import Rejections
from app.api.sync.splitting import Elements, Lines, Piece, Splitter
from app.api.sync.spool import Spool
from app.domain.errors import Invalid, violation
from app.domain.sync import ItemType, Rejection

GZIP: Final = 16 + zlib.MAX_WBITS
GZIP_NAMES: Final = frozenset({"gzip", "x-gzip"})
"""RFC 9110, section 8.4.1.3: the second is the first."""
NDJSON, JSON = "application/x-ndjson", "application/json"
MEDIA_TYPES: Final[dict[str, type[Lines] | type[Elements]]] = {NDJSON: Lines, JSON: Elements}
_STEP: Final = 1 << 20
"""Bytes that are decompressed at a time."""
AT_ONCE: Final = 500
"""Items that are sorted before others have a turn."""
MOST_UNKNOWN: Final = 1_000
"""Items without a type that there is, after which the whole body is taken for something else."""
GRACE, SLOWEST = 60, 50_000
"""Seconds that any body may take, and bytes per second at which it has to come beyond."""


@dataclass(slots=True)
class Received:
    """`digest` is the SHA-256 of the body as it was before compression; `lines` the number of the last line that says something;
    `unknown` how many items tell no type.
    """

    spool: Spool
    rejected: Rejections
    digest: bytes = b""
    items: int = 0
    lines: int = 0
    unknown: int = 0


async def receive(
    request: Request, spool: Spool, rejected: Rejections, limits: BatchLimits, only: ItemType | None = None
) -> Received:
    """Sort a body into the spool, and what cannot be read among the rejected. `only`: of a set, which may be empty, the type of all items.

    Raises Invalid where the body as a whole makes no sense, UnsupportedMediaType, and HTTPException 413 where it is too large.
    """
    splitter, received, digest = _splitter(request, limits), Received(spool, rejected), hashlib.sha256()
    size = 0
    async for chunk in _decompressed(request):
        size += len(chunk)
        if size > limits.size:
            raise HTTPException(413)
        digest.update(chunk)
        await _take(received, splitter.feed(chunk), limits, only)
    await _take(received, splitter.end(), limits, only)
    if received.items == 0 and only is None:
        raise Invalid([violation("", "empty-batch", "The batch has no items.")])
    received.digest = digest.digest()
    return received


def _splitter(request: Request, limits: BatchLimits) -> Splitter:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind = MEDIA_TYPES.get(header.get_content_type())
    if kind is None or header.get_content_charset("utf-8") != "utf-8":
        raise UnsupportedMediaType(f"Send {NDJSON} or {JSON}, in UTF-8.")
    return kind(limits.item_size)


async def _decompressed(request: Request) -> AsyncIterator[bytes]:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        async for chunk in _arriving(request):
            yield chunk
    elif encoding in GZIP_NAMES:
        async for chunk in _gunzipped(_arriving(request)):
            yield chunk
    else:
        raise UnsupportedMediaType("A body is sent as it is, or compressed with gzip.")


async def _arriving(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. Raises HTTPException 408 where it comes too slowly: what it holds meanwhile is wanted by others."""
    began, size, stream = time.monotonic(), 0, request.stream()
    while True:
        left = GRACE + size / SLOWEST - (time.monotonic() - began)
        try:
            async with asyncio.timeout(max(left, 0)):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise HTTPException(408) from None
        size += len(chunk)
        yield chunk


async def _gunzipped(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A megabyte at a time, so that no small body becomes a large one in memory. Several members one after the other are one body."""
    member = None
    async for chunk in stream:
        rest, is_full = chunk, False
        # What a member holds back of a full step comes without anything more to read.
        while rest or is_full:
            member = member or zlib.decompressobj(GZIP)
            with _no_gzip():
                found = member.decompress(rest, _STEP)
            yield found
            if member.eof:
                rest, is_full, member = member.unused_data, False, None
            else:
                rest, is_full = member.unconsumed_tail, len(found) == _STEP
    if member is not None:
        raise Invalid([violation("", "body-invalid", "The compressed body ends in the middle.")])


@contextmanager
def _no_gzip() -> Iterator[None]:
    try:
        yield
    except zlib.error:
        raise Invalid([violation("", "body-invalid", "The body is not compressed with gzip, or is damaged.")]) from None


async def _take(received: Received, pieces: Iterator[Piece], limits: BatchLimits, only: ItemType | None) -> None:
    for line, text in pieces:
        received.items += 1
        received.lines = line
        if received.items % AT_ONCE == 0:
            await asyncio.sleep(0)  # a small body may have hundreds of thousands: others are answered meanwhile
        if received.items > limits.items:
            message = f"At most {limits.items} items in a batch: send several."
            raise Invalid([violation("", "too-many-items", message)])
        try:
            _sort(received.spool, line, text, only)
        except Invalid as error:
            known = error if isinstance(error, Unreadable) else Unreadable(list(error.violations), None, None)
            received.unknown += known.type is None
            if received.unknown > MOST_UNKNOWN:
                message = f"More than {MOST_UNKNOWN} items are none that there are: is this the right file?"
                raise Invalid([violation("", "body-invalid", message)]) from None
            received.rejected.add(
                Rejection(line=line, violations=known.violations, type=known.type, external_id=known.external_id)
            )


def _sort(spool: Spool, line: int, text: bytes, only: ItemType | None) -> None:
    read = envelope(parse(text))
    wrong = []
    if only is not None and read.type is not only:
        wrong.append(violation("/type", "other-type", f"This is a set of type {only}."))
    elif not spool.is_new(read.phase, read.external_id):
        wrong.append(violation("/external_id", "duplicate-item", "The batch has an item for this record already."))
    if wrong:
        raise Unreadable(wrong, read.type, read.external_id)
    spool.add(read.phase, line, text)
