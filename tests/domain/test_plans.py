"""What a draft must be in itself."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enrolments import EndReason, Enrolment
from app.domain.errors import Invalid, Refused
from app.domain.ids import EnrolmentId, InstitutionId, PlanId, StudentId
from app.domain.periods import Period
from app.domain.plans import (
    Content,
    Plan,
    PlannedMeasure,
    PlanState,
    check_continuation,
    check_enrolment_lasts,
    check_enrolment_still_holds,
    check_plan,
)
from tests.domain.examples import CODES, CONFLICT, FOREIGN, LANGUAGE, MATHEMATICS, enrolment, found, plan

OTHER = Content(risk_ids=(LANGUAGE, CONFLICT))
RISKS = frozenset({LANGUAGE, CONFLICT})


def wrong(changed: Plan, at: Enrolment | None = None) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        check_plan(changed, enrolment=at or enrolment(), risk_ids=RISKS, codes=CODES)
    return found(invalid.value)


def test_a_sound_draft_is_accepted() -> None:
    assert check_plan(plan(), enrolment=enrolment(), risk_ids=RISKS, codes=CODES) == plan()


def test_an_empty_draft_is_accepted_because_it_may_grow() -> None:
    check_plan(plan(content=Content()), enrolment=enrolment(), risk_ids=RISKS, codes=CODES)


@pytest.mark.parametrize(
    ("period", "code"),
    [
        (Period(date(2021, 2, 1), date(2021, 1, 1)), ("/to", "ends-before-start")),
        (Period(date(2021, 2, 1)), ("/to", "ends-before-start")),
        (Period(date(2020, 12, 31), date(2021, 3, 1)), ("/from", "outside-semester")),
        (Period(date(2021, 3, 1), date(2021, 9, 1)), ("/from", "outside-semester")),
    ],
)
def test_a_plan_lies_in_its_semester(period: Period, code: tuple[str, str]) -> None:
    assert code in wrong(plan(period=period))


@pytest.mark.parametrize("on", [date(2021, 1, 31), date(2021, 12, 31)])
def test_nothing_is_planned_on_an_enrolment_whose_end_is_recorded_be_it_ahead(on: date) -> None:
    check_enrolment_lasts(enrolment())
    with pytest.raises(Refused) as refused:
        check_enrolment_lasts(enrolment(period=Period(date(2020, 9, 1), on), end_reason=EndReason.LEFT))
    assert refused.value.code == "enrolment-ended"


def test_the_student_is_enrolled_on_the_first_day() -> None:
    assert wrong(plan(), enrolment(period=Period(date(2021, 1, 2)))) == {("/from", "not-enrolled")}


@pytest.mark.parametrize("change", [{"student_id": StudentId(UUID(int=9))}, {"institution_id": InstitutionId(9)}])
def test_the_enrolment_is_of_this_student_and_institution(change: dict[str, Any]) -> None:
    assert wrong(plan(), enrolment(**change)) == {("/enrolment_id", "enrolment-of-another")}


def test_a_plan_answers_known_risks_once_each() -> None:
    content = Content(risk_ids=(LANGUAGE, LANGUAGE, FOREIGN))
    assert wrong(plan(content=content)) == {("/risk_ids/1", "duplicate"), ("/risk_ids/2", "unknown-risk")}


def test_every_planned_measure_answers_a_risk_of_the_plan() -> None:
    content = Content(risk_ids=(LANGUAGE,), planned_measures=(PlannedMeasure(risk_id=CONFLICT, support=MATHEMATICS),))
    assert wrong(plan(content=content)) == {("/planned_measures/0/risk_id", "risk-not-in-plan")}


def test_a_planned_measure_keeps_the_rules_of_support() -> None:
    lost = PlannedMeasure(risk_id=LANGUAGE, support=replace(MATHEMATICS, subject=None))
    content = Content(risk_ids=(LANGUAGE,), planned_measures=(lost,))
    assert wrong(plan(content=content)) == {("/planned_measures/0/subject", "required")}


@pytest.mark.parametrize(
    "earlier",
    [
        plan(student_id=StudentId(UUID(int=9)), period=Period(date(2020, 9, 1), date(2020, 12, 31))),
        plan(),
        plan(id=PlanId(UUID(int=4))),
    ],
)
def test_a_plan_continues_an_earlier_one_of_the_same_student(earlier: Plan) -> None:
    with pytest.raises(Invalid) as invalid:
        check_continuation(plan(), earlier)
    assert found(invalid.value) == {("/continues", "not-an-earlier-plan")}
    check_continuation(plan(), plan(period=Period(date(2020, 9, 1), date(2020, 12, 31))))


@given(st.uuids(), st.uuids())
def test_a_code_stands_for_its_plan_alone_and_tells_nothing_of_the_student(one: UUID, two: UUID) -> None:
    codes = plan(id=PlanId(one)).code, plan(id=PlanId(two)).code
    assert all(code.startswith("IAP-2020-2-") for code in codes)
    assert (codes[0] == codes[1]) == (one.bytes[-5:] == two.bytes[-5:])
    assert plan(id=PlanId(one), student_id=StudentId(two)).code == codes[0]


def test_two_states_are_ends() -> None:
    assert {state for state in PlanState if not state.is_open} == {PlanState.COMPLETED, PlanState.DISCONTINUED}


def test_a_draft_alone_can_be_changed_or_deleted() -> None:
    draft = plan()
    edited = draft.edit(OTHER, draft.consent, ("T-1",), draft.period)
    assert (edited.content, edited.providers) == (OTHER, ("T-1",))
    draft.demand_deletable()
    for state in set(PlanState) - {PlanState.DRAFT}:
        with pytest.raises(Refused) as refused:
            plan(state=state).edit(OTHER, draft.consent, (), draft.period)
        assert refused.value.code == "plan-not-draft"
        with pytest.raises(Refused):
            plan(state=state).demand_deletable()


def test_an_enrolment_does_not_begin_after_a_plan_that_stands_on_it() -> None:
    check_enrolment_still_holds(enrolment(period=Period(date(2021, 1, 1))), [plan()])
    check_enrolment_still_holds(enrolment(id=EnrolmentId(UUID(int=9)), period=Period(date(2021, 2, 1))), [plan()])
    with pytest.raises(Invalid) as invalid:
        check_enrolment_still_holds(enrolment(period=Period(date(2021, 1, 2))), [plan()])
    assert found(invalid.value) == {("/from", "after-plan")}
