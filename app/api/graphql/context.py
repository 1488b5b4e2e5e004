"""What resolvers are handed: who asks, on which day, and the sources that one document shares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

import strawberry

from app.api.register import Register
from app.db.session import Database
from app.db.statistics import Snapshot
from app.domain.actors import Actor
from app.domain.deeds import Action, Deed, DeedOutcome, distinct
from app.domain.ids import StudentId
from app.domain.reference import ReferenceData

Shared = TypeVar("Shared")


class HasId(Protocol):
    @property
    def id(self) -> UUID: ...


Record = TypeVar("Record", bound=HasId)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Of one document. It holds no session: statistics share the snapshot, each loader opens its own transaction."""

    actor: Actor
    register: Register
    today: date
    correlation_id: str
    statistics: Snapshot
    _shared: dict[object, object] = field(default_factory=dict)
    _deeds: list[Deed] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.register.database

    @property
    def reference(self) -> ReferenceData:
        return self.register.reference

    @property
    def deeds(self) -> Sequence[Deed]:
        """What the document has read of students' records, and what it asked for in vain."""
        return self._deeds

    def saw(self, noun: str, records: Sequence[Record], *, asked: UUID | None = None) -> Sequence[Record]:
        """Records that are answered: handed through, and kept for the audit. Reading none of many is no deed, unless a student was
        `asked` for.
        """
        if records or asked is not None:
            self._note(
                Action.READ,
                noun,
                record_id=str(records[0].id) if len(records) == 1 else None,
                student_ids=distinct([*(getattr(each, "student_id", None) for each in records), asked]),
                institution_ids=distinct(getattr(each, "institution_id", None) for each in records),
            )
        return records

    def missed(self, noun: str, record_id: UUID) -> None:
        """A record that was asked for by its id, and is absent or foreign."""
        self._note(
            Action.ATTEMPT,
            noun,
            record_id=str(record_id),
            student_ids=(StudentId(record_id),) if noun == "student" else (),
            outcome=DeedOutcome.NOT_FOUND,
            reason="query: not-found",
        )

    def refused(self, path: str, code: str) -> None:
        """A field that the caller's role may not ask for."""
        self._note(Action.ATTEMPT, path, outcome=DeedOutcome.FORBIDDEN, reason=f"query: {code}")

    def _note(self, action: Action, noun: str, **more: Any) -> None:  # noqa: ANN401 - fields of the deed
        deed = Deed(actor=self.actor, action=action, noun=noun, correlation_id=self.correlation_id, **more)
        self._deeds.append(deed)

    def shared(self, make: Callable[["Context"], Shared]) -> Shared:
        """What `make` makes of this context, made once in a document: the place of dataloaders."""
        if make not in self._shared:
            self._shared[make] = make(self)
        return cast("Shared", self._shared[make])


Info = strawberry.Info[Context, None]


def new_context(register: Register, actor: Actor, correlation_id: str) -> Context:
    today = register.today()
    return Context(
        actor=actor,
        register=register,
        today=today,
        correlation_id=correlation_id,
        statistics=Snapshot(database=register.database, reference=register.reference, actor=actor, today=today),
    )
