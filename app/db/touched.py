"""What a transaction has written of that statistics speak of: noted where it is written, and settled once, before COMMIT (docs/adr/0020)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

MANY: Final = 200
"""Records from which on PostgreSQL plans what it does, instead of doing it as it does for one."""
_PLACE: Final = "touched"


@dataclass(slots=True)
class Touched:
    """Ids of plans, of students all of whose plans may say something else now, and of institutions. `delivered`: how many interventions
    were added, by differences that the statements which write them have noted (`app/db/deliveries.py`).
    """

    plan_ids: set[UUID] = field(default_factory=set)
    student_ids: set[UUID] = field(default_factory=set)
    institution_ids: set[int] = field(default_factory=set)
    delivered: int = 0

    def __bool__(self) -> bool:
        return bool(self.plan_ids or self.student_ids or self.institution_ids or self.delivered)

    async def settle(self, driver: Any) -> None:  # noqa: ANN401 - asyncpg is not typed
        if self:
            many = self.delivered + len(self.plan_ids) + len(self.student_ids) > MANY
            function = "statistics_settle_many" if many else "statistics_settle"
            lists = (list(each) for each in (self.plan_ids, self.student_ids, self.institution_ids))
            await driver.fetchval(f"SELECT {function}($1, $2, $3)", *lists)


def begin(connection: AsyncConnection) -> Touched:
    """Of a new transaction, on a connection that may have had another one before."""
    touched = Touched()
    connection.info[_PLACE] = touched
    return touched


def touched_of(connection: AsyncConnection) -> Touched:
    touched = connection.info[_PLACE]
    assert isinstance(touched, Touched)  # noqa: S101 - every transaction begins with one
    return touched


_BY_STUDENT: Final = frozenset({"enrolment", "risk", "outcome"})
"""Records that may change any plan of their student."""


def note(connection: AsyncConnection, noun: str, changed: Iterable[tuple[UUID, UUID, int]]) -> None:
    """Records by noun, each with its own id, its student's and its institution's. Of interventions there is nothing to be noted here."""
    if noun == "plan":
        touched_of(connection).plan_ids.update(record_id for record_id, _, _ in changed)
    elif noun in _BY_STUDENT:
        touched_of(connection).student_ids.update(student_id for _, student_id, _ in changed)
