"""Batches of a source system: what an item asks for, in which order items are applied, and what came of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from uuid import NAMESPACE_OID, UUID, uuid5

from app.domain.calendar import Semester
from app.domain.errors import Refused, Violation
from app.domain.ids import InstitutionId


class ItemType(StrEnum):
    """In the order of dependence: what stands further down may refer to what stands above."""

    __hash__ = str.__hash__
    # Here and below: items are counted and kept by what they are, and an enumeration's own hash takes ten times as long.

    INSTITUTION = "institution"
    STUDENT = "student"
    ENROLMENT = "enrolment"
    RISK = "risk"
    PLAN = "plan"
    INTERVENTION = "intervention"
    OUTCOME = "outcome"


class Operation(StrEnum):
    """UPSERT says a whole record, DELETE that it was recorded by mistake. The others are steps of a plan."""

    __hash__ = str.__hash__

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
    __hash__ = str.__hash__

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
    """What came of a batch. `request_hash` tells the same request from another one under the same key.

    `removed`: how many records a snapshot has ended; None of a batch that is none, or of which an item could not be read.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotOf:
    """What a snapshot is the whole set of: all records of one type that the source has of one institution and semester.

    `confirmed`: how many removals the source has been told of, and wants all the same.
    """

    type: ItemType
    institution_id: InstitutionId
    semester: Semester
    confirmed: int | None = None


REMOVABLE: frozenset[ItemType] = frozenset(
    {ItemType.ENROLMENT, ItemType.RISK, ItemType.PLAN, ItemType.INTERVENTION, ItemType.OUTCOME}
)
"""Of what there are snapshots. A student is not removed: its enrolment ends."""

FEW, SHARE = 5, Fraction(1, 5)


def demand_confirmed(removed: int, of: int, confirmed: int | None) -> None:
    """Raise ManyRemovals where more than 5 records, and more than a fifth of those there are, would be ended unasked.

    A half-empty export looks like a set in which most are missing, and nobody should lose a class by it. What is confirmed is the
    exact number, so that a confirmation is good for one state of things.
    """
    if removed > FEW and removed > of * SHARE and removed != confirmed:
        raise ManyRemovals(removed, of)


class ManyRemovals(Refused):
    """`removals` are the source's own ids, filled in by whoever knows them."""

    code = "many-removals"

    def __init__(self, count: int, of: int) -> None:
        super().__init__(
            f"{count} of {of} records are missing in this set, and would be ended. If they shall be, confirm the number."
        )
        self.count = count
        self.removals: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        return {"count": self.count, "removals": list(self.removals)}
