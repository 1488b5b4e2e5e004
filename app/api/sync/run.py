"""One run over a batch: phase by phase, some items at a time, within one transaction."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from app.api.sync.items import Item, Unreadable, read
from app.api.sync.references import References, unknown
from app.api.sync.rejections import Rejections
from app.api.sync.splitting import Piece
from app.api.sync.spool import Spool
from app.api.transactions import Transaction
from app.db import source_keys
from app.db.session import savepoint
from app.db.source_keys import Target
from app.domain.errors import Busy, Invalid, Refused, RegisterError, Unavailable, Violation, violation
from app.domain.sync import PHASES, ItemType, Operation, Phase, Rejection, Tally, Verdict

AT_ONCE: Final = 5_000
"""Items that are decided on together."""
Done = TypeVar("Done")


class Kind(Protocol):
    """What items of one type say, and what is done with them."""

    def model(self, operation: Operation) -> TypeAdapter[Any] | None:
        """What `data` of such an item is, or None where it says nothing."""

    async def apply(self, run: "Run", operation: Operation, parts: AsyncIterator[list[Item]]) -> None:
        """Give every item of every part its verdict, by `run.done`, `run.refuse` or `run.judge`. No part is empty."""


class Run:
    """What the items of a batch share while they are applied. One that fails is run again, from the beginning, by another Run."""

    def __init__(self, tx: Transaction, source: UUID, rejected: Rejections) -> None:
        self.tx = tx
        self.source = source
        self.references = References(tx.connection, tx.actor, source)
        self.tally = Tally()
        self._rejected = rejected
        self._thread = ThreadPoolExecutor(max_workers=1)

    async def over(self, spool: Spool, kinds: Mapping[ItemType, Kind]) -> None:
        try:
            for phase in filter(spool.counts.__contains__, PHASES):
                operation, item_type = phase
                kind = kinds[item_type]
                await kind.apply(self, operation, self._ahead(spool, phase, kind))
        finally:
            # What it reads from is closed next.
            await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    def aside(self, work: Callable[..., Done], *about: object) -> asyncio.Future[Done]:
        """Have something done that asks nothing of the database, while PostgreSQL is at work: one after the other, in the order in which it
        is asked for. Threads that ran at the same time would take the interpreter from each other, and what is waited for came last.
        """
        return asyncio.get_running_loop().run_in_executor(self._thread, work, *about)

    async def _ahead(self, spool: Spool, phase: Phase, kind: Kind) -> AsyncIterator[list[Item]]:
        """The items of a phase, the next ones being read while PostgreSQL is at work for those before."""
        chunks, model = spool.chunks(phase, AT_ONCE), kind.model(phase[0])

        def following() -> tuple[list[Item], list[Rejection]] | None:
            pieces = next(chunks, None)
            return None if pieces is None else _read(pieces, phase, model)

        ahead = self.aside(following)
        while (found := await ahead) is not None:
            ahead = self.aside(following)
            items, unreadable = found
            for each in unreadable:
                self._reject(each)
            if items:
                yield items

    def done(self, item: Item, verdict: Verdict) -> None:
        self.tally.add(item.type, verdict)

    def all_done(self, item_type: ItemType, verdicts: Iterable[Verdict]) -> None:
        for verdict, times in Counter(verdicts).items():
            self.tally.add(item_type, verdict, times)

    def refuse(self, item: Item, error: RegisterError) -> None:
        """Reject an item, for a reason in the words of the domain: pointers are those of the record."""
        self._refuse(item, *_violations(error))

    def refuse_unknown(self, item: Item) -> None:
        """Reject an item whose own id stands for no record."""
        self._refuse(item, unknown(item.type, "/external_id"))

    def _refuse(self, item: Item, *wrong: Violation) -> None:
        self._reject(
            Rejection(
                line=item.line,
                violations=wrong,
                operation=item.operation,
                type=item.type,
                external_id=item.external_id,
            )
        )

    def _reject(self, rejection: Rejection) -> None:
        self.tally.add(rejection.type, Verdict.REJECTED)
        self._rejected.add(rejection)

    @asynccontextmanager
    async def judge(self, item: Item) -> AsyncIterator[None]:
        """Whatever refuses the item within, refuses this item alone, and undoes what was done for it."""
        try:
            async with savepoint(self.tx.connection):
                yield
        except (Busy, Unavailable):
            raise  # of the whole batch, which is run again
        except RegisterError as error:
            self.refuse(item, error)

    async def keys(self, items: list[Item]) -> dict[str, UUID]:
        """The records that the source knows by the ids of these items, all of one type."""
        external_ids = sorted({each.external_id for each in items})
        return await source_keys.find(self.tx.connection, self.source, items[0].type, external_ids)

    async def bind(self, item: Item, target: Target, known: UUID | None) -> bool:
        """Let the item's id mean this record from now on, and not `known`. False where another batch was faster: look again."""
        targets = {item.external_id: target}
        if known is None:
            bound = bool(await source_keys.bind(self.tx.connection, self.source, item.type, targets))
        else:
            bound = await source_keys.move(self.tx.connection, self.source, item.type, item.external_id, known, target)
        if bound and target[0] is not None:
            self.references.keep(item.type, {item.external_id: target[0]})
        return bound

    async def unbind(self, item: Item, known: UUID | None) -> None:
        """Let the item's id mean nothing, unless another batch has made it mean another record than `known` meanwhile."""
        await source_keys.forget(self.tx.connection, self.source, item.type, item.external_id, known)
        self.references.forget(item.type, item.external_id)


def _read(pieces: list[Piece], phase: Phase, model: TypeAdapter[Any] | None) -> tuple[list[Item], list[Rejection]]:
    operation, item_type = phase
    items, unreadable = [], []
    for line, text in pieces:
        try:
            items.append(read(line, text, phase, model))
        except Unreadable as error:
            unreadable.append(
                Rejection(
                    line=line,
                    violations=error.violations,
                    operation=operation,
                    type=item_type,
                    external_id=error.external_id,
                )
            )
    return items, unreadable


def _violations(error: RegisterError) -> Iterator[Violation]:
    if not isinstance(error, Invalid):
        yield violation("", error.code, error.message)
    if isinstance(error, Invalid | Refused):
        for each in error.violations:
            yield violation(_pointer(each.pointer), each.code, each.message)


def _pointer(pointer: str) -> str:
    """Where the item says what the record has at this place: `/risk_ids/0` is said at `/data/risks/0`."""
    return "/data" + "".join(f"/{_said(part)}" for part in pointer.split("/")[1:])


def _said(part: str) -> str:
    if part.endswith("_ids"):
        return f"{part.removesuffix('_ids')}s"
    return part.removesuffix("_id")
