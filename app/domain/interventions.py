"""Interventions: support as it was delivered, or why it was not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.code_lists import CodeLists, DeliveryMode, InstitutionKind
from app.domain.errors import Violation, check, violation
from app.domain.ids import InstitutionId, InterventionId, PlanId, RiskId, StudentId
from app.domain.periods import Period
from app.domain.plans import Plan
from app.domain.programmes import Programme
from app.domain.support import Support, support_violations


class Purpose(StrEnum):
    PREVENTIVE = "PREVENTIVE"
    REMEDIAL = "REMEDIAL"


class Attendance(StrEnum):
    """Planned against delivered: the reasons why it did not take place are kept."""

    ATTENDED = "ATTENDED"
    DID_NOT_COME = "DID_NOT_COME"
    ILL = "ILL"
    REFUSED = "REFUSED"
    NO_PROVIDER = "NO_PROVIDER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """`period` is one day for hours; economic support may cover several. `mode` is of hours only.

    `confirmed_on` is the day the student confirmed a remote consultation; `head_order` the number of the head's order for it.
    """

    id: InterventionId
    student_id: StudentId
    institution_id: InstitutionId
    plan_id: PlanId
    risk_id: RiskId
    purpose: Purpose
    support: Support
    period: Period
    attendance: Attendance = Attendance.ATTENDED
    mode: DeliveryMode | None = None
    staff_member: str | None = None
    head_order: str | None = None
    confirmed_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What an intervention is judged against: its plan, where and for whom, and the hours of that student already kept for that day."""

    plan: Plan
    programme: Programme
    kind: InstitutionKind
    grade: int
    participations: tuple[Period, ...]
    hours_that_day: Decimal
    codes: CodeLists
    today: date


def check_intervention(intervention: Intervention, delivery: Delivery) -> Intervention:
    """Raise Invalid unless it answers a risk of its plan, on a day and in a way that the programme's rules allow."""
    check(_violations(intervention, delivery))
    return intervention


def _violations(intervention: Intervention, delivery: Delivery) -> Iterator[Violation]:
    if intervention.risk_id not in delivery.plan.content.risk_ids:
        yield violation("/risk_id", "risk-not-in-plan", "Every intervention answers a risk of its plan.")
    yield from support_violations(intervention.support, delivery.codes, intervention.period.start)
    yield from _days(intervention, delivery)
    if intervention.support.hours is not None:
        yield from _hours(intervention, delivery)
    else:
        yield from _economic(intervention)


def _days(intervention: Intervention, delivery: Delivery) -> Iterator[Violation]:
    period, allowed = intervention.period, delivery.plan.delivery
    last = period.end or period.start
    if last < period.start:
        yield violation("/to", "ends-before-start", "A period cannot end before it starts.")
    if allowed is None:
        yield violation("/plan_id", "plan-not-active", "Support is delivered under a plan that has been activated.")
    elif period.start not in allowed or last not in allowed:
        yield violation("/on", "outside-plan", f"The plan is in force from {allowed.start} to {allowed.end}.")
    if last > delivery.today:
        yield violation("/on", "in-the-future", "An intervention is recorded when it has taken place.")
    if not any(period.start in each for each in delivery.participations):
        yield violation("/on", "not-participating", "The institution does not participate on that day.")


def _hours(intervention: Intervention, delivery: Delivery) -> Iterator[Violation]:
    on, hours = intervention.period.start, intervention.support.hours or Decimal(0)
    if intervention.period.end not in (None, on):
        yield violation("/to", "one-day", "Hours are recorded day by day.")
    if intervention.mode is None:
        yield violation("/mode", "required", "A consultation is IN_PERSON or REMOTE.")
    elif intervention.attendance is Attendance.ATTENDED:
        if intervention.mode not in delivery.programme.modes(delivery.kind, delivery.grade, on):
            yield violation("/mode", "mode-not-allowed", f"{intervention.mode} is not allowed on {on}.")
        if intervention.mode is DeliveryMode.REMOTE:
            yield from _remote(intervention, delivery, on)
    if intervention.attendance is not Attendance.ATTENDED:
        return
    if hours <= 0:
        yield violation("/hours", "not-positive", "What took place has more than no hours.")
    longest = delivery.programme.hours_per_intervention(on)
    if hours > longest:
        yield violation("/hours", "too-long", f"At most {longest} teaching hours in one intervention.")
    limit = delivery.programme.hours_per_day(on)
    if hours + delivery.hours_that_day > limit:
        yield violation("/hours", "too-many-hours", f"At most {limit} teaching hours per student and day.")


def _remote(intervention: Intervention, delivery: Delivery, on: date) -> Iterator[Violation]:
    if delivery.programme.needs_head_order(on) and not intervention.head_order:
        yield violation("/head_order", "required", "Remote consultations need the head's order.")
    if delivery.programme.needs_student_confirmation(on) and intervention.confirmed_on != on:
        yield violation("/confirmed_on", "same-day", "The student confirms a remote consultation on the same day.")


def _economic(intervention: Intervention) -> Iterator[Violation]:
    if intervention.mode is not None:
        yield violation("/mode", "hours-only", "Only hours are delivered in person or remotely.")
    if intervention.attendance is not Attendance.ATTENDED and (intervention.support.eur or Decimal(0)) != 0:
        yield violation("/eur", "not-delivered", "What was not delivered cost nothing.")
