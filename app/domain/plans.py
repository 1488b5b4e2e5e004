"""Individual support plans: one student, one institution, one semester, one programme."""

from base64 import b32encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.calendar import Semester
from app.domain.code_lists import CodeLists
from app.domain.enrolments import Enrolment
from app.domain.errors import Refused, Violation, check, violation
from app.domain.ids import EnrolmentId, InstitutionId, PlanId, RiskId, StudentId
from app.domain.periods import Period
from app.domain.support import Support, support_violations

AGE_OF_MAJORITY = 18


class PlanState(StrEnum):
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    SCHOOL_APPROVED = "SCHOOL_APPROVED"
    PARTNER_APPROVED = "PARTNER_APPROVED"
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    DISCONTINUED = "DISCONTINUED"

    @property
    def is_open(self) -> bool:
        return self not in (PlanState.COMPLETED, PlanState.DISCONTINUED)


class Signatory(StrEnum):
    """Who signs the application: the guardian, or from 18 the student alone."""

    GUARDIAN = "GUARDIAN"
    STUDENT = "STUDENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The signed application, and the days on which guardian and student agreed with the plan."""

    application_signed_on: date | None = None
    application_signed_by: Signatory | None = None
    guardian_agreed_on: date | None = None
    student_agreed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeasure:
    """So many hours, or so many EUR, of one support measure in answer to one risk of the plan."""

    risk_id: RiskId
    support: Support


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is agreed and approved: the risks the plan answers, and what is planned against each. A revision replaces it whole."""

    risk_ids: tuple[RiskId, ...] = ()
    planned_measures: tuple[PlannedMeasure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A change of an ACTIVE plan on its own way through the chain, while what was approved before stays in force."""

    number: int
    state: PlanState
    content: Content
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`period` lies within the semester; its first day decides eligibility, participation and borders.

    `providers` are the pseudonymous staff members who deliver it, and who may see it. `continues` is an earlier plan of the student.
    """

    id: PlanId
    student_id: StudentId
    institution_id: InstitutionId
    enrolment_id: EnrolmentId
    programme: str
    semester: Semester
    period: Period
    content: Content = Content()
    consent: Consent = Consent()
    providers: tuple[str, ...] = ()
    continues: PlanId | None = None
    state: PlanState = PlanState.DRAFT
    revision_number: int = 1
    revision: Revision | None = None
    activated_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = None
    version: int = 1

    @property
    def code(self) -> str:
        """Stands for the student's name in orders and forms. Made of the plan's id, so it is unique and tells nothing."""
        return f"IAP-{self.semester}-{b32encode(self.id.bytes[-5:]).decode()}"

    @property
    def delivery(self) -> Period | None:
        """The days on which support may be delivered under it: from activation to its end, which may have been recorded after its last
        day. None before activation.
        """
        if self.activated_on is None:
            return None
        return Period(self.activated_on, last_day_of(self.period, self.ended_on))

    def demand_deletable(self) -> None:
        """Raise Refused unless it is a draft: what has been submitted is part of the record."""
        if self.state is not PlanState.DRAFT:
            instead = "discontinue it instead" if self.state.is_open else "what has been submitted is kept"
            raise Refused(f"Only a draft is deleted; this plan is {self.state}: {instead}.", code="plan-not-draft")

    def edit(self, content: Content, consent: Consent, providers: tuple[str, ...], period: Period) -> "Plan":
        """Change a draft. What has been submitted is returned first; what is active is revised."""
        if self.state is not PlanState.DRAFT:
            hint = "revise it instead" if self.state is PlanState.ACTIVE else "ask the approver to return it first"
            raise Refused(f"Only a draft can be changed; this plan is {self.state}: {hint}.", code="plan-not-draft")
        return replace(self, content=content, consent=consent, providers=providers, period=period)


def last_day_of(period: Period, ended_on: date | None) -> date | None:
    """On which a plan ends for this period: the earlier one of its last day and the day on which it was ended."""
    ends = [day for day in (period.end, ended_on) if day is not None]
    return min(ends, default=None)


def check_plan(plan: Plan, *, enrolment: Enrolment, risk_ids: frozenset[RiskId], codes: CodeLists) -> Plan:
    """Raise Invalid unless a draft is sound in itself. `risk_ids`: all risks of the student that the institution may use."""
    check(_violations(plan, enrolment, risk_ids, codes))
    return plan


def _violations(plan: Plan, enrolment: Enrolment, risk_ids: frozenset[RiskId], codes: CodeLists) -> Iterator[Violation]:
    start, end = plan.period.start, plan.period.end
    if end is None or end < start:
        yield violation("/to", "ends-before-start", "A plan has a last day, not before its first.")
    if not plan.period.within(plan.semester.period):
        yield violation(
            "/from",
            "outside-semester",
            f"Semester {plan.semester} runs from {plan.semester.start} to {plan.semester.end}.",
        )
    if enrolment.student_id != plan.student_id or enrolment.institution_id != plan.institution_id:
        yield violation("/enrolment_id", "enrolment-of-another", "The enrolment is of another student or institution.")
    elif start not in enrolment.period:
        yield violation("/from", "not-enrolled", "The student is not enrolled on the plan's first day.")
    yield from content_violations(plan.content, risk_ids, codes, start)


def check_enrolment_still_holds(enrolment: Enrolment, plans: Iterable[Plan]) -> None:
    """Raise Invalid where the enrolment now begins after the first day of a plan that stands on it."""
    late = any(plan.enrolment_id == enrolment.id and plan.period.start < enrolment.period.start for plan in plans)
    check([violation("/from", "after-plan", "A plan stands on this enrolment from an earlier day on.")] if late else [])


def check_enrolment_lasts(enrolment: Enrolment) -> None:
    """Raise Refused where the enrolment's end is recorded, be it ahead: its open plan ended with it, and no other follows on it."""
    if enrolment.period.end is not None:
        raise Refused("This enrolment has ended: nothing more is planned on it.", code="enrolment-ended")


def check_continuation(plan: Plan, earlier: Plan) -> None:
    """Raise Invalid unless the plan that is continued is an earlier one of the same student. Time forbids circles."""
    wrong = violation("/continues", "not-an-earlier-plan", "A plan continues an earlier plan of the same student.")
    check([] if earlier.student_id == plan.student_id and earlier.period.start < plan.period.start else [wrong])


def content_violations(
    content: Content, risk_ids: frozenset[RiskId], codes: CodeLists, on: date, at: str = ""
) -> Iterator[Violation]:
    """Rules of what a plan, or its revision, contains. `at` is the JSON pointer of the content."""
    for index, risk_id in enumerate(content.risk_ids):
        if risk_id not in risk_ids:
            yield violation(f"{at}/risk_ids/{index}", "unknown-risk", "The student has no such risk.")
        if risk_id in content.risk_ids[:index]:
            yield violation(f"{at}/risk_ids/{index}", "duplicate", "A risk is named once.")
    for index, measure in enumerate(content.planned_measures):
        pointer = f"{at}/planned_measures/{index}"
        if measure.risk_id not in content.risk_ids:
            yield violation(
                f"{pointer}/risk_id", "risk-not-in-plan", "Every planned measure answers a risk of the plan."
            )
        yield from support_violations(measure.support, codes, on, pointer)
