"""Closing a semester for the whole country, by REST and by whatever else does it. Nothing here knows HTTP."""

from datetime import date

from app.db import closings
from app.db.session import Connection
from app.domain.calendar import Semester
from app.domain.closings import Closing, check_closing
from app.domain.deeds import Deed


async def close(connection: Connection, semester: Semester, *, today: date, deed: Deed) -> Closing:
    """In the scope CLOSING. Raises Refused where it is closed, lasts still, or has plans in force."""
    closing = check_closing(
        semester,
        closed=await closings.standing(connection),
        in_force=await closings.plans_in_force(connection, semester),
        today=today,
    )
    await closings.close(connection, closing, deed)
    return closing
