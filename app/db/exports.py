"""Exports of records: lines that PostgreSQL writes in the reader's own scope by COPY, handed on in parts as they come.

No object is made of any record. Whom a part tells of is read from the beginning of its lines, which is the same for every noun.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from asyncpg.protocol import NO_TIMEOUT
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.export_lines import Wanted, lines_of
from app.db.session import driver_of
from app.domain.ids import InstitutionId, StudentId

PART: Final = 1_048_576
"""Bytes after which a part is handed on: what is held of an export at a time is a few of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Whole records, and whom they are about."""

    text: bytes
    student_ids: tuple[StudentId, ...]
    institution_ids: tuple[InstitutionId, ...]


async def copy(
    connection: AsyncConnection, wanted: Wanted, hand_on: Callable[[Part], Awaitable[object]], *, seconds: float
) -> None:
    """Reads no faster than it can hand on. There is at least one part, however little there is. `seconds` end it on the server, too."""
    lines = lines_of(wanted)
    heads: set[bytes] = set()
    held: list[bytes] = [lines.head]
    size, handed = 0, False

    async def flush() -> None:
        nonlocal size, handed
        students, institutions = lines.about(heads)
        part = Part(text=b"".join(held), student_ids=students, institution_ids=institutions)
        held.clear()
        heads.clear()
        size, handed = 0, True
        await hand_on(part)

    async def take(data: bytes | bytearray) -> None:
        """Whole lines, a few at a time: done here rather than for a whole part at once, it lets PostgreSQL write on meanwhile."""
        nonlocal size
        text = bytes(data)
        heads.update(lines.heads(text))
        held.append(lines.sent(text))
        size += len(text)
        if size >= PART:
            await flush()

    driver = await driver_of(connection)
    milliseconds = int(seconds * 1_000)
    # A limit that is merely moved leaves the transaction's clock as it was set: it is taken off, and set anew.
    await driver.execute(
        f"SET LOCAL statement_timeout = {milliseconds}; SET LOCAL transaction_timeout = 0;"
        f" SET LOCAL transaction_timeout = {milliseconds}"
    )
    # The caller keeps the time: a limit of the driver's own would be a task and a timer for every few kilobytes.
    await driver.copy_from_query(
        lines.query(connection), output=take, timeout=NO_TIMEOUT, format="csv", **lines.options
    )
    if held or not handed:
        await flush()
