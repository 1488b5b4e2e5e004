"""Who may ask what is held of a student, and until when it will be."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.enrolments import EndReason, Enrolment
from app.domain.errors import Invalid
from app.domain.ids import InstitutionId
from app.domain.periods import Period
from app.domain.plans import Plan, PlanState
from app.domain.subject_access import AccessRequest, Held, Requester, check_access_request
from tests.domain.examples import enrolment, plan

TODAY = date(2021, 11, 15)


@pytest.mark.parametrize(
    ("by", "age"),
    [
        (Requester.GUARDIAN, 17),
        (Requester.GUARDIAN, None),
        (Requester.STUDENT, 18),
        (Requester.STUDENT, 14),
        (Requester.STUDENT, None),
    ],
)
def test_guardians_of_minors_and_students_may_ask(by: Requester, age: int | None) -> None:
    check_access_request(AccessRequest(by=by, on=TODAY), age=age, today=TODAY)


def test_from_18_the_student_alone_asks() -> None:
    with pytest.raises(Invalid) as invalid:
        check_access_request(AccessRequest(by=Requester.GUARDIAN, on=TODAY), age=18, today=TODAY)
    assert [(each.pointer, each.code) for each in invalid.value.violations] == [("/requested_by", "of-age")]


def test_nobody_has_asked_tomorrow() -> None:
    with pytest.raises(Invalid) as invalid:
        check_access_request(AccessRequest(by=Requester.STUDENT, on=date(2021, 11, 16)), age=14, today=TODAY)
    assert [(each.pointer, each.code) for each in invalid.value.violations] == [("/requested_on", "in-the-future")]


def test_a_stay_is_as_long_as_its_last_enrolment_and_plan() -> None:
    first = enrolment()
    ended = replace(first, period=Period(first.period.start, date(2021, 5, 31)), end_reason=EndReason.TRANSFERRED)
    over = replace(plan(), state=PlanState.COMPLETED, ended_on=date(2021, 6, 11))
    before = replace(over, ended_on=date(2020, 12, 31))
    stay = held([ended], [before, over]).stay(first.student_id, date(2020, 9, 1))
    assert (stay.last_enrolment_end, stay.last_plan_end, stay.goes_on) == (date(2021, 5, 31), date(2021, 6, 11), False)
    assert stay.programmes == {"PUMPURS"}
    assert held([ended, first], []).stay(first.student_id, date(2020, 9, 1)).is_enrolled
    assert held([ended], [over, plan()]).stay(first.student_id, date(2020, 9, 1)).has_open_plan


def held(enrolments: list[Enrolment], plans: list[Plan]) -> Held:
    return Held(enrolments=enrolments, risks=(), plans=plans, steps={}, interventions=(), outcomes=())


def test_it_is_told_who_wrote_any_of_it() -> None:
    elsewhere = replace(plan(), institution_id=InstitutionId(77))
    assert held([enrolment()], [elsewhere]).institution_ids == (enrolment().institution_id, 77)
