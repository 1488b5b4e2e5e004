"""The demo's releases: the school year that has ended, closed and sealed as the authority would, so that whoever is outside is answered."""

from typing import Final

from rich.console import Console

from app.api import closing, releasing
from app.api.register import Register
from app.db import closings, releases
from app.db.scopes import CLOSING, OUTSIDE
from app.demo import staff
from app.domain.calendar import Semester
from app.domain.deeds import Action, Deed
from app.domain.errors import RegisterError

SEMESTERS: Final = tuple(Semester.parse(each) for each in ("2020-1", "2020-2"))


async def ensure_released(register: Register, console: Console) -> None:
    """Once: what a visitor has reopened or withdrawn since stays so. Where one has plans in force there, it is told, and left."""
    for semester in SEMESTERS:
        try:
            if not await _is_released(register, semester):
                with console.status(f"Closing semester {semester}, and sealing its release"):
                    await _release(register, semester)
        except RegisterError as error:
            console.print(f"Semester {semester} has no release. {error.message}", style="yellow", highlight=False)


async def _is_released(register: Register, semester: Semester) -> bool:
    async with register.database.transaction(OUTSIDE, read_only=True) as connection:
        return any(each.semester == semester for each in await releases.ledger.all_of_them(connection))


async def _release(register: Register, semester: Semester) -> None:
    today = register.today()
    async with register.database.transaction(CLOSING) as connection:
        if semester not in await closings.standing(connection):
            await closing.close(connection, semester, today=today, deed=_deed(Action.CLOSE, "semester", str(semester)))
    order = releasing.Order(semester=semester, today=today, ceiling=register.release_ceiling)
    await releasing.build(
        register.database, register.reference, order, lambda made: _deed(Action.SEAL, "release", str(made.id))
    )


def _deed(action: Action, noun: str, record: str) -> Deed:
    return Deed(actor=staff.AUTHORITY, action=action, noun=noun, correlation_id="demo-releases", record_id=record)
