"""The releases there ever were, with what they cost. The database keeps the sum: each release continues the one before."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit
from app.db.session import driver_of
from app.db.tables import release, semester_closing
from app.domain.calendar import Semester
from app.domain.deeds import Deed
from app.domain.errors import NotFound, Refused
from app.domain.ids import ReleaseId
from app.domain.releases.release import Ledger, Release

_BUILDING = 0x52454C53
"""Names the advisory lock of whoever builds a release."""

# While noise is drawn the transaction says nothing, on a slow machine for longer than those of requests may. A limit that is merely
# moved leaves the transaction's clock as it was set: it is taken off, and set anew.
_UNHURRIED = "SET LOCAL idle_in_transaction_session_timeout = '10min'; SET LOCAL transaction_timeout = 0; SET LOCAL transaction_timeout = '10min'"
# Straight through the driver: every question waits for this.
_VERSION = "SELECT md5(string_agg(id || coalesce(withdrawn_on::text, ''), ' ' ORDER BY number)) FROM release"


def _of(row: Row[Any]) -> Release:
    return Release(
        id=ReleaseId(row.id),
        number=row.number,
        semester=Semester.parse(row.semester),
        sealed_on=row.sealed_on,
        rho=row.rho,
        spent=row.spent,
        epsilon=row.epsilon,
        delta=row.delta,
        definition=row.definition,
        withdrawn_on=row.withdrawn_on,
        withdrawal_reason=row.withdrawal_reason,
    )


async def begin(connection: AsyncConnection) -> Ledger:
    """As it stands, for the one that builds the next. Raises Refused where somebody else is at it."""
    await (await driver_of(connection)).execute(_UNHURRIED)
    if not await connection.scalar(select(func.pg_try_advisory_xact_lock(_BUILDING))):
        raise Refused("A release is being built at this moment: ask again when it is done.", code="release-under-way")
    last = select(release.c.number, release.c.spent).order_by(release.c.number.desc()).limit(1)
    row = (await connection.execute(last)).one_or_none()
    return Ledger() if row is None else Ledger(number=row.number, spent=row.spent)


async def since_closing(connection: AsyncConnection, semester: Semester) -> int | None:
    """Number of the last release of the semester that was sealed since it was closed last, be it withdrawn or not."""
    closed = select(func.max(semester_closing.c.recorded_at)).where(semester_closing.c.semester == str(semester))
    mine = select(func.max(release.c.number)).where(
        release.c.semester == str(semester), release.c.recorded_at > closed.scalar_subquery()
    )
    number = await connection.scalar(mine)
    return None if number is None else int(number)


async def add(connection: AsyncConnection, each: Release, deed: Deed) -> None:
    values = {
        "id": each.id,
        "number": each.number,
        "semester": str(each.semester),
        "sealed_on": each.sealed_on,
        "rho": each.rho,
        "spent_before": each.spent - each.rho,
        "spent": each.spent,
        "epsilon": each.epsilon,
        "delta": each.delta,
        "definition": each.definition,
    }
    await connection.execute(insert(release).values(values))
    await audit.record(connection, deed)


async def version(connection: AsyncConnection) -> str:
    """Another text after each release that is sealed or withdrawn."""
    return str(await (await driver_of(connection)).fetchval(_VERSION))


async def all_of_them(connection: AsyncConnection) -> Sequence[Release]:
    """In the order in which they were sealed, those that were withdrawn included."""
    return [_of(row) for row in await connection.execute(select(release).order_by(release.c.number))]


async def get(connection: AsyncConnection, release_id: ReleaseId, *, lock: bool = False) -> Release:
    """Raises NotFound."""
    query = select(release).where(release.c.id == release_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFound("release")
    return _of(row)


async def withdraw(connection: AsyncConnection, each: Release, deed: Deed) -> None:
    """`each` is locked, and withdrawn."""
    mine = update(release).where(release.c.id == each.id)
    await connection.execute(mine.values(withdrawn_on=each.withdrawn_on, withdrawal_reason=each.withdrawal_reason))
    await audit.record(connection, deed)
