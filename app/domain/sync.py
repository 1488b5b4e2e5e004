"""Batches of a source system: what an item asks for, in which order items are applied, and what came of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_OID, UUID, uuid5

from app.domain.errors import Violation


class ItemType(StrEnum):
    """In the order of dependence: what stands further down may refer to what stands above."""

    INSTITUTION = "institution"
    STUDENT = "student"
    ENROLMENT = "enrolment"
    RISK = "risk"
    PLAN = "plan"
    INTERVENTION = "intervention"
    OUTCOME = "outcome"


class Operation(StrEnum):
    """UPSERT says a whole record, DELETE that it was recorded by mistake. The others are steps of a plan."""

    UPSERT = "upsert"
    DELETE = "delete"
    SUBMIT = "submit"
    COMPLETE = "complete"
    DISCONTINUE = "discontinue"


class Mode(StrEnum):
    COMMIT = "commit"
    VALIDATE = "validate"


class Atomicity(StrEnum):
    """Whether a rejected item is left out (ITEM) or has the whole batch refused (ALL)."""

    ITEM = "item"
    ALL = "all"


class BatchState(StrEnum):
    APPLIED = "APPLIED"
    VALIDATED = "VALIDATED"
    REFUSED = "REFUSED"


class Verdict(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    REJECTED = "rejected"


Phase = tuple[Operation, ItemType]

PHASES: tuple[Phase, ...] = (
    *((Operation.UPSERT, each) for each in ItemType if each not in (ItemType.INTERVENTION, ItemType.OUTCOME)),
    (Operation.SUBMIT, ItemType.PLAN),
    (Operation.UPSERT, ItemType.INTERVENTION),
    (Operation.UPSERT, ItemType.OUTCOME),
    (Operation.COMPLETE, ItemType.PLAN),
    (Operation.DISCONTINUE, ItemType.PLAN),
    *((Operation.DELETE, each) for each in reversed(ItemType)),
)
"""Items are applied phase by phase, whatever their order in the batch: what is referred to comes first, and is deleted last."""

OPERATIONS: dict[ItemType, tuple[Operation, ...]] = {
    each: tuple(operation for operation in Operation if (operation, each) in PHASES) for each in ItemType
}

ONCE: dict[Operation, frozenset[Operation]] = {
    operation: group
    for group in (
        frozenset({Operation.UPSERT, Operation.DELETE}),
        frozenset({Operation.SUBMIT}),
        frozenset({Operation.COMPLETE, Operation.DISCONTINUE}),
    )
    for operation in group
}
"""Of each group, one operation for one record in one batch: of two, nobody could say which is meant."""


def source_of(subject: str) -> UUID:
    """The source system that this caller speaks for: a client's own id, or one made of its name in development."""
    try:
        return UUID(subject)
    except ValueError:
        return uuid5(NAMESPACE_OID, subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """`line` counts from 1. Of an item that could not be read, the rest is None. Pointers are into the item."""

    line: int
    violations: tuple[Violation, ...]
    operation: Operation | None = None
    type: ItemType | None = None
    external_id: str | None = None


@dataclass(slots=True)
class Tally:
    """How many items of each type got which verdict. Items whose type could not be read are counted under None."""

    counts: Counter[tuple[ItemType | None, Verdict]] = field(default_factory=Counter)

    def add(self, item_type: ItemType | None, verdict: Verdict, times: int = 1) -> None:
        self.counts[item_type, verdict] += times

    def of(self, verdict: Verdict) -> int:
        return sum(times for (_, given), times in self.counts.items() if given is verdict)

    def by_type(self) -> dict[str, dict[str, int]]:
        """Every verdict of each type that was there, in the order of dependence; `unreadable` last."""
        types = [each for each in (*ItemType, None) if any((each, verdict) in self.counts for verdict in Verdict)]
        return {each or "unreadable": {verdict: self.counts[each, verdict] for verdict in Verdict} for each in types}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a batch. `request_hash` tells the same request from another one under the same key; `removed`: by a snapshot."""

    id: UUID
    source: UUID
    idempotency_key: str
    request_hash: bytes
    mode: Mode
    atomic: Atomicity
    state: BatchState
    items: int
    counts: Mapping[str, Mapping[str, int]]
    rejected: int
    received_at: datetime
    finished_at: datetime
    removed: int | None = None
