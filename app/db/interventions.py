"""Interventions in PostgreSQL."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit, changes, deliveries, many, records, students
from app.db.session import driver_of
from app.db.tables import intervention, plan
from app.db.tables.code import Code
from app.db.touched import touched_of
from app.domain.code_lists import DeliveryMode
from app.domain.deeds import Deed
from app.domain.errors import Stale
from app.domain.ids import InstitutionId, InterventionId, PlanId, StudentId
from app.domain.interventions import Attendance, Intervention, Purpose
from app.domain.periods import Period
from app.domain.support import Support


def _of(row: Sequence[Any]) -> Intervention:
    """Of a row with all columns, in the order of the table, codes as their text."""
    (
        intervention_id,
        student_id,
        plan_id,
        risk_id,
        institution_id,
        valid_from,
        valid_to,
        confirmed_on,
        version,
        measure,
        purpose,
        attendance,
        mode,
        subject,
        specialist,
        hours,
        eur,
        staff_member,
        head_order,
        _recorded_at,
    ) = row
    return Intervention(
        id=intervention_id,
        student_id=student_id,
        institution_id=institution_id,
        plan_id=plan_id,
        risk_id=risk_id,
        purpose=_PURPOSES[purpose],
        support=Support(measure=measure, hours=hours, eur=eur, subject=subject, specialist=specialist),
        period=Period(valid_from, valid_to),
        attendance=_ATTENDANCES[attendance],
        mode=_MODES[mode],
        staff_member=staff_member,
        head_order=head_order,
        confirmed_on=confirmed_on,
        version=version,
    )


_PURPOSES = {each.value: each for each in Purpose}
_ATTENDANCES = {each.value: each for each in Attendance}
_MODES: dict[str | None, DeliveryMode | None] = {None: None, **{each.value: each for each in DeliveryMode}}


_FIELDS: Final[Mapping[str, Callable[[Intervention], Any]]] = {
    **{
        name: attrgetter(name)
        for name in ("id", "student_id", "plan_id", "risk_id", "institution_id", "confirmed_on", "version")
    },
    "valid_from": attrgetter("period.start"),
    "valid_to": attrgetter("period.end"),
    "support_measure": attrgetter("support.measure"),
    **{name: attrgetter(name) for name in ("purpose", "attendance", "mode", "staff_member", "head_order")},
    **{name: attrgetter(f"support.{name}") for name in ("subject", "specialist", "hours", "eur")},
}
"""By column, what of an intervention is kept there."""


def values(each: Intervention) -> dict[str, Any]:
    """The row of an intervention, by column."""
    return {name: of(each) for name, of in _FIELDS.items()}


def _columns(those: Sequence[Intervention]) -> many.Columns:
    return {name: [*map(of, those)] for name, of in _FIELDS.items()}


_OF_IDS = f"SELECT {', '.join(intervention.c.keys())} FROM intervention WHERE id = ANY($1)"  # noqa: S608 - our own columns
_CODES = {
    place: {number: code for code, number in column.type.numbers().items()}
    for place, column in enumerate(intervention.columns)
    if isinstance(column.type, Code)
}


async def get(connection: AsyncConnection, intervention_id: InterventionId, *, lock: bool = False) -> Intervention:
    return _of(await records.fetch(connection, intervention, intervention_id, noun="intervention", lock=lock))


async def remove(connection: AsyncConnection, each: Intervention, deed: Deed) -> None:
    """The intervention is locked."""
    await (await driver_of(connection)).execute(deliveries.GONE, each.id, each.student_id)
    touched_of(connection).delivered += 1
    await records.remove(connection, intervention, each.id, each.student_id, deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionFilter:
    """`first` and `last`: those of which at least one day lies between, both included. `support_measure` is a code of the list."""

    plan_id: PlanId | None = None
    student_id: StudentId | None = None
    institution_id: InstitutionId | None = None
    support_measure: str | None = None
    attendance: Attendance | None = None
    first: date | None = None
    last: date | None = None

    def where(self) -> Iterator[ColumnElement[bool]]:
        each = intervention.c
        asked: dict[ColumnElement[Any], object] = {
            each.plan_id: self.plan_id,
            each.institution_id: self.institution_id,
            each.support_measure: self.support_measure,
            each.attendance: self.attendance,
        }
        yield from (column == value for column, value in asked.items() if value is not None)
        if self.student_id is not None:
            yield _of_student(students.survivor(self.student_id))
        if self.first is not None:
            yield func.coalesce(each.valid_to, each.valid_from) >= self.first
        if self.last is not None:
            yield each.valid_from <= self.last


def _of_student(student_id: StudentId | ColumnElement[UUID]) -> ColumnElement[bool]:
    """By way of the plans, which are indexed by student; the largest table of all is not."""
    mine = select(plan.c.id).where(plan.c.student_id == student_id)
    return and_(intervention.c.plan_id.in_(mine), intervention.c.student_id == student_id)


async def page(
    connection: AsyncConnection, wanted: InterventionFilter, *, after: UUID | None, limit: int
) -> Sequence[Intervention]:
    where = list(wanted.where())
    return [_of(row) for row in await records.page(connection, intervention, where=where, after=after, limit=limit)]


async def of_plans(connection: AsyncConnection, plan_ids: Sequence[PlanId]) -> Sequence[Intervention]:
    """All interventions under these plans that this scope sees, in the order of their days."""
    query = select(intervention).where(intervention.c.plan_id.in_(plan_ids))
    rows = await connection.execute(query.order_by(intervention.c.valid_from, intervention.c.id))
    return [_of(row) for row in rows]


async def first_of_plans(
    connection: AsyncConnection, plan_ids: Sequence[PlanId], *, after: UUID | None, limit: int
) -> Sequence[Intervention]:
    """Of each of these plans up to `limit` interventions in the order of their ids, from the one after `after` on."""
    place = func.row_number().over(partition_by=intervention.c.plan_id, order_by=intervention.c.id).label("place")
    numbered = select(intervention, place).where(intervention.c.plan_id.in_(plan_ids))
    if after is not None:
        numbered = numbered.where(intervention.c.id > after)
    found = numbered.subquery()
    columns = [found.c[column.name] for column in intervention.columns]
    query = select(*columns).where(found.c.place <= limit).order_by(found.c.id)
    return [_of(row) for row in await connection.execute(query)]


async def of_ids(
    connection: AsyncConnection, intervention_ids: Sequence[InterventionId]
) -> dict[InterventionId, Intervention]:
    """Those of them that this scope sees."""
    if not intervention_ids:
        return {}
    # Straight through the driver: of thousands, SQLAlchemy's rows take longer than PostgreSQL does.
    rows = await (await driver_of(connection)).fetch(_OF_IDS, intervention_ids)
    return await asyncio.to_thread(_by_id, rows) if len(rows) > many.AT_ONCE else _by_id(rows)


def _by_id(rows: Sequence[Sequence[Any]]) -> dict[InterventionId, Intervention]:
    return {each.id: each for each in map(_of, map(_decoded, rows))}


async def versions(
    connection: AsyncConnection, intervention_ids: Sequence[InterventionId]
) -> dict[InterventionId, int]:
    """Of those of them that this scope sees."""
    if not intervention_ids:
        return {}
    statement = "SELECT id, version FROM intervention WHERE id = ANY($1)"
    return {row["id"]: row["version"] for row in await (await driver_of(connection)).fetch(statement, intervention_ids)}


def _decoded(row: Sequence[Any]) -> list[Any]:
    """The driver gives codes as their numbers."""
    fields = list(row)
    for place, codes in _CODES.items():
        fields[place] = codes[fields[place]]
    return fields


async def save(
    connection: AsyncConnection, added: Sequence[Intervention], changed: Sequence[Intervention], deeds: Sequence[Deed]
) -> None:
    """Write many at once. Raises Stale where somebody was faster, and asyncpg's errors."""
    # By plan, so that those that belong together are near each other in the table, and where the foreign key looks for their risks.
    ordered = sorted(added, key=attrgetter("plan_id.int"))
    await many.insert(connection, intervention, _columns(ordered), noting=deliveries.NEW)
    if await many.change(connection, intervention, _columns(changed), noting=deliveries.CHANGED) != len(changed):
        raise Stale("intervention", changed[0].version + 1)
    touched_of(connection).delivered += len(added) + len(changed)
    written = [(each.id, each.student_id, each.institution_id) for each in (*added, *changed)]
    if len(written) == 1:
        await changes.record(connection, deeds[0], intervention.name, written[0])
        return
    await changes.note(connection, intervention.name, written)
    for deed in deeds:
        await audit.record(connection, deed)
