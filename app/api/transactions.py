"""One request, one transaction, in the scope of whoever calls; committed before the answer is sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Depends, Request

from app.api.attempts import as_uuid
from app.api.auth import Authenticated
from app.api.correlation import correlation_id
from app.api.paging import Page
from app.api.register import Register, register_of
from app.db import audit, closings, reach
from app.db.scopes import CLOSING, RETENTION, Scope
from app.db.session import Connection
from app.domain.actors import Actor
from app.domain.calendar import Semester
from app.domain.deeds import Action, Deed, distinct
from app.domain.ids import StudentId
from app.domain.reference import ReferenceData


class Record(Protocol):
    @property
    def id(self) -> object: ...


Shown = TypeVar("Shown", bound="Record | Page[Any]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """`today` is the day in Riga on which the request came; `asked_student` whose records a list was asked for, if anybody's.

    `only_validates`: whatever is done will be undone. Then nothing is done that others could wait for: no personal code is claimed.
    """

    connection: Connection
    actor: Actor
    register: Register
    today: date
    asked_student: StudentId | None = None
    only_validates: bool = False
    _kept: list[Deed] = field(default_factory=list)
    _closed: list[frozenset[Semester]] = field(default_factory=list)

    @property
    def reference(self) -> ReferenceData:
        return self.register.reference

    async def closed_semesters(self) -> frozenset[Semester]:
        """Asked once: whoever may write records keeps them from changing meanwhile."""
        if not self._closed:
            self._closed.append(frozenset(await closings.standing(self.connection)))
        return self._closed[0]

    def deed(self, action: Action, noun: str, *records: Record, reason: str | None = None) -> Deed:
        """What the audit keeps of a change of this record, or of whatever else was done to one or several."""
        return Deed(
            actor=self.actor,
            action=action,
            noun=noun,
            correlation_id=correlation_id(),
            record_id=str(records[0].id) if len(records) == 1 else None,
            student_ids=distinct(getattr(each, "student_id", None) for each in records),
            institution_ids=distinct(getattr(each, "institution_id", None) for each in records),
            reason=reason,
        )

    def saw(self, noun: str, shown: Shown) -> Shown:
        """What is answered of students' records, one or a page of them: handed through, and kept in the audit before it is sent."""
        action, records = (Action.LIST, shown.items) if isinstance(shown, Page) else (Action.READ, [shown])
        deed = self.deed(action, noun, *records)
        if action is Action.LIST:
            # Also where nothing was found: that somebody looked for this student is what matters.
            about = distinct([*deed.student_ids, self.asked_student])
            deed = replace(deed, record_id=None, student_ids=about)
        self.keep(deed)
        return shown

    def keep(self, deed: Deed) -> None:
        """Something that was read, to be kept in the audit once this transaction has ended and before the answer is sent."""
        self._kept.append(deed)


@asynccontextmanager
async def open_transaction(
    request: Request, actor: Actor, *, read_only: bool, scope: Scope | None = None, snapshot: bool = False
) -> AsyncIterator[Transaction]:
    """In the scope in which the actor works with records, unless another one is given. Never open one within another: a request
    that waits for a second connection while it holds one can wait for ever.
    """
    register = register_of(request)
    today = register.today()
    if scope is None:
        scope = await reach.for_records(register.database, actor, geography=register.reference.geography, today=today)
    async with register.database.transaction(scope, read_only=read_only, snapshot=snapshot) as connection:
        transaction = Transaction(
            connection=connection, actor=actor, register=register, today=today, asked_student=student_asked_for(request)
        )
        yield transaction
    # Only now: the read itself has written nothing, and nothing of it is sent unless this is kept.
    await audit.append(register.database, transaction._kept)  # noqa: SLF001 - nobody else is to see them


def student_asked_for(request: Request) -> StudentId | None:
    asked = as_uuid(request.query_params.get("student_id", ""))
    return None if asked is None else StudentId(asked)


async def _read(request: Request, actor: Authenticated) -> AsyncIterator[Transaction]:
    async with open_transaction(request, actor, read_only=True) as transaction:
        yield transaction


async def _write(request: Request, actor: Authenticated) -> AsyncIterator[Transaction]:
    async with open_transaction(request, actor, read_only=False) as transaction:
        yield transaction


async def _erase(request: Request, actor: Authenticated) -> AsyncIterator[Transaction]:
    async with open_transaction(request, actor, read_only=False, scope=RETENTION) as transaction:
        yield transaction


async def _close(request: Request, actor: Authenticated) -> AsyncIterator[Transaction]:
    async with open_transaction(request, actor, read_only=False, scope=CLOSING) as transaction:
        yield transaction


# The function scope ends the transaction before the answer is sent: by default a failed commit would still have said 200.
ReadTx = Annotated[Transaction, Depends(_read, scope="function")]
WriteTx = Annotated[Transaction, Depends(_write, scope="function")]
EraseTx = Annotated[Transaction, Depends(_erase, scope="function")]
"""In the scope of retention, which erases every student and reads no record: only for routes that demand the permission to erase."""
ClosingTx = Annotated[Transaction, Depends(_close, scope="function")]
"""In the authority's scope, while nobody else writes records: only for routes that demand the permission to close semesters."""
