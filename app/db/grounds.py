"""The grounds of interventions: plans as far as what is delivered under them is judged by, many at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import institutions, participations, plans
from app.db.session import driver_of
from app.db.tables import intervention
from app.domain.calendar import Semester, semester_of
from app.domain.closings import semester_closed
from app.domain.code_lists import InstitutionKind
from app.domain.errors import Busy, Invalid, RegisterError
from app.domain.ids import InstitutionId, PlanId, StudentId
from app.domain.interventions import Attendance, Ground
from app.domain.periods import Period
from app.domain.plans import last_day_of

# Locked in the order of their ids, so that two who lock the same plans wait for each other and never both.
_PLANS = """SELECT p.id, p.student_id, p.institution_id, p.programme, p.semester, p.activated_on, p.valid_from, p.valid_to,
    p.ended_on, e.grade, p.semester IN (SELECT c.semester FROM semester_closing AS c WHERE c.reopened_on IS NULL) AS is_closed,
    ARRAY(SELECT r.risk_id FROM plan_risk AS r WHERE r.plan_id = p.id AND r.student_id = p.student_id) AS risk_ids
FROM plan AS p JOIN enrolment AS e ON e.id = p.enrolment_id AND e.student_id = p.student_id
WHERE p.id = ANY($1) ORDER BY p.id FOR NO KEY UPDATE OF p"""
# By way of the plans, which are indexed by student. Support is delivered in the semester of its plan, and in no other one: of a student
# who has had a plan in each of several, one alone is looked at.
_HOURS = """SELECT d.student_id, d.day, sum(i.hours) AS hours
FROM unnest($1::uuid[], $2::date[], $3::text[]) AS d (student_id, day, semester)
JOIN plan AS p ON p.student_id = d.student_id AND p.semester = d.semester
JOIN intervention AS i ON i.plan_id = p.id AND i.student_id = p.student_id AND i.valid_from = d.day
WHERE i.attendance = $4 GROUP BY d.student_id, d.day"""
_ATTENDED = intervention.c.attendance.type.process_bind_param(Attendance.ATTENDED, None)  # type: ignore[attr-defined]  # of Code

MOST_KEPT: Final = 25_000
"""Grounds that are remembered from one part of a batch to the next."""

Day = tuple[StudentId, date]


class Grounds:
    """Those of one transaction. Plans stay locked until its end, and so are read once, as their institutions and participations are."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._found: dict[PlanId, Ground | RegisterError] = {}
        self._places: dict[InstitutionId, tuple[InstitutionKind, Mapping[str, tuple[Period, ...]]]] = {}

    async def of_plans(self, plan_ids: Iterable[PlanId]) -> dict[PlanId, Ground | RegisterError]:
        """Each plan's ground, or why nothing is recorded under it: absent, foreign, of another institution, restricted, or of a closed
        semester.
        """
        asked = set(plan_ids)
        if len(self._found.keys() | asked) > MOST_KEPT:
            self._found.clear()
        new = sorted(asked - self._found.keys(), key=attrgetter("int"))
        rows = await (await driver_of(self._connection)).fetch(_PLANS, new) if new else []
        await self._read_places({InstitutionId(row["institution_id"]) for row in rows} - self._places.keys())
        self._found.update((PlanId(row["id"]), self._ground(row)) for row in rows)
        for plan_id in new:
            if plan_id not in self._found:
                self._found[plan_id] = await self._why_not(plan_id)
        return {plan_id: self._found[plan_id] for plan_id in asked}

    async def _read_places(self, institution_ids: set[InstitutionId]) -> None:
        if not institution_ids:
            return
        periods = await participations.of_institutions(self._connection, sorted(institution_ids))
        for each in await institutions.of_ids(self._connection, sorted(institution_ids)):
            mine: defaultdict[str, tuple[Period, ...]] = defaultdict(tuple)
            for period in periods:
                if period.institution_id == each.id:
                    mine[period.programme] += (period.period,)
            self._places[each.id] = (each.kind, mine)

    def _ground(self, row: Mapping[str, Any]) -> Ground | RegisterError:
        if row["is_closed"]:
            return semester_closed(Semester.parse(row["semester"]))
        institution_id, activated_on = InstitutionId(row["institution_id"]), row["activated_on"]
        kind, periods = self._places[institution_id]
        programme, period = row["programme"], Period(row["valid_from"], row["valid_to"])
        return Ground(
            plan_id=PlanId(row["id"]),
            student_id=StudentId(row["student_id"]),
            institution_id=institution_id,
            programme=programme,
            kind=kind,
            grade=row["grade"],
            risk_ids=tuple(row["risk_ids"]),
            in_force=None if activated_on is None else Period(activated_on, last_day_of(period, row["ended_on"])),
            participations=periods[programme],
        )

    async def _why_not(self, plan_id: PlanId) -> Ground | RegisterError:
        """As whoever asks for this plan alone is told. A merge that has ended meanwhile shows it after all; a restriction that comes and
        goes may hide it again.
        """
        try:
            await plans.get(self._connection, plan_id, lock=True)
        except RegisterError as error:
            return error
        rows = await (await driver_of(self._connection)).fetch(_PLANS, [plan_id])
        if not rows:
            return Busy()
        await self._read_places({InstitutionId(row["institution_id"]) for row in rows} - self._places.keys())
        return self._ground(rows[0])


async def hours_of_days(connection: AsyncConnection, days: Collection[Day]) -> dict[Day, Decimal]:
    """Teaching hours that these students attended on these days, as far as this scope sees them; days without any are left out."""
    if not days:
        return {}
    student_ids, dates = zip(*days, strict=True)
    semesters = {day: _semester(day) for day in set(dates)}
    driver = await driver_of(connection)
    rows = await driver.fetch(_HOURS, student_ids, dates, [semesters[day] for day in dates], _ATTENDED)
    return {(StudentId(row["student_id"]), row["day"]): row["hours"] for row in rows if row["hours"] is not None}


def _semester(day: date) -> str | None:
    """None of a day on which there is no plan, whatever somebody has sent."""
    try:
        return str(semester_of(day))
    except Invalid:
        return None
