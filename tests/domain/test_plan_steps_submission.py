"""What a plan must hold to be submitted: something planned, for somebody eligible, signed and agreed by whoever is of age to."""

from datetime import date

import pytest

from app.domain.actors import Role
from app.domain.code_lists import InstitutionKind
from app.domain.errors import Invalid
from app.domain.periods import Period
from app.domain.plan_steps import Step, take
from app.domain.plans import Consent, Content, PlanState, Signatory
from tests.domain.examples import TODAY, actor, circumstances, found, plan

ALONE = Consent(
    application_signed_on=date(2020, 12, 10),
    application_signed_by=Signatory.STUDENT,
    student_agreed_on=date(2020, 12, 10),
)


def test_a_submission_tells_everything_that_is_missing_at_once() -> None:
    empty = plan(content=Content(), consent=Consent())
    nowhere = circumstances(participating=False, grade=4)
    with pytest.raises(Invalid) as invalid:
        take(empty, Step.SUBMIT, by=actor(Role.PLAN_PREPARER), on=TODAY, circumstances=nowhere)
    assert found(invalid.value) == {
        ("/risk_ids", "required"),
        ("/planned_measures", "required"),
        ("/consent/application_signed_on", "required"),
        ("/consent/application_signed_by", "required"),
        ("/consent/student_agreed_on", "required"),
        ("/consent/guardian_agreed_on", "required"),
        ("/from", "not-participating"),
        ("/from", "not-eligible"),
    }


def test_grades_1_to_4_are_eligible_from_september_2021() -> None:
    since = plan(period=Period(date(2021, 9, 1), date(2021, 12, 31)))
    moved = take(since, Step.SUBMIT, by=actor(Role.PLAN_PREPARER), on=TODAY, circumstances=circumstances(grade=1))
    assert moved.state is PlanState.SUBMITTED
    course = circumstances(grade=1, kind=InstitutionKind.VOCATIONAL)
    moved = take(plan(), Step.SUBMIT, by=actor(Role.PLAN_PREPARER), on=TODAY, circumstances=course)
    assert moved.state is PlanState.SUBMITTED


def test_from_18_the_student_signs_and_agrees_alone() -> None:
    moved = take(
        plan(consent=ALONE), Step.SUBMIT, by=actor(Role.PLAN_PREPARER), on=TODAY, circumstances=circumstances(age=18)
    )
    assert moved.state is PlanState.SUBMITTED


@pytest.mark.parametrize("age", [17, None])
def test_before_18_or_where_the_age_is_unknown_the_guardian_signs(age: int | None) -> None:
    with pytest.raises(Invalid) as invalid:
        take(
            plan(consent=ALONE),
            Step.SUBMIT,
            by=actor(Role.PLAN_PREPARER),
            on=TODAY,
            circumstances=circumstances(age=age),
        )
    assert found(invalid.value) == {
        ("/consent/application_signed_by", "under-age"),
        ("/consent/guardian_agreed_on", "required"),
    }


def test_what_is_submitted_has_been_signed_and_agreed() -> None:
    tomorrow = date(2021, 3, 16)
    ahead = Consent(
        application_signed_on=tomorrow,
        application_signed_by=Signatory.GUARDIAN,
        guardian_agreed_on=tomorrow,
        student_agreed_on=tomorrow,
    )
    with pytest.raises(Invalid) as invalid:
        take(plan(consent=ahead), Step.SUBMIT, by=actor(Role.PLAN_PREPARER), on=TODAY, circumstances=circumstances())
    assert found(invalid.value) == {
        ("/consent/application_signed_on", "in-the-future"),
        ("/consent/guardian_agreed_on", "in-the-future"),
        ("/consent/student_agreed_on", "in-the-future"),
    }
