"""The sealed log of the audit: entries are moved into it from the inbox, and read back."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    LargeBinary,
    Row,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.scopes import DatabaseRole, Scope
from app.db.session import Database, driver_of
from app.db.tables import audit_event, audit_head, audit_inbox, audit_log
from app.domain.audit import ABOVE_ALL, OF_TRANSFERS, AuditEvent, Head, SealedEvent, seal
from app.domain.deeds import Action, distinct
from app.domain.ids import StudentId

SEALER = Scope(role=DatabaseRole.SEALER)
AUDITOR = Scope(role=DatabaseRole.AUDITOR)
AT_ONCE = 5_000

_FIELDS = [column.name for column in audit_inbox.columns]
_MOVE = text(
    f"""WITH moved AS (DELETE FROM audit_inbox WHERE id = ANY (:ids) RETURNING *)
    INSERT INTO audit_log ({", ".join(_FIELDS)}, position, hash)
    SELECT {", ".join(f"moved.{name}" for name in _FIELDS)}, sealed.position, sealed.hash
    FROM moved JOIN unnest(:ids, :positions, :hashes) AS sealed (id, position, hash) USING (id)"""  # noqa: S608 - our own columns
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("positions", type_=ARRAY(BigInteger)),
    bindparam("hashes", type_=ARRAY(LargeBinary)),
)


def event_of(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        id=row.id,
        at=row.at,
        subject=row.subject,
        role=row.role,
        organisation=row.organisation,
        action=row.action,
        noun=row.noun,
        record_id=row.record_id,
        student_ids=tuple(row.student_ids),
        institution_ids=tuple(row.institution_ids),
        outcome=row.outcome,
        reason=row.reason,
        correlation_id=row.correlation_id,
    )


async def seal_next(database: Database) -> int:
    """Move up to 5,000 entries of the inbox to the end of the chain, and return how many. None where another process is sealing.

    An entry that commits late is sealed late: its place in the chain is when it was sealed, and no entry is ever waited for.
    """
    async with database.transaction(SEALER) as connection:
        # Asked first, since a lock is a change of the database, and most turns find nothing to do.
        if not await connection.scalar(select(exists().select_from(audit_inbox))):
            return 0
        head = await _locked_head(connection)
        if head is None:
            return 0
        waiting = select(audit_inbox).order_by(audit_inbox.c.at, audit_inbox.c.id).limit(AT_ONCE)
        events = [event_of(row) for row in await connection.execute(waiting)]
        sealed = list(seal(events, after=head))
        if not sealed:
            return 0
        entries = {
            "ids": [each.event.id for each in sealed],
            "positions": [each.position for each in sealed],
            "hashes": [each.hash for each in sealed],
        }
        await connection.execute(_MOVE, entries)
        last = sealed[-1]
        await connection.execute(update(audit_head).values(position=last.position, hash=last.hash))
        return len(sealed)


async def _locked_head(connection: AsyncConnection) -> Head | None:
    row = (await connection.execute(select(audit_head).with_for_update(skip_locked=True))).one_or_none()
    return None if row is None else Head(position=row.position, hash=row.hash)


async def head(connection: AsyncConnection) -> Head:
    row = (await connection.execute(select(audit_head))).one()
    return Head(position=row.position, hash=row.hash)


async def unsealed(database: Database) -> tuple[int, timedelta]:
    """How many entries wait for their seal, and for how long the oldest has."""
    oldest = func.now() - func.min(audit_inbox.c.at)
    query = select(func.count(), func.coalesce(func.greatest(oldest, literal(timedelta())), literal(timedelta())))
    async with database.transaction(AUDITOR, read_only=True) as connection:
        count, age = (await connection.execute(query.select_from(audit_inbox))).one()
        return count, age


async def entries(connection: AsyncConnection, *, at_once: int = AT_ONCE) -> AsyncIterator[Sequence[SealedEvent]]:
    """The whole log in the order of its positions, in parts."""
    last = 0
    while True:
        query = select(audit_log).where(audit_log.c.position > last).order_by(audit_log.c.position).limit(at_once)
        part = [_sealed(row) for row in await connection.execute(query)]
        if not part:
            return
        yield part
        last = part[-1].position


def _sealed(row: Row[Any]) -> SealedEvent:
    return SealedEvent(event=event_of(row), position=row.position, hash=row.hash)


async def erased_with(connection: AsyncConnection, student_id: StudentId) -> Sequence[StudentId]:
    """Every id of a student who was erased by this one, as the entries of the erasure name them: its aliases are gone with it."""
    query = select(audit_event.c.student_ids).where(
        audit_event.c.student_ids.overlap([student_id]), audit_event.c.action == Action.ERASE
    )
    named = [StudentId(each) for ids in (await connection.execute(query)).scalars() for each in ids]
    return distinct([student_id, *named])


async def about_student(
    connection: AsyncConnection,
    student_ids: Sequence[UUID],
    *,
    above: Collection[str] | None,
    after: UUID | None,
    limit: int,
) -> Sequence[AuditEvent]:
    """Up to `limit` entries about a student, under any of its ids, as far as this scope may read them: the newest first.

    `above`: for an institution, whose entries it is told besides the state's (`app/domain/audit.py` says why); None for the state.
    `after`: id of the last entry of the page before.
    """
    # A school's policy reads the ids from here: only what a policy itself compares can use the index.
    asked = ",".join(str(UUID(int=each.int)) for each in student_ids)
    await (await driver_of(connection)).execute(f"SET LOCAL register.students = '{asked}'")
    query = select(audit_event).where(audit_event.c.student_ids.overlap(list(student_ids)))
    if above is not None:
        of_nobody_else = and_(audit_event.c.organisation.is_(None), audit_event.c.role.in_(ABOVE_ALL))
        query = query.where(
            or_(audit_event.c.organisation.in_(above), of_nobody_else), audit_event.c.action.not_in(OF_TRANSFERS)
        )
    if after is not None:
        query = query.where(audit_event.c.id < after)
    return [event_of(row) for row in await connection.execute(query.order_by(audit_event.c.id.desc()).limit(limit))]
