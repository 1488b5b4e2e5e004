"""What resolvers are handed: who asks, on which day, and the sources that one document shares."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

import strawberry

from app.api.register import Register
from app.db.session import Database
from app.db.statistics import Snapshot
from app.domain.actors import Actor
from app.domain.reference import ReferenceData

Shared = TypeVar("Shared")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Of one document. It holds no session: statistics share the snapshot, each loader opens its own transaction."""

    actor: Actor
    register: Register
    today: date
    correlation_id: str
    statistics: Snapshot
    _shared: dict[object, object] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.register.database

    @property
    def reference(self) -> ReferenceData:
        return self.register.reference

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
