"""Takes a batch that has arrived: once for each key of the source, in one transaction with its report."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import random
from typing import Final

from app.api.correlation import correlation_id
from app.api.ids import time_ordered_id
from app.api.register import Register
from app.api.sync.body import Received
from app.api.sync.kinds.table import KINDS
from app.api.sync.rejections import Rejections
from app.api.sync.removals import remove_missing
from app.api.sync.run import Run
from app.api.transactions import Transaction
from app.db import audit, reach, sync_batches
from app.db.scopes import Scope
from app.db.session import Connection
from app.domain.actors import Actor
from app.domain.deeds import Action, Deed, DeedOutcome
from app.domain.errors import Busy, Invalid, Refused, Unavailable, violation
from app.domain.sync import (
    Atomicity,
    BatchState,
    Mode,
    Rejection,
    Report,
    SnapshotOf,
    Verdict,
    source_of,
)

ATTEMPTS: Final = 8
PAUSE: Final = 0.5
"""Seconds, at most, before a batch that got into the way of another one is run again."""


class Running(Refused):
    code = "batch-running"
    retry_after = 2

    def __init__(self) -> None:
        super().__init__("A batch with this Idempotency-Key is being applied at this moment: ask again in a while.")


class KeyReused(Invalid):
    code = "idempotency-key-reused"

    def __init__(self) -> None:
        message = "This Idempotency-Key was used for another batch: each batch has a key of its own."
        super().__init__([violation("/header/Idempotency-Key", self.code, message)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a batch is to be taken. `snapshot`: of what it is the whole set, if it is one."""

    idempotency_key: str
    mode: Mode
    atomic: Atomicity
    received_at: datetime
    snapshot: SnapshotOf | None = None

    def request_hash(self, digest: bytes) -> bytes:
        said = f"{self.mode} {self.atomic} {self.snapshot} ".encode()
        return hashlib.sha256(said + digest).digest()


class _Undone(Exception):
    """Leaves the transaction of a batch of which nothing is to be kept, with its report."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`replayed`: it had been applied before, and is answered as it was then."""

    report: Report
    replayed: bool


async def take(
    register: Register, client: str, asked: Callable[[], Awaitable[Actor]], order: Order, received: Received
) -> Taken:
    """Apply the batch, or find what was answered when it was applied. Raises Running, KeyReused and Unavailable.

    `asked` tells who the client is, and what it may, once its turn has come: a body may have taken its time to arrive.
    """
    for attempt in range(ATTEMPTS):
        try:
            async with register.batch_turns.turn(client):
                actor = await asked()
                scope = await reach.for_records(
                    register.database, actor, geography=register.reference.geography, today=register.today()
                )
                # Of batches that wait for each other in a circle PostgreSQL ends one. It has its items still, and begins again:
                # alone from now on, so that each of many that want the same is done after the other.
                return await _Taking(register, actor, scope, order, received).attempt(alone=attempt > 0)
        except Busy as error:
            if attempt == ATTEMPTS - 1:
                raise Unavailable from error
            await asyncio.sleep(PAUSE * random())  # noqa: S311 - no secret
    raise AssertionError


class _Taking:
    def __init__(self, register: Register, actor: Actor, scope: Scope, order: Order, received: Received) -> None:
        self._register, self._actor, self._scope = register, actor, scope
        self._order, self._received = order, received
        self._source = source_of(actor.subject)
        self._hash = order.request_hash(received.digest)

    async def attempt(self, *, alone: bool) -> Taken:
        with Rejections() as rejected:
            try:
                async with self._held() as (connection, known):
                    if known is not None:
                        return Taken(report=known, replayed=True)
                    await sync_batches.take_place(connection, self._actor.institution_ids, alone=alone)
                    return Taken(report=await self._apply(connection, rejected), replayed=False)
            except _Undone as undone:
                return await self._keep(undone.report, rejected)

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[tuple[Connection, Report | None]]:
        """A transaction that holds the key, and the report that is kept under it, if there is one."""
        async with self._register.database.transaction(self._scope) as connection:
            if not await sync_batches.lock(connection, self._source, self._order.idempotency_key):
                raise Running
            known = await sync_batches.find(connection, self._order.idempotency_key)
            if known is not None and known.request_hash != self._hash:
                raise KeyReused
            yield connection, known

    async def _apply(self, connection: Connection, rejected: Rejections) -> Report:
        await sync_batches.unlimited(connection)
        tx = Transaction(
            connection=connection,
            actor=self._actor,
            register=self._register,
            today=self._register.today(),
            only_validates=self._order.mode is Mode.VALIDATE,
        )
        run = Run(tx, self._source, rejected)
        for each in chain.from_iterable(self._received.rejected.chunks()):
            run.tally.add(each.type, Verdict.REJECTED)
        await run.over(self._received.spool, KINDS)
        removed = None
        if self._order.snapshot is not None and not self._received.rejected:
            # Of what could not be read nobody knows whether it names a record.
            removed = await remove_missing(run, self._order.snapshot, self._received)
        report = self._report(run, removed)
        if report.state is not BatchState.APPLIED:
            raise _Undone(report)
        await self._store(connection, report, rejected)
        return report

    def _report(self, run: Run, removed: int | None) -> Report:
        refused = run.tally.of(Verdict.REJECTED)
        state = BatchState.APPLIED
        if self._order.atomic is Atomicity.ALL and refused:
            state = BatchState.REFUSED
        elif self._order.mode is Mode.VALIDATE:
            state = BatchState.VALIDATED
        return Report(
            id=time_ordered_id(),
            source=self._source,
            idempotency_key=self._order.idempotency_key,
            request_hash=self._hash,
            mode=self._order.mode,
            atomic=self._order.atomic,
            state=state,
            items=self._received.items,
            counts=run.tally.by_type(),
            rejected=refused,
            removed=removed,
            received_at=self._order.received_at,
            finished_at=datetime.now(UTC),
        )

    async def _keep(self, report: Report, rejected: Rejections) -> Taken:
        """The report of what was undone, in a transaction of its own: nothing but the report is kept."""
        async with self._held() as (connection, known):
            if known is not None:
                return Taken(report=known, replayed=True)
            await self._store(connection, report, rejected)
        return Taken(report=report, replayed=False)

    async def _store(self, connection: Connection, report: Report, rejected: Rejections) -> None:
        kept_since = report.received_at - timedelta(days=self._register.batches.report_days)
        await sync_batches.forget_before(connection, kept_since)
        await sync_batches.add(connection, report, self._all_rejected(rejected))
        deed = Deed(
            actor=self._actor,
            action=Action.SEND_BATCH,
            noun="batch",
            correlation_id=correlation_id(),
            record_id=str(report.id),
            outcome=DeedOutcome.REFUSED if report.state is BatchState.REFUSED else DeedOutcome.DONE,
            reason=f"{report.mode}: {report.items} items, {report.rejected} rejected",
        )
        await audit.record(connection, deed)

    def _all_rejected(self, rejected: Rejections) -> Iterator[list[Rejection]]:
        yield from self._received.rejected.chunks()
        yield from rejected.chunks()
