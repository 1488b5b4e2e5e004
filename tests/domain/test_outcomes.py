"""What came of a plan, and how a school year ended."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import SchoolYear
from app.domain.errors import Invalid
from app.domain.ids import OutcomeId, RiskId
from app.domain.outcomes import (
    NextStep,
    PlanOutcome,
    Result,
    RiskResult,
    YearOutcome,
    YearResult,
    check_plan_outcome,
    check_year_outcome,
)
from app.domain.plans import Content, Plan, PlanState
from tests.domain.examples import CODES, CONFLICT, FOREIGN, LANGUAGE, PLAN, SCHOOL, STUDENT, TODAY, found, plan

ACTIVATED = date(2021, 1, 11)
ACTIVE = plan(state=PlanState.ACTIVE, activated_on=ACTIVATED, content=Content(risk_ids=(LANGUAGE, CONFLICT)))
RESULTS = (
    RiskResult(risk_id=LANGUAGE, result=Result.REDUCED),
    RiskResult(risk_id=CONFLICT, result=Result.RESOLVED),
)
OF_PLAN = PlanOutcome(
    id=OutcomeId(UUID(int=21)),
    student_id=STUDENT,
    institution_id=SCHOOL,
    plan_id=PLAN,
    recorded_on=date(2021, 3, 1),
    results=RESULTS,
    next_step=NextStep.CONTINUE,
    improvements=("MOTIVATION", "WELLBEING"),
    evaluation="Sadarbība uzlabojusies.",
)
OF_YEAR = YearOutcome(
    id=OutcomeId(UUID(int=22)),
    student_id=STUDENT,
    institution_id=SCHOOL,
    school_year=SchoolYear(2020),
    recorded_on=date(2021, 3, 1),
    result=YearResult.LEFT_EARLY,
    left_on=date(2021, 2, 15),
    leaving_reason="WORK",
)
PROMOTED = replace(OF_YEAR, result=YearResult.PROMOTED, left_on=None, leaving_reason=None)


def wrong_of_plan(outcome: PlanOutcome, of: Plan = ACTIVE) -> set[tuple[str, str]]:
    try:
        assert check_plan_outcome(outcome, plan=of, codes=CODES, today=TODAY) is outcome
    except Invalid as invalid:
        return found(invalid)
    return set()


def wrong_of_year(outcome: YearOutcome, today: date = TODAY) -> set[tuple[str, str]]:
    try:
        assert check_year_outcome(outcome, codes=CODES, today=today) is outcome
    except Invalid as invalid:
        return found(invalid)
    return set()


@pytest.mark.parametrize(
    "changes", [{}, {"recorded_on": ACTIVATED}, {"recorded_on": TODAY}, {"improvements": (), "evaluation": None}]
)
def test_sound_outcomes_of_plans(changes: dict[str, Any]) -> None:
    assert wrong_of_plan(replace(OF_PLAN, **changes)) == set()


@pytest.mark.parametrize("state", [PlanState.COMPLETED, PlanState.DISCONTINUED])
def test_a_plan_that_has_ended_has_an_outcome_as_well(state: PlanState) -> None:
    assert wrong_of_plan(OF_PLAN, replace(ACTIVE, state=state, ended_on=date(2021, 2, 26))) == set()


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.PARTNER_APPROVED, PlanState.DISCONTINUED])
def test_a_plan_that_was_never_in_force_has_none(state: PlanState) -> None:
    never = replace(ACTIVE, state=state, activated_on=None)
    assert wrong_of_plan(OF_PLAN, never) == {("/plan_id", "plan-never-active")}


@pytest.mark.parametrize(
    ("changes", "violation"),
    [
        ({"recorded_on": date(2021, 3, 16)}, ("/recorded_on", "in-the-future")),
        ({"recorded_on": date(2021, 1, 10)}, ("/recorded_on", "before-plan")),
        ({"results": RESULTS[:1]}, ("/results", "missing-risk")),
        ({"results": (*RESULTS, RESULTS[0])}, ("/results/2/risk_id", "duplicate")),
        (
            {"results": (RiskResult(risk_id=FOREIGN, result=Result.RESOLVED), *RESULTS)},
            ("/results/0/risk_id", "risk-not-in-plan"),
        ),
        ({"improvements": ("MOTIVATION", "LUCK")}, ("/improvements/1", "unknown-code")),
        ({"improvements": ("MOTIVATION", "BEHAVIOUR", "MOTIVATION")}, ("/improvements/2", "duplicate")),
    ],
)
def test_each_slip_in_the_outcome_of_a_plan_has_its_place(changes: dict[str, Any], violation: tuple[str, str]) -> None:
    assert wrong_of_plan(replace(OF_PLAN, **changes)) == {violation}


@given(st.lists(st.sampled_from([LANGUAGE, CONFLICT, FOREIGN]), max_size=4))
def test_every_risk_of_the_plan_has_exactly_one_result(risks: list[RiskId]) -> None:
    results = tuple(RiskResult(risk_id=each, result=Result.UNCHANGED) for each in risks)
    assert (not wrong_of_plan(replace(OF_PLAN, results=results))) is (sorted(risks) == [LANGUAGE, CONFLICT])


def test_what_a_teacher_writes_of_a_child_is_not_shown_in_logs() -> None:
    assert "Sadarbība" not in repr(OF_PLAN)


@pytest.mark.parametrize(
    "outcome",
    [
        OF_YEAR,
        PROMOTED,
        replace(PROMOTED, extended_school_year=True),
        replace(OF_YEAR, left_on=TODAY),
        replace(OF_YEAR, left_on=date(2020, 9, 1)),
        replace(PROMOTED, recorded_on=date(2020, 9, 1)),
    ],
)
def test_sound_outcomes_of_years(outcome: YearOutcome) -> None:
    assert wrong_of_year(outcome) == set()


@pytest.mark.parametrize(
    ("changes", "violation"),
    [
        ({"recorded_on": date(2021, 3, 16)}, ("/recorded_on", "in-the-future")),
        ({"recorded_on": date(2020, 8, 31)}, ("/recorded_on", "before-school-year")),
        ({"left_on": None}, ("/left_on", "required")),
        ({"left_on": date(2020, 8, 31)}, ("/left_on", "outside-school-year")),
        ({"left_on": date(2021, 9, 1)}, ("/left_on", "outside-school-year")),
        ({"left_on": date(2021, 3, 16)}, ("/left_on", "in-the-future")),
        ({"leaving_reason": None}, ("/leaving_reason", "required")),
        ({"leaving_reason": "BOREDOM"}, ("/leaving_reason", "unknown-code")),
    ],
)
def test_each_slip_in_the_outcome_of_a_year_has_its_place(changes: dict[str, Any], violation: tuple[str, str]) -> None:
    assert wrong_of_year(replace(OF_YEAR, **changes)) == {violation}


def test_a_leaving_date_belongs_to_its_own_school_year_alone() -> None:
    later = replace(OF_YEAR, recorded_on=date(2021, 10, 1), left_on=date(2021, 8, 31))
    assert wrong_of_year(later, today=date(2021, 10, 1)) == set()


@given(st.sampled_from(YearResult), st.booleans(), st.booleans(), st.booleans())
def test_leaving_early_alone_has_a_date_and_a_reason(
    result: YearResult,
    has_date: bool,  # noqa: FBT001 - hypothesis fills in arguments by position
    has_reason: bool,  # noqa: FBT001 - as above
    extended: bool,  # noqa: FBT001 - as above
) -> None:
    left_on, reason = (OF_YEAR.left_on if has_date else None), (OF_YEAR.leaving_reason if has_reason else None)
    outcome = replace(OF_YEAR, result=result, left_on=left_on, leaving_reason=reason, extended_school_year=extended)
    left = result is YearResult.LEFT_EARLY
    code = "required" if left else "only-when-leaving"
    given_or_not = (("/left_on", has_date), ("/leaving_reason", has_reason))
    assert wrong_of_year(outcome) == {(pointer, code) for pointer, present in given_or_not if present is not left}
