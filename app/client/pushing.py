"""Batches in: what is sent, in which pieces, and what came of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Required, TypedDict, Unpack
from uuid import uuid4

from .batches import Batch, Order, Spool
from .calls import Caller
from .errors import Misdirected, Problem
from .journal import opened
from .reports import Json, Progress, Rejection, Report, Schema
from .steps import Exchange, Send, Tell

BATCHES = "/v1/sync/batches"
SNAPSHOTS = "/v1/sync/snapshots"
OURS = "/v1/"
"""How every address begins that the register may name for more."""
BATCH_ITEMS, BATCH_BYTES = 5_000, 8_000_000
WHOLE = 10**12
"""No limit of ours: what has to be taken as a whole goes in one piece."""
PAGE = 1_000
ANSWERED_WITHIN = 300.0
"""Seconds. Where the answer takes longer, the batch is asked after under its key."""

Mode = Literal["commit", "validate"]
Atomic = Literal["item", "all"]


class PushOptions(TypedDict, total=False):
    """`mode="validate"` keeps nothing, and `atomic="all"` takes all items or none: both go in a single batch, the first since what
    an earlier batch did not keep could not be referred to. `journal`: a file by which a run that was killed goes on. `batch_items` and
    `batch_bytes` bound a batch; bytes are counted before compression.
    """

    mode: Mode
    atomic: Atomic
    journal: Path | str | None
    batch_items: int
    batch_bytes: int


class SnapshotOptions(TypedDict, total=False):
    """What the set is of; `institution` by the register's number, which may be left out by a system that acts for one alone.
    `confirm_removals`: the number that ManyRemovals told.
    """

    type: Required[str]
    semester: Required[str]
    institution: int | None
    mode: Mode
    confirm_removals: int | None


@dataclass(slots=True)
class Pushing:
    caller: Caller
    _order: Order | None = None

    def schema(self) -> Exchange[Any, Schema]:
        return Schema.of((yield from self.caller.get("/v1/sync/schema")))

    def report(self, report_id: str) -> Exchange[Any, Report]:
        """With every rejection, not the first thousand alone."""
        return Report.of((yield from self._whole((yield from self.caller.get(f"{BATCHES}/{report_id}")))))

    def push(self, items: Iterable[Json], **options: Unpack[PushOptions]) -> Exchange[Progress, None]:
        """Tells of each batch as soon as the register has acknowledged it."""
        mode, atomic = options.get("mode", "commit"), options.get("atomic", "item")
        alone = atomic == "all" or mode == "validate"
        limits = {
            "items": WHOLE if alone else options.get("batch_items", BATCH_ITEMS),
            "size": WHOLE if alone else options.get("batch_bytes", BATCH_BYTES),
        }
        if self._order is None:
            self._order = Order.of((yield from self.schema()))
        settings = {"mode": mode, "atomic": atomic, **limits}
        # Taken before the journal is begun: whatever is wrong with the items themselves has then been raised.
        with Spool(self._order) as spool:
            spool.take(items)
            with opened(options.get("journal"), settings) as journal:
                done = 0
                for number, batch in enumerate(spool.batches(**limits), 1):
                    key = batch.key(journal.run, str(number), mode, atomic)
                    resumed = key in journal.acknowledged
                    if not resumed:
                        params = (("mode", mode), ("atomic", atomic))
                        journal.acknowledge(key, (yield from self._send(BATCHES, params, batch, key)))
                    report = Report.of(journal.acknowledged[key])
                    done += len(batch)
                    yield Tell(_progress(number, batch, spool.count, done, report, resumed=resumed))
                journal.finish()

    def snapshot(self, items: Iterable[Json], **options: Unpack[SnapshotOptions]) -> Exchange[Any, Report]:
        """All records of one type, institution and semester. Raises ManyRemovals where unusually many others would be ended."""
        params = tuple((name, str(value)) for name, value in options.items() if value is not None)
        with Spool(Order({})) as spool:
            spool.take(items)
            batch = next(spool.batches(items=WHOLE, size=WHOLE), Batch((), ()))
        document = yield from self._send(SNAPSHOTS, params, batch, batch.key(str(uuid4())))
        return Report.of(document)

    def _send(self, path: str, params: tuple[tuple[str, str], ...], batch: Batch, key: str) -> Exchange[Any, Any]:
        """The report, with every rejection, also where the batch was refused as a whole."""
        headers = {
            "content-type": "application/x-ndjson",
            "content-encoding": "gzip",
            "idempotency-key": key,
        }
        request = Send(
            method="POST", path=path, params=params, headers=headers, content=batch.body, timeout=ANSWERED_WITHIN
        )
        try:
            document = json.loads((yield from self.caller.call(request)).content)
        except Problem as problem:
            if "batch" not in problem.document:
                raise
            document = problem.document["batch"]
        return (yield from self._whole(document))

    def _whole(self, document: Any) -> Exchange[Any, Any]:  # noqa: ANN401 - JSON
        rejected = list(document["rejected"])
        path, _, query = str(document.get("more_rejected") or "").partition("?")
        if path and not path.startswith(OURS):
            raise Misdirected(f"More is said to be at {path!r}, which is no address of the register")
        after = query.partition("after=")[2] if path else None
        while after is not None:
            page = yield from self.caller.get(path, after=str(after))
            rejected += page["items"]
            after = page["next"]
        return {**document, "rejected": rejected, "more_rejected": None}


def _progress(number: int, batch: Batch, items: int, done: int, report: Report, *, resumed: bool) -> Progress:
    rejections: tuple[Rejection, ...] = report.rejected
    return Progress(
        batch=number, items=items, done=done, report=report, rejected=batch.rejected(rejections), resumed=resumed
    )
