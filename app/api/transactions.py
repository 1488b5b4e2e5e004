"""One request, one transaction, in the scope of whoever calls; committed before the answer is sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol

from fastapi import Depends, Request

from app.api.auth import Authenticated
from app.api.correlation import correlation_id
from app.api.register import Register, register_of
from app.db import reach
from app.db.scopes import Scope
from app.db.session import Connection
from app.domain.actors import Actor
from app.domain.deeds import Action, Deed
from app.domain.reference import ReferenceData


class Record(Protocol):
    @property
    def id(self) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """`today` is the day in Riga on which the request came."""

    connection: Connection
    actor: Actor
    register: Register
    today: date

    @property
    def reference(self) -> ReferenceData:
        return self.register.reference

    def deed(self, action: Action, noun: str, record: Record, *, reason: str | None = None) -> Deed:
        """What the audit keeps of a change of this record."""
        return Deed(
            actor=self.actor,
            action=action,
            noun=noun,
            correlation_id=correlation_id(),
            record_id=str(record.id),
            student_id=getattr(record, "student_id", None),
            institution_id=getattr(record, "institution_id", None),
            reason=reason,
        )


@asynccontextmanager
async def open_transaction(
    request: Request, actor: Actor, *, read_only: bool, scope: Scope | None = None
) -> AsyncIterator[Transaction]:
    """In the scope in which the actor works with records, unless another one is given. Never open one within another: a request
    that waits for a second connection while it holds one can wait for ever.
    """
    register = register_of(request)
    today = register.today()
    if scope is None:
        scope = await reach.for_records(register.database, actor, geography=register.reference.geography, today=today)
    async with register.database.transaction(scope, read_only=read_only) as connection:
        yield Transaction(connection=connection, actor=actor, register=register, today=today)


async def _read(request: Request, actor: Authenticated) -> AsyncIterator[Transaction]:
    async with open_transaction(request, actor, read_only=True) as transaction:
        yield transaction


async def _write(request: Request, actor: Authenticated) -> AsyncIterator[Transaction]:
    async with open_transaction(request, actor, read_only=False) as transaction:
        yield transaction


# The function scope ends the transaction before the answer is sent: by default a failed commit would still have said 200.
ReadTx = Annotated[Transaction, Depends(_read, scope="function")]
WriteTx = Annotated[Transaction, Depends(_write, scope="function")]
