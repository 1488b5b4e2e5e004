"""The life of a plan: what leads where, who may do it, and how it ends."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from app.domain.actors import Role
from app.domain.errors import Forbidden, Invalid, Refused
from app.domain.periods import Period
from app.domain.plan_steps import (
    APPROVALS,
    OWN_PARTNER,
    TRANSITIONS,
    WHO_MAY,
    Step,
    approval_due,
    chain_state,
    end_with_enrolment,
    revise,
    take,
)
from app.domain.plans import Content, Plan, PlannedMeasure, PlanState
from tests.domain.examples import CONFLICT, LANGUAGE, MEALS, TODAY, actor, circumstances, found, plan

CHAIN = (
    (Step.SUBMIT, Role.PLAN_PREPARER, PlanState.SUBMITTED),
    (Step.APPROVE_SCHOOL, Role.SCHOOL_HEAD, PlanState.SCHOOL_APPROVED),
    (Step.APPROVE_PARTNER, Role.MUNICIPALITY_COORDINATOR, PlanState.PARTNER_APPROVED),
    (Step.ACTIVATE, Role.PROGRAMME_AUTHORITY, PlanState.ACTIVE),
)
OTHER = Content(risk_ids=(LANGUAGE, CONFLICT), planned_measures=(PlannedMeasure(risk_id=CONFLICT, support=MEALS),))


def in_state(state: PlanState) -> Plan:
    active_since = date(2021, 1, 10) if state in (PlanState.ACTIVE, PlanState.COMPLETED) else None
    return plan(state=state, activated_on=active_since)


def after(count: int) -> Plan:
    """The plan after so many steps of the chain."""
    moved = plan()
    for step, role, _ in CHAIN[:count]:
        moved = take(moved, step, by=actor(role), on=TODAY, circumstances=circumstances())
    return moved


def test_a_plan_passes_school_partner_and_authority() -> None:
    for count, (_, _, state) in enumerate(CHAIN, start=1):
        assert after(count).state is state
    assert after(4).activated_on == TODAY


def test_an_institution_that_is_its_own_partner_skips_the_partner() -> None:
    own = circumstances(own_partner=True)
    approved = after(2)
    with pytest.raises(Refused, match="possible: ACTIVATE, DISCONTINUE, RETURN"):
        take(approved, Step.APPROVE_PARTNER, by=actor(Role.VOCATIONAL_COORDINATOR), on=TODAY, circumstances=own)
    active = take(approved, Step.ACTIVATE, by=actor(Role.PROGRAMME_AUTHORITY), on=TODAY, circumstances=own)
    assert active.state is PlanState.ACTIVE


def test_under_a_municipality_the_partner_is_not_skipped() -> None:
    with pytest.raises(Refused) as refused:
        take(after(2), Step.ACTIVATE, by=actor(Role.PROGRAMME_AUTHORITY), on=TODAY, circumstances=circumstances())
    assert refused.value.code == "step-not-possible"


@pytest.mark.parametrize(("state", "step"), list(product(PlanState, Step)))
def test_what_no_table_allows_is_refused(state: PlanState, step: Step) -> None:
    for role in Role:

        def taken(role: Role = role) -> Plan:
            return take(in_state(state), step, by=actor(role), on=TODAY, circumstances=circumstances(), reason="x")

        if (state, step) not in TRANSITIONS:
            with pytest.raises(Refused):
                taken()
        elif role in WHO_MAY[state, step]:
            assert taken().state is TRANSITIONS[state, step]
        else:
            with pytest.raises(Forbidden) as forbidden:
                taken()
            assert forbidden.value.code == "step-not-yours"


@pytest.mark.parametrize(("count", "step", "role"), [(at, step, role) for at, (step, role, _) in enumerate(CHAIN)])
def test_a_plan_goes_no_further_once_its_enrolment_has_ended(count: int, step: Step, role: Role) -> None:
    with pytest.raises(Refused) as refused:
        take(after(count), step, by=actor(role), on=TODAY, circumstances=circumstances(enrolment_lasts=False))
    assert refused.value.code == "enrolment-ended"


@pytest.mark.parametrize(
    ("count", "step", "state"),
    [
        (1, Step.RETURN, PlanState.DRAFT),
        (1, Step.DISCONTINUE, PlanState.DISCONTINUED),
        (4, Step.DISCONTINUE, PlanState.DISCONTINUED),
        (4, Step.COMPLETE, PlanState.COMPLETED),
    ],
)
def test_a_plan_is_returned_or_ended_after_its_enrolment_too(count: int, step: Step, state: PlanState) -> None:
    ended, head = circumstances(enrolment_lasts=False), actor(Role.SCHOOL_HEAD)
    assert take(after(count), step, by=head, on=TODAY, circumstances=ended, reason="x").state is state


def test_every_possible_step_has_somebody_who_may_take_it() -> None:
    assert set(WHO_MAY) == set(TRANSITIONS) | set(OWN_PARTNER)
    assert all(WHO_MAY.values())


def test_every_state_but_the_ends_leads_on_and_the_ends_lead_nowhere() -> None:
    leading = {state for state, _ in TRANSITIONS}
    assert leading == {state for state in PlanState if state.is_open}


def test_school_systems_tell_what_the_school_has_begun_and_ended_and_decide_nothing() -> None:
    steps = {step for (_, step), roles in WHO_MAY.items() if Role.SYNC_CLIENT in roles}
    assert steps == {Step.SUBMIT, Step.COMPLETE, Step.DISCONTINUE}
    ended = [roles for (_, step), roles in WHO_MAY.items() if step in (Step.COMPLETE, Step.DISCONTINUE)]
    assert all((Role.SYNC_CLIENT in roles) == (Role.PLAN_PREPARER in roles) for roles in ended)


def test_only_the_authority_puts_a_plan_into_force() -> None:
    activating = [roles for (_, step), roles in WHO_MAY.items() if step is Step.ACTIVATE]
    assert activating == [{Role.PROGRAMME_AUTHORITY}, {Role.PROGRAMME_AUTHORITY}]


def test_the_approval_that_is_due_follows_from_the_state() -> None:
    assert approval_due(after(1)) is Step.APPROVE_SCHOOL
    assert approval_due(after(2)) is Step.APPROVE_PARTNER
    for state in set(PlanState) - set(APPROVALS):
        with pytest.raises(Refused, match="Nothing is to be approved"):
            approval_due(in_state(state))


def test_a_plan_activated_before_its_first_day_is_in_force_from_that_day() -> None:
    early = date(2020, 12, 20)
    moved = take(after(3), Step.ACTIVATE, by=actor(Role.PROGRAMME_AUTHORITY), on=early, circumstances=circumstances())
    assert moved.activated_on == moved.period.start


def test_a_plan_is_not_activated_after_its_last_day() -> None:
    late = date(2021, 9, 1)
    with pytest.raises(Invalid) as invalid:
        take(after(3), Step.ACTIVATE, by=actor(Role.PROGRAMME_AUTHORITY), on=late, circumstances=circumstances())
    assert found(invalid.value) == {("/on", "after-plan")}


@pytest.mark.parametrize("step", [Step.RETURN, Step.DISCONTINUE])
@pytest.mark.parametrize("reason", [None, "  "])
def test_returning_and_discontinuing_need_a_reason(step: Step, reason: str | None) -> None:
    with pytest.raises(Invalid) as invalid:
        take(after(1), step, by=actor(Role.SCHOOL_HEAD), on=TODAY, circumstances=circumstances(), reason=reason)
    assert found(invalid.value) == {("/reason", "required")}


def test_ends_keep_day_and_reason() -> None:
    head = actor(Role.SCHOOL_HEAD)
    ended = take(
        after(4), Step.DISCONTINUE, by=head, on=date(2021, 4, 1), circumstances=circumstances(), reason="moved"
    )
    assert (ended.state, ended.ended_on, ended.end_reason) == (PlanState.DISCONTINUED, date(2021, 4, 1), "moved")
    done = take(after(4), Step.COMPLETE, by=head, on=date(2021, 5, 31), circumstances=circumstances())
    assert (done.state, done.ended_on, done.end_reason) == (PlanState.COMPLETED, date(2021, 5, 31), None)


@pytest.mark.parametrize("on", [date(2021, 3, 14), date(2021, 9, 1)])
def test_a_plan_is_completed_between_its_activation_and_its_last_day(on: date) -> None:
    with pytest.raises(Invalid) as invalid:
        take(after(4), Step.COMPLETE, by=actor(Role.SCHOOL_HEAD), on=on, circumstances=circumstances())
    assert found(invalid.value) == {("/on", "outside-plan")}


def test_a_revision_passes_the_chain_while_the_old_version_stays_in_force() -> None:
    active = after(4)
    revised = revise(active, OTHER, "a new risk")
    assert (revised.state, revised.content, chain_state(revised)) == (PlanState.ACTIVE, active.content, PlanState.DRAFT)
    for step, role, state in CHAIN[:3]:
        revised = take(revised, step, by=actor(role), on=TODAY, circumstances=circumstances())
        assert (revised.state, revised.content, chain_state(revised)) == (PlanState.ACTIVE, active.content, state)
    done = take(revised, Step.ACTIVATE, by=actor(Role.PROGRAMME_AUTHORITY), on=TODAY, circumstances=circumstances())
    assert (done.content, done.revision, done.revision_number) == (OTHER, None, 2)
    assert done.activated_on == active.activated_on


def test_a_returned_revision_is_a_draft_again_and_may_be_changed() -> None:
    submitted = take(
        revise(after(4), OTHER, "x"), Step.SUBMIT, by=actor(Role.PLAN_PREPARER), on=TODAY, circumstances=circumstances()
    )
    with pytest.raises(Refused) as refused:
        revise(submitted, OTHER, "y")
    assert refused.value.code == "revision-under-way"
    returned = take(
        submitted, Step.RETURN, by=actor(Role.SCHOOL_HEAD), on=TODAY, circumstances=circumstances(), reason="too little"
    )
    assert returned.state is PlanState.ACTIVE
    assert chain_state(revise(returned, OTHER, "y")) is PlanState.DRAFT


def test_an_active_plan_ends_even_while_a_revision_is_under_way() -> None:
    revised = revise(after(4), OTHER, "x")
    ended = take(revised, Step.COMPLETE, by=actor(Role.SCHOOL_HEAD), on=TODAY, circumstances=circumstances())
    assert (ended.state, ended.revision) == (PlanState.COMPLETED, None)


@pytest.mark.parametrize("state", [state for state in PlanState if state is not PlanState.ACTIVE])
def test_only_an_active_plan_is_revised(state: PlanState) -> None:
    with pytest.raises(Refused) as refused:
        revise(in_state(state), OTHER, "x")
    assert refused.value.code == "plan-not-active"


def test_a_plan_ends_with_the_enrolment() -> None:
    ended = end_with_enrolment(after(4), date(2021, 4, 1))
    assert (ended.state, ended.ended_on, ended.end_reason) == (
        PlanState.DISCONTINUED,
        date(2021, 4, 1),
        "ENROLMENT_ENDED",
    )
    assert end_with_enrolment(ended, date(2021, 5, 1)) == ended
    early = end_with_enrolment(plan(), date(2020, 12, 1))
    assert early.ended_on == plan().period.start


def test_support_is_delivered_from_activation_to_the_end() -> None:
    assert plan().delivery is None
    active = replace(after(4), activated_on=date(2021, 1, 10))
    assert active.delivery == Period(date(2021, 1, 10), date(2021, 8, 31))
    assert replace(active, ended_on=date(2021, 4, 1)).delivery == Period(date(2021, 1, 10), date(2021, 4, 1))
