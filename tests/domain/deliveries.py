"""Sound interventions to start from, and what they are judged against: an active plan of semester II of 2020/21."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.errors import Invalid
from app.domain.ids import InterventionId
from app.domain.interventions import Attendance, Delivery, Ground, Intervention, Purpose, check_intervention
from app.domain.periods import Period
from app.domain.plans import PlanState
from app.domain.support import Support
from tests.domain.examples import CODES, LANGUAGE, MEALS, PLAN, PROGRAMME, SCHOOL, STUDENT, TODAY, found, plan

CONSULTATION = Intervention(
    id=InterventionId(UUID(int=31)),
    student_id=STUDENT,
    institution_id=SCHOOL,
    plan_id=PLAN,
    risk_id=LANGUAGE,
    purpose=Purpose.REMEDIAL,
    support=Support(measure="SUBJECT_CONSULTATION", hours=Decimal("1.50"), subject="LATVIAN"),
    period=Period(date(2021, 3, 1)),
    attendance=Attendance.ATTENDED,
    mode=DeliveryMode.IN_PERSON,
    staff_member="T-1",
)
LUNCHES = replace(CONSULTATION, support=MEALS, period=Period(date(2021, 3, 1), date(2021, 3, 5)), mode=None)


ACTIVE = plan(state=PlanState.ACTIVE, activated_on=date(2021, 2, 8))


def delivery(**changes: Any) -> Delivery:
    """Sound but for the changes: of what it is judged by, or of its ground."""
    grounds: dict[str, Any] = {
        "kind": InstitutionKind.GENERAL,
        "grade": 8,
        "participations": (Period(date(2017, 9, 1)),),
    }
    grounds |= {name: changes.pop(name) for name in grounds if name in changes}
    sound = Delivery(
        ground=Ground.of(changes.pop("plan", ACTIVE), **grounds),
        programme=PROGRAMME,
        hours_that_day=Decimal(0),
        codes=CODES,
        today=TODAY,
    )
    return replace(sound, **changes)


def wrong(intervention: Intervention, **changes: Any) -> set[tuple[str, str]]:
    """Where and what; `changes` are of the delivery."""
    try:
        assert check_intervention(intervention, delivery(**changes)) is intervention
    except Invalid as invalid:
        return found(invalid)
    return set()
