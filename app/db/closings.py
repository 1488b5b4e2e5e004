"""Closings of semesters in PostgreSQL. The writing policies on records ask for them, too: see migration 0030."""

from dataclasses import replace
from datetime import date

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit
from app.db.tables import plan, semester_closing
from app.domain.calendar import Semester
from app.domain.closings import Closing
from app.domain.deeds import Deed
from app.domain.plans import PlanState

_STANDS = semester_closing.c.reopened_on.is_(None)


async def standing(connection: AsyncConnection) -> dict[Semester, Closing]:
    """Which semesters are closed. In a transaction that writes records they stay so until it ends: see `Scope.opening`."""
    rows = await connection.execute(select(semester_closing).where(_STANDS))
    found = [Closing(semester=Semester.parse(row.semester), closed_on=row.closed_on) for row in rows]
    return {each.semester: each for each in found}


async def plans_in_force(connection: AsyncConnection, semester: Semester) -> int:
    """How many plans of the semester are in force still, of those that this scope sees."""
    query = select(func.count()).where(plan.c.semester == str(semester), plan.c.state == PlanState.ACTIVE)
    return int(await connection.scalar(query) or 0)


async def close(connection: AsyncConnection, closing: Closing, deed: Deed) -> None:
    """In a scope that works alone: nobody else is writing records at this moment, and who begins to finds it closed."""
    await connection.execute(
        insert(semester_closing).values(semester=str(closing.semester), closed_on=closing.closed_on)
    )
    await audit.record(connection, replace(deed, record_id=str(closing.semester)))


async def reopen(connection: AsyncConnection, semester: Semester, *, on: date, deed: Deed) -> None:
    mine = update(semester_closing).where(semester_closing.c.semester == str(semester), _STANDS)
    await connection.execute(mine.values(reopened_on=on))
    await audit.record(connection, replace(deed, record_id=str(semester)))
