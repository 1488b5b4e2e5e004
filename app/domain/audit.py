"""The audit as it is read back, and the chain that seals it.

Entries get gapless positions, and each the hash of the one before and of itself: whoever changes, removes or inserts one breaks every
hash after it, and whoever cuts the end off leaves a chain that is shorter than a head noted elsewhere.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from app.domain.actors import LEVELS, Actor, Level
from app.domain.deeds import Action

GENESIS = bytes(32)
"""What stands before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One thing that somebody did, read or tried. `at` is in UTC, to the microsecond; `organisation` is whom they acted for."""

    id: UUID
    at: datetime
    subject: str
    role: str
    organisation: str | None
    action: str
    noun: str
    record_id: str | None
    student_ids: tuple[UUID, ...]
    institution_ids: tuple[int, ...]
    outcome: str
    reason: str | None
    correlation_id: str | None


ABOVE_ALL = frozenset(role for role, level in LEVELS.items() if level in (Level.STATE, Level.OPERATOR))
"""Whose entries every institution is told. Of other organisations it is told those of its own, its partner and its region alone:
that another one reads a student's records would tell where else the student is known (domain rule 9), to whoever has registered a
personal code and ended an enrolment of its own making.
"""
OF_TRANSFERS = frozenset({Action.OPEN_HISTORY, Action.CLOSE_HISTORY})
"""For the same reason no institution is told that records were opened or closed to it or by it, though it was its own act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the chain ends: exported and kept elsewhere, it shows later whether anything before it was touched."""

    position: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEvent:
    event: AuditEvent
    position: int
    hash: bytes

    @property
    def head(self) -> Head:
        return Head(position=self.position, hash=self.hash)


EMPTY = Head(position=0, hash=GENESIS)


def seal(events: Iterable[AuditEvent], after: Head) -> Iterator[SealedEvent]:
    """The events in the order given, as the next entries of the chain."""
    position, last = after.position, after.hash
    for event in events:
        position += 1
        last = link(last, position, event)
        yield SealedEvent(event=event, position=position, hash=last)


def link(previous: bytes, position: int, event: AuditEvent) -> bytes:
    """SHA-256 of the hash before, and of the entry as JSON: a list of its fields in the order of the class, without white space."""
    fields = [
        position,
        str(event.id),
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.subject,
        event.role,
        event.organisation,
        event.action,
        event.noun,
        event.record_id,
        [str(each) for each in event.student_ids],
        list(event.institution_ids),
        event.outcome,
        event.reason,
        event.correlation_id,
    ]
    return sha256(previous + json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def as_reported_to(actor: Actor, event: AuditEvent) -> AuditEvent:
    """The entry as this reader of a student's access report is told it; whose entries an institution is told at all, `ABOVE_ALL` says.
    A reason is told to the state, and else to those alone who stated it: what the authority writes may name other institutions, and
    if only such reasons were left out, that would tell, too.
    """
    if actor.level is Level.STATE or event.organisation == actor.organisation:
        return event
    return replace(event, reason=None)


class Verification:
    """Walks a chain from its beginning, in parts of any size, and says what is wrong with it."""

    def __init__(self, noted: Sequence[Head] = ()) -> None:
        """`noted` are heads that were exported earlier."""
        self._noted = {head.position: head.hash for head in noted}
        self.head = EMPTY

    def walk(self, entries: Iterable[SealedEvent]) -> Iterator[str]:
        """What is wrong with the next entries, in the order of their positions."""
        for entry in entries:
            expected = self.head.position + 1
            if entry.position != expected:
                gap = f"{expected}" if entry.position == expected + 1 else f"{expected} to {entry.position - 1}"
                yield f"Removed: nothing stands at position {gap}."
            elif link(self.head.hash, entry.position, entry.event) != entry.hash:
                yield f"Changed: the entry at position {entry.position} is not the one that was sealed."
            noted = self._noted.pop(entry.position, None)
            if noted is not None and noted != entry.hash:
                yield f"Rewritten: position {entry.position} has another hash than the head noted for it."
            # Going on from what stands there, one broken entry is told once, and so is the next one.
            self.head = entry.head

    def end(self, kept: Head) -> Iterator[str]:
        """What is wrong once every entry was walked. `kept` is the head that the register itself keeps."""
        if kept != self.head:
            yield f"Truncated: the chain ends at position {self.head.position}, and its head says {kept.position}."
        for position in sorted(self._noted):
            yield f"Truncated: a head was noted at position {position}, and the chain does not reach it."
