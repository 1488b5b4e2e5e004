"""The grounds of interventions: plans as far as what is delivered under them is judged by, many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import institutions, participations, plans
from app.db.session import driver_of
from app.db.tables import intervention
from app.domain.calendar import Semester
from app.domain.closings import semester_closed
from app.domain.code_lists import InstitutionKind
from app.domain.errors import RegisterError
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
# By way of the plans, which are indexed by student.
_HOURS = """SELECT d.student_id, d.day, sum(i.hours) AS hours
FROM unnest($1::uuid[], $2::date[]) AS d (student_id, day)
JOIN plan AS p ON p.student_id = d.student_id
JOIN intervention AS i ON i.plan_id = p.id AND i.student_id = p.student_id AND i.valid_from = d.day
WHERE i.attendance = $3 GROUP BY d.student_id, d.day"""
_ATTENDED = intervention.c.attendance.type.process_bind_param(Attendance.ATTENDED, None)  # type: ignore[attr-defined]  # of Code

Day = tuple[StudentId, date]


class Grounds:
    """Those of one transaction. Institutions and their participations are read once; plans stay locked until its end."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._places: dict[InstitutionId, tuple[InstitutionKind, Mapping[str, tuple[Period, ...]]]] = {}

    async def of_plans(self, plan_ids: Iterable[PlanId]) -> dict[PlanId, Ground | RegisterError]:
        """Each plan's ground, or why nothing is recorded under it: absent, foreign, of another institution, restricted, or of a closed
        semester.
        """
        asked = sorted(set(plan_ids))
        rows = await (await driver_of(self._connection)).fetch(_PLANS, asked)
        await self._read_places({InstitutionId(row["institution_id"]) for row in rows} - self._places.keys())
        found: dict[PlanId, Ground | RegisterError] = {PlanId(row["id"]): self._ground(row) for row in rows}
        for plan_id in asked:
            if plan_id not in found:
                found[plan_id] = await self._why_not(plan_id)
        return found

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
        """As whoever asks for this plan alone is told. A merge that has ended meanwhile shows it after all."""
        try:
            await plans.get(self._connection, plan_id, lock=True)
        except RegisterError as error:
            return error
        rows = await (await driver_of(self._connection)).fetch(_PLANS, [plan_id])
        await self._read_places({InstitutionId(row["institution_id"]) for row in rows} - self._places.keys())
        return self._ground(rows[0])


async def hours_of_days(connection: AsyncConnection, days: Sequence[Day]) -> dict[Day, Decimal]:
    """Teaching hours that these students attended on these days, as far as this scope sees them; days without any are left out."""
    if not days:
        return {}
    student_ids, dates = zip(*days, strict=True)
    rows = await (await driver_of(connection)).fetch(_HOURS, student_ids, dates, _ATTENDED)
    return {(StudentId(row["student_id"]), row["day"]): row["hours"] for row in rows if row["hours"] is not None}
