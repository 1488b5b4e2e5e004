"""The life of a plan, as two tables: what leads where, and who may do it. A revision of an active plan passes the same chain.

DRAFT -> SUBMITTED -> SCHOOL_APPROVED -> PARTNER_APPROVED -> ACTIVE -> COMPLETED or DISCONTINUED.
Institutions that are their own partner skip the partner's step.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.actors import Actor, Role
from app.domain.code_lists import InstitutionKind
from app.domain.errors import Forbidden, Refused, Violation, check, violation
from app.domain.plans import AGE_OF_MAJORITY, Consent, Content, Plan, PlanState, Revision, Signatory
from app.domain.programmes import Programme


class Step(StrEnum):
    SUBMIT = "SUBMIT"
    APPROVE_SCHOOL = "APPROVE_SCHOOL"
    APPROVE_PARTNER = "APPROVE_PARTNER"
    ACTIVATE = "ACTIVATE"
    RETURN = "RETURN"
    COMPLETE = "COMPLETE"
    DISCONTINUE = "DISCONTINUE"


S = PlanState
TRANSITIONS: dict[tuple[PlanState, Step], PlanState] = {
    (S.DRAFT, Step.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, Step.APPROVE_SCHOOL): S.SCHOOL_APPROVED,
    (S.SCHOOL_APPROVED, Step.APPROVE_PARTNER): S.PARTNER_APPROVED,
    (S.PARTNER_APPROVED, Step.ACTIVATE): S.ACTIVE,
    (S.SUBMITTED, Step.RETURN): S.DRAFT,
    (S.SCHOOL_APPROVED, Step.RETURN): S.DRAFT,
    (S.PARTNER_APPROVED, Step.RETURN): S.DRAFT,
    (S.ACTIVE, Step.COMPLETE): S.COMPLETED,
    (S.SUBMITTED, Step.DISCONTINUE): S.DISCONTINUED,
    (S.SCHOOL_APPROVED, Step.DISCONTINUE): S.DISCONTINUED,
    (S.PARTNER_APPROVED, Step.DISCONTINUE): S.DISCONTINUED,
    (S.ACTIVE, Step.DISCONTINUE): S.DISCONTINUED,
}
"""What leads where, for institutions under a municipality's agreement."""

OWN_PARTNER = {(S.SCHOOL_APPROVED, Step.ACTIVATE): S.ACTIVE}
"""What is added, and the partner's approval taken away, where the institution is its own partner."""

_SCHOOL = frozenset({Role.PLAN_PREPARER, Role.SCHOOL_COORDINATOR, Role.SCHOOL_HEAD})
_PARTNER = frozenset({Role.MUNICIPALITY_COORDINATOR, Role.VOCATIONAL_COORDINATOR})
_AUTHORITY = frozenset({Role.PROGRAMME_AUTHORITY})
_SYSTEM = frozenset({Role.SYNC_CLIENT})
_ENDING = _SCHOOL | _SYSTEM

