"""Reports of batches in PostgreSQL. One that was applied is kept in the applying transaction: there is none without the other."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import many
from app.db.session import driver_of
from app.db.tables import sync_batch, sync_rejection
from app.domain.errors import NotFound, Violation
from app.domain.sync import Atomicity, BatchState, ItemType, Mode, Operation, Rejection, Report

_APPLYING = 0x53594E43
"""Names the advisory locks under which batches work on an institution."""
_PATIENCE, _USUAL = "50s", "10s"
"""For how long a batch waits for others to end, and for a row: the second is what every transaction begins with."""

COLUMNS = tuple(column.name for column in sync_batch.columns)


async def lock(connection: AsyncConnection, source: UUID, idempotency_key: str) -> bool:
    """Hold this key of the source until the end of the transaction; False where another transaction holds it."""
    held = func.pg_try_advisory_xact_lock(func.hashtextextended(f"{source} {idempotency_key}", 0))
    return bool((await connection.execute(select(held))).scalar_one())


async def take_place(connection: AsyncConnection, institution_ids: Iterable[int], *, alone: bool) -> None:
    """Work on these institutions beside other batches until the end of the transaction; `alone`: once all of them have ended, and before
    any other begins. The first thing that a batch waits for, and in the order of the institutions: it never waits in a circle.
    """
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    ids = ", ".join(str(int(each)) for each in sorted(institution_ids))
    await (await driver_of(connection)).execute(
        f"SET LOCAL lock_timeout = '{_PATIENCE}';"  # noqa: S608 - numbers
        f" SELECT {lock}({_APPLYING}, id) FROM unnest(ARRAY[{ids}]::int[]) AS id;"
        f" SET LOCAL lock_timeout = '{_USUAL}'"
    )


async def unlimited(connection: AsyncConnection) -> None:
    """A batch takes as long as it takes: the limit on a transaction is for requests."""
    await (await driver_of(connection)).execute("SET LOCAL transaction_timeout = 0")


async def find(connection: AsyncConnection, idempotency_key: str) -> Report | None:
    """Of this scope's source."""
    query = select(sync_batch).where(sync_batch.c.idempotency_key == idempotency_key)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _of(row)


async def get(connection: AsyncConnection, batch_id: UUID) -> Report:
    """Raises NotFound for what is absent, and for another source's."""
    row = (await connection.execute(select(sync_batch).where(sync_batch.c.id == batch_id))).one_or_none()
    if row is None:
        raise NotFound("batch")
    return _of(row)


async def page(connection: AsyncConnection, *, before: UUID | None, limit: int) -> Sequence[Report]:
    """The newest first, from the one that came before `before` on."""
    query = select(sync_batch).order_by(sync_batch.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(sync_batch.c.id < before)
    return [_of(row) for row in await connection.execute(query)]


async def add(connection: AsyncConnection, each: Report, rejected: Iterable[Sequence[Rejection]]) -> None:
    await connection.execute(insert(sync_batch).values({name: getattr(each, name) for name in COLUMNS}))
    for chunk in rejected:
        rows = [_rejection_row(each, rejection) for rejection in chunk]
        await many.insert(connection, sync_rejection, many.columns_of(rows))


async def rejections(connection: AsyncConnection, batch_id: UUID, *, after: int, limit: int) -> Sequence[Rejection]:
    """In the order of their lines, from the one after line `after` on."""
    query = select(sync_rejection).where(sync_rejection.c.batch_id == batch_id, sync_rejection.c.line > after)
    rows = await connection.execute(query.order_by(sync_rejection.c.line).limit(limit))
    return [_rejection_of(row) for row in rows]


async def forget_before(connection: AsyncConnection, day: datetime) -> None:
    """Reports of this scope's source that came earlier, and with them the keys under which the batches could be sent again."""
    await connection.execute(delete(sync_batch).where(sync_batch.c.received_at < day))


def _of(row: Row[Any]) -> Report:
    fields = {name: getattr(row, name) for name in COLUMNS}
    return Report(
        **fields | {"mode": Mode(row.mode), "atomic": Atomicity(row.atomic), "state": BatchState(row.state)},
    )


def _rejection_row(report: Report, each: Rejection) -> dict[str, Any]:
    return {
        "batch_id": report.id,
        "source": report.source,
        "line": each.line,
        "operation": each.operation,
        "type": each.type,
        "external_id": each.external_id,
        "violations": [[wrong.pointer, wrong.code, wrong.message] for wrong in each.violations],
    }


def _rejection_of(row: Row[Any]) -> Rejection:
    return Rejection(
        line=row.line,
        operation=None if row.operation is None else Operation(row.operation),
        type=None if row.type is None else ItemType(row.type),
        external_id=row.external_id,
        violations=tuple(Violation(pointer=pointer, code=code, message=text) for pointer, code, text in row.violations),
    )
