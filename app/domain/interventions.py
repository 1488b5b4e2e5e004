"""Interventions: support as it was delivered, or why it was not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.domain.actors import Actor, Role
from app.domain.code_lists import CodeLists, DeliveryMode, InstitutionKind, Unit
from app.domain.errors import Forbidden, Violation, check, violation
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

    Of a REMOTE one, `confirmed_on` is the day on which the student confirmed it, `head_order` the number of the head's order for it.
    Where support did not take place, hours are those that were offered, and EUR are none.
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

    @property
    def attended_hours(self) -> Decimal:
        return attended_hours(self.attendance, self.support.hours)


NO_HOURS: Final = Decimal(0)


def attended_hours(attendance: Attendance, hours: Decimal | None) -> Decimal:
    """What counts towards the hours of its day."""
    return hours if attendance is Attendance.ATTENDED and hours is not None else NO_HOURS


def adds_hours(on: date, hours: Decimal, before: Intervention | None) -> bool:
    """Whether a day has more attended hours by an intervention than it had before: only then is it asked how many it may have."""
    kept = before.attended_hours if before is not None and before.period.start == on else NO_HOURS
    return hours > kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The plan under which support is delivered, for whom and where. `in_force`: the days on which it may be, None before activation.

    `grade` is the student's, `participations` are the institution's in the plan's programme.
    """

    plan_id: PlanId
    student_id: StudentId
    institution_id: InstitutionId
    programme: str
    kind: InstitutionKind
    grade: int
    risk_ids: tuple[RiskId, ...]
    in_force: Period | None
    participations: tuple[Period, ...]

    @classmethod
    def of(cls, plan: Plan, *, kind: InstitutionKind, grade: int, participations: tuple[Period, ...]) -> "Ground":
        return cls(
            plan_id=plan.id,
            student_id=plan.student_id,
            institution_id=plan.institution_id,
            programme=plan.programme,
            kind=kind,
            grade=grade,
            risk_ids=plan.content.risk_ids,
            in_force=plan.delivery,
            participations=participations,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What an intervention is judged against: its ground, and the hours of the student already kept for that day.

    `provider` is the staff member who records it, where it is a support provider: they record their own work alone.
    """

    ground: Ground
    programme: Programme
    hours_that_day: Decimal
    codes: CodeLists
    today: date
    provider: str | None = None


def check_intervention(intervention: Intervention, delivery: Delivery) -> Intervention:
    """Raise Invalid unless it answers a risk of its plan, on a day and in a way that the programme's rules allow."""
    check(_violations(intervention, delivery))
    return intervention


def _violations(intervention: Intervention, delivery: Delivery) -> Iterator[Violation]:
    if intervention.risk_id not in delivery.ground.risk_ids:
        yield violation("/risk_id", "risk-not-in-plan", "Every intervention answers a risk of its plan.")
    if delivery.provider not in (None, intervention.staff_member):
        yield violation("/staff_member", "not-your-work", "A support provider records their own work alone.")
    yield from support_violations(intervention.support, delivery.codes, intervention.period.start)
    yield from _days(intervention, delivery)
    if _is_economic(intervention, delivery):
        yield from _economic(intervention)
    else:
        yield from _hours(intervention, delivery)


def _is_economic(intervention: Intervention, delivery: Delivery) -> bool:
    """By its support measure; one that is not known is taken for what the amount says."""
    support = intervention.support
    measure = delivery.codes["support-measures"].find(support.measure)
    return support.hours is None if measure is None else measure.unit is Unit.EUR


def _days(intervention: Intervention, delivery: Delivery) -> Iterator[Violation]:
    first, allowed = intervention.period.start, delivery.ground.in_force
    last = intervention.period.end or first
    if last < first:
        yield violation("/to", "ends-before-start", "A period cannot end before it starts.")
        last = first
    if allowed is None:
        yield violation("/plan_id", "plan-not-active", "Support is delivered under a plan that has been activated.")
    for pointer, day in (("/on", first), ("/to", last)) if first != last else (("/on", first),):
        if allowed is not None and day not in allowed:
            yield violation(pointer, "outside-plan", f"The plan is in force from {allowed.start} to {allowed.end}.")
        if day > delivery.today:
            yield violation(pointer, "in-the-future", "An intervention is recorded when it has taken place.")
    taking_part = [each for each in delivery.ground.participations if first in each]
    if not taking_part:
        yield violation("/on", "not-participating", "The institution does not participate on that day.")
    elif not any(last in each for each in taking_part):
        yield violation("/to", "not-participating", "The institution's participation ends before that day.")


def _hours(intervention: Intervention, delivery: Delivery) -> Iterator[Violation]:
    on = intervention.period.start
    if intervention.period.end not in (None, on):
        yield violation("/to", "one-day", "Hours are recorded day by day.")
    if intervention.mode is None:
        yield violation("/mode", "required", "A consultation is IN_PERSON or REMOTE.")
    if intervention.mode is DeliveryMode.REMOTE:
        yield from _confirmation(intervention, on)
    else:
        yield from _remote_only(intervention)
    if intervention.attendance is Attendance.ATTENDED:
        yield from _attended(intervention, delivery, on)


def _attended(intervention: Intervention, delivery: Delivery, on: date) -> Iterator[Violation]:
    programme, mode, hours = delivery.programme, intervention.mode, intervention.support.hours
    if mode is not None and mode not in programme.modes(delivery.ground.kind, delivery.ground.grade, on):
        yield violation("/mode", "mode-not-allowed", f"{mode} is not allowed on {on}.")
    if mode is DeliveryMode.REMOTE:
        yield from _remote(intervention, delivery, on)
    if hours is None or not hours.is_finite():
        return
    if hours == 0:
        yield violation("/hours", "not-positive", "What took place has more than no hours.")
    longest = programme.hours_per_intervention(on)
    if hours > longest:
        yield violation("/hours", "too-long", f"At most {longest} teaching hours in one intervention.")
    limit = programme.hours_per_day(on)
    if hours + delivery.hours_that_day > limit:
        yield violation("/hours", "too-many-hours", f"At most {limit} teaching hours per student and day.")


def _remote(intervention: Intervention, delivery: Delivery, on: date) -> Iterator[Violation]:
    if delivery.programme.needs_head_order(on) and not (intervention.head_order or "").strip():
        yield violation("/head_order", "required", "Remote consultations need the head's order.")
    if delivery.programme.needs_student_confirmation(on) and intervention.confirmed_on is None:
        yield violation("/confirmed_on", "required", "The student confirms a remote consultation on the same day.")


def _confirmation(intervention: Intervention, on: date) -> Iterator[Violation]:
    if intervention.confirmed_on is None:
        return
    if intervention.attendance is not Attendance.ATTENDED:
        yield violation("/confirmed_on", "not-delivered", "What did not take place is not confirmed.")
    elif intervention.confirmed_on != on:
        yield violation("/confirmed_on", "same-day", "The student confirms a remote consultation on the same day.")


def _remote_only(intervention: Intervention) -> Iterator[Violation]:
    for pointer, value in (("/head_order", intervention.head_order), ("/confirmed_on", intervention.confirmed_on)):
        if value is not None:
            yield violation(pointer, "remote-only", "Only remote consultations have an order and a confirmation.")


def _economic(intervention: Intervention) -> Iterator[Violation]:
    if intervention.mode is not None:
        yield violation("/mode", "hours-only", "Only hours are delivered in person or remotely.")
    yield from _remote_only(intervention)
    eur = intervention.support.eur
    if eur is not None and eur != 0 and intervention.attendance is not Attendance.ATTENDED:
        yield violation("/eur", "not-delivered", "What was not delivered cost nothing.")


def provider_of(actor: Actor) -> str | None:
    """The staff member that a support provider is; None for every other role, whatever else its token says."""
    return actor.staff_member if actor.role is Role.SUPPORT_PROVIDER else None


def demand_own_work(intervention: Intervention, actor: Actor) -> None:
    """Raise Forbidden where a support provider would change what another has recorded. Everybody else is held by their scope."""
    if provider_of(actor) not in (None, intervention.staff_member):
        raise Forbidden("A support provider changes their own work alone.", code="not-your-work")