WHO_MAY: dict[tuple[PlanState, Step], frozenset[Role]] = {
    (S.DRAFT, Step.SUBMIT): _SCHOOL | _SYSTEM,
    (S.SUBMITTED, Step.APPROVE_SCHOOL): frozenset({Role.SCHOOL_HEAD}),
    (S.SCHOOL_APPROVED, Step.APPROVE_PARTNER): _PARTNER,
    (S.SCHOOL_APPROVED, Step.ACTIVATE): _AUTHORITY,
    (S.PARTNER_APPROVED, Step.ACTIVATE): _AUTHORITY,
    (S.SUBMITTED, Step.RETURN): frozenset({Role.SCHOOL_HEAD}),
    (S.SCHOOL_APPROVED, Step.RETURN): _PARTNER | _AUTHORITY,
    (S.PARTNER_APPROVED, Step.RETURN): _AUTHORITY,
    (S.ACTIVE, Step.COMPLETE): _ENDING,
    (S.SUBMITTED, Step.DISCONTINUE): _ENDING,
    (S.SCHOOL_APPROVED, Step.DISCONTINUE): _ENDING | _PARTNER,
    (S.PARTNER_APPROVED, Step.DISCONTINUE): _ENDING | _PARTNER | _AUTHORITY,
    (S.ACTIVE, Step.DISCONTINUE): _ENDING | _PARTNER | _AUTHORITY,
}
APPROVALS: dict[PlanState, Step] = {S.SUBMITTED: Step.APPROVE_SCHOOL, S.SCHOOL_APPROVED: Step.APPROVE_PARTNER}
"""Which approval is due in a state."""
FORWARD = frozenset({Step.SUBMIT, Step.APPROVE_SCHOOL, Step.APPROVE_PARTNER, Step.ACTIVATE})
"""Taken only while the enrolment lasts. A plan is returned or ended at any time."""
del S


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a decision on a plan depends on, as it stood on the plan's first day; but whether the enrolment lasts, as it stands now.

    `participating`: the institution takes part in the plan's programme. `age`: of the student, None where it is not known.
    `enrolment_lasts`: no end of it is recorded.
    """

    programme: Programme
    kind: InstitutionKind
    grade: int
    enrolment_lasts: bool
    participating: bool
    own_partner: bool
    age: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """One line in the history of a plan: kept for good, with whoever took the step and why."""

    step: Step
    revision_number: int
    from_state: PlanState
    to_state: PlanState
    on: date
    role: Role
    subject: str
    reason: str | None = None


def chain_state(plan: Plan) -> PlanState:
    """Where the plan, or its revision under way, stands in the chain."""
    return plan.state if plan.revision is None else plan.revision.state


def approval_due(plan: Plan) -> Step:
    """Raises Refused where no school or partner has to approve now."""
    state = chain_state(plan)
    if state not in APPROVALS:
        raise Refused(f"Nothing is to be approved here: the plan is {state}.", code="step-not-possible")
    return APPROVALS[state]


def take(
    plan: Plan, step: Step, *, by: Actor, on: date, circumstances: Circumstances, reason: str | None = None
) -> Plan:
    """The plan after one step. Where a revision is under way, the steps of the chain move the revision.

    Raises Refused if the step is not possible in this state or after the enrolment, Forbidden if it is not this role's to make, and Invalid if
    something is missing. The decision on how many plans are funded is taken where `_activate` puts a plan into force.
    """
    revising = plan.revision is not None and step not in (Step.COMPLETE, Step.DISCONTINUE)
    state = plan.revision.state if plan.revision is not None and revising else plan.state
    target = _target(state, step, own_partner=circumstances.own_partner)
    if by.role not in WHO_MAY[state, step]:
        raise Forbidden(f"{by.role} may not {step} a plan that is {state}.", code="step-not-yours")
    if step in FORWARD and not circumstances.enrolment_lasts:
        raise Refused("The plan's enrolment has ended: it goes no further.", code="enrolment-ended")
    check(_violations(plan, step, on, reason, circumstances))
    if plan.revision is not None and revising:
        return _activate_revision(plan) if target is PlanState.ACTIVE else _return_or_move(plan, plan.revision, target)
    if target is PlanState.ACTIVE:
        return _activate(plan, on)
    if not target.is_open:
        return replace(plan, state=target, ended_on=on, end_reason=reason, revision=None)
    return replace(plan, state=target)


def _target(state: PlanState, step: Step, *, own_partner: bool) -> PlanState:
    table = TRANSITIONS | OWN_PARTNER if own_partner else TRANSITIONS
    skipped = own_partner and step is Step.APPROVE_PARTNER
    if (state, step) not in table or skipped:
        possible = sorted(
            str(each) for at, each in table if at is state and not (own_partner and each is Step.APPROVE_PARTNER)
        )
        raise Refused(
            f"A plan that is {state} cannot take the step {step}; possible: {', '.join(possible) or 'none'}.",
            code="step-not-possible",
        )
    return table[state, step]


def _activate(plan: Plan, on: date) -> Plan:
    return replace(plan, state=PlanState.ACTIVE, activated_on=max(on, plan.period.start))


def _return_or_move(plan: Plan, revision: Revision, target: PlanState) -> Plan:
    return replace(plan, revision=replace(revision, state=target))


def _activate_revision(plan: Plan) -> Plan:
    revision = plan.revision
    assert revision is not None  # noqa: S101 - the only caller has looked
    return replace(plan, content=revision.content, revision_number=revision.number, revision=None)


def revise(plan: Plan, content: Content, reason: str) -> Plan:
    """Begin a revision of an active plan, or change one that is still a draft. It passes the chain like a plan."""
    if plan.state is not PlanState.ACTIVE:
        raise Refused(f"Only an active plan is revised; this one is {plan.state}.", code="plan-not-active")
    if plan.revision is not None and plan.revision.state is not PlanState.DRAFT:
        raise Refused("A revision is already on its way through the chain.", code="revision-under-way")
    number = plan.revision_number + 1
    return replace(plan, revision=Revision(number=number, state=PlanState.DRAFT, content=content, reason=reason))


def end_with_enrolment(plan: Plan, on: date) -> Plan:
    """The enrolment ends: an open plan ends with it, on the same day. A plan that never came into force is discontinued as well."""
    if not plan.state.is_open:
        return plan
    return replace(
        plan,
        state=PlanState.DISCONTINUED,
        ended_on=max(on, plan.period.start),
        end_reason="ENROLMENT_ENDED",
        revision=None,
    )


def _violations(
    plan: Plan, step: Step, on: date, reason: str | None, circumstances: Circumstances
) -> Iterator[Violation]:
    if step in (Step.RETURN, Step.DISCONTINUE) and not (reason and reason.strip()):
        yield violation("/reason", "required", "Give the reason.")
    if step is Step.SUBMIT:
        yield from _submission(plan, circumstances)
        yield from _signed_later(plan.consent, on)
    if step is Step.ACTIVATE and plan.period.end is not None and on > plan.period.end:
        yield violation("/on", "after-plan", "A plan is not activated after its last day.")
    if step in (Step.COMPLETE, Step.DISCONTINUE):
        earliest = plan.activated_on or plan.period.start
        if step is Step.COMPLETE and (on < earliest or (plan.period.end is not None and on > plan.period.end)):
            yield violation("/on", "outside-plan", "A plan ends between its activation and its last day.")


def _signed_later(consent: Consent, on: date) -> Iterator[Violation]:
    for name in ("application_signed_on", "guardian_agreed_on", "student_agreed_on"):
        day = getattr(consent, name)
        if day is not None and day > on:
            yield violation(f"/consent/{name}", "in-the-future", "What is submitted has been signed and agreed.")


def _submission(plan: Plan, circumstances: Circumstances) -> Iterator[Violation]:
    content = plan.revision.content if plan.revision is not None else plan.content
    consent, start = plan.consent, plan.period.start
    if not content.risk_ids:
        yield violation("/risk_ids", "required", "A plan answers at least one risk.")
    if not content.planned_measures:
        yield violation("/planned_measures", "required", "A plan has at least one planned measure.")
    if consent.application_signed_on is None:
        yield violation("/consent/application_signed_on", "required", "A plan is submitted with a signed application.")
    if consent.application_signed_by is None:
        yield violation("/consent/application_signed_by", "required", "Say who signed the application.")
    adult = circumstances.age is not None and circumstances.age >= AGE_OF_MAJORITY
    if consent.application_signed_by is Signatory.STUDENT and not adult:
        yield violation("/consent/application_signed_by", "under-age", f"A student signs alone from {AGE_OF_MAJORITY}.")
    if consent.student_agreed_on is None:
        yield violation("/consent/student_agreed_on", "required", "The plan is agreed with the student.")
    if consent.guardian_agreed_on is None and not adult:
        yield violation("/consent/guardian_agreed_on", "required", "The plan is agreed with the guardian.")
    if not circumstances.participating:
        yield violation("/from", "not-participating", "The institution does not participate on the plan's first day.")
    if not circumstances.programme.eligible(circumstances.kind, circumstances.grade, start):
        yield violation("/from", "not-eligible", f"Grade or course {circumstances.grade} is not eligible on {start}.")
