"""Building and withdrawing a release, by REST and by the command line alike. Nothing here knows HTTP."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

from app.db import closings, releases
from app.db.scopes import RELEASER
from app.db.session import Connection, Database
from app.domain.calendar import Semester
from app.domain.closings import demand_closed
from app.domain.deeds import Deed
from app.domain.ids import ReleaseId
from app.domain.reference import ReferenceData
from app.domain.releases.accounting import release_rho
from app.domain.releases.contributions import Contribution
from app.domain.releases.definitions import definition_of
from app.domain.releases.lattice import Lattice
from app.domain.releases.release import Release, demand_something_to_correct
from app.domain.releases.sealing import Sealed, sealed
from app.domain.releases.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`ceiling`: of what all releases there ever are may cost together."""

    semester: Semester
    today: date
    ceiling: Decimal


async def build(database: Database, reference: ReferenceData, order: Order, deed: Callable[[Release], Deed]) -> Release:
    """Seal what is recorded of a closed semester, as it is at one moment. All of it is kept, or nothing was ever drawn.

    Raises:
        Refused: the semester is not closed, or was released since it was; the ceiling would be exceeded, or another release is being built.
    """
    async with database.transaction(RELEASER, snapshot=True) as connection:
        ledger = await releases.ledger.begin(connection)
        demand_closed(order.semester, await closings.standing(connection))
        demand_something_to_correct(order.semester, await releases.ledger.since_closing(connection, order.semester))
        lattice = Lattice.of(order.semester, reference)
        rho = release_rho(lattice)
        after = ledger.next(rho, order.ceiling)
        drawn = await asyncio.to_thread(_drawn, await _counted(connection, lattice, reference))
        release = Release(
            id=ReleaseId(uuid4()),
            number=after.number,
            semester=order.semester,
            sealed_on=order.today,
            rho=rho,
            spent=after.spent,
            epsilon=Decimal(drawn.epsilon).quantize(Decimal("0.0001")),
            delta=Decimal(str(drawn.delta)),
            definition=definition_of(lattice),
        )
        await releases.ledger.add(connection, release, deed(release))
        await releases.cells.add(connection, release.id, drawn.cells)
        return release


async def _counted(connection: Connection, lattice: Lattice, reference: ReferenceData) -> Tally:
    tally = Tally(lattice)

    def count(part: Iterable[Contribution]) -> None:
        for each in part:
            tally.add(each)

    async for part in releases.contributions.of_semester(connection, lattice.semester, reference.code_lists):
        await asyncio.to_thread(count, part)
    return tally


def _drawn(tally: Tally) -> Sealed:
    from app.noise import discrete_gaussian  # noqa: PLC0415 - it takes a moment to load, and most processes never build a release

    return sealed(tally, discrete_gaussian)


async def withdraw(database: Database, release_id: ReleaseId, *, on: date, reason: str, deed: Deed) -> Release:
    """Raises NotFound and Refused."""
    async with database.transaction(RELEASER) as connection:
        withdrawn = (await releases.ledger.get(connection, release_id, lock=True)).withdraw(on, reason)
        await releases.ledger.withdraw(connection, withdrawn, deed)
        return withdrawn
