"""In person or remotely: by date and grade, and with the papers that remote support needs."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import semester_of
from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.interventions import Attendance, Intervention
from app.domain.periods import Period
from app.domain.plans import PlanState
from tests.domain.deliveries import CONSULTATION, wrong
from tests.domain.examples import plan

IN_PERSON, REMOTE = DeliveryMode.IN_PERSON, DeliveryMode.REMOTE
GENERAL, VOCATIONAL = InstitutionKind.GENERAL, InstitutionKind.VOCATIONAL
REMOTE_ONLY = (Period(date(2020, 10, 26), date(2021, 2, 4)),)
FIRST = date(2021, 3, 1)
BY_SCREEN = replace(CONSULTATION, mode=REMOTE, head_order="R-7", confirmed_on=FIRST)


def on(day: date, intervention: Intervention, kind: InstitutionKind = GENERAL, grade: int = 8) -> set[tuple[str, str]]:
    """What is wrong with it on that day, under a plan of that semester which was active from its first day."""
    semester = semester_of(day)
    active = plan(semester=semester, period=semester.period, state=PlanState.ACTIVE, activated_on=semester.start)
    confirmed_on = None if intervention.confirmed_on is None else day
    moved = replace(intervention, period=Period(day), confirmed_on=confirmed_on)
    return wrong(moved, plan=active, today=day, kind=kind, grade=grade, participations=(Period(date(2017, 3, 15)),))


def test_remote_support_with_its_papers() -> None:
    assert wrong(BY_SCREEN) == set()


@pytest.mark.parametrize("order", [None, "", "  "])
def test_remote_support_needs_the_heads_order(order: str | None) -> None:
    assert wrong(replace(BY_SCREEN, head_order=order)) == {("/head_order", "required")}


def test_the_student_confirms_remote_support_the_same_day() -> None:
    assert wrong(replace(BY_SCREEN, confirmed_on=None)) == {("/confirmed_on", "required")}
    for day in (date(2021, 2, 28), date(2021, 3, 2)):
        assert wrong(replace(BY_SCREEN, confirmed_on=day)) == {("/confirmed_on", "same-day")}


@pytest.mark.parametrize("attendance", [each for each in Attendance if each is not Attendance.ATTENDED])
def test_what_did_not_take_place_needs_no_papers_and_is_not_confirmed(attendance: Attendance) -> None:
    missed = replace(BY_SCREEN, attendance=attendance)
    assert wrong(replace(missed, confirmed_on=None)) == set()
    assert wrong(replace(missed, confirmed_on=None, head_order=None)) == set()
    assert wrong(missed) == {("/confirmed_on", "not-delivered")}


def test_before_the_second_remote_period_remote_support_needed_no_papers() -> None:
    bare = replace(BY_SCREEN, head_order=None, confirmed_on=None)
    assert on(date(2020, 10, 25), bare) == set()
    assert on(date(2020, 10, 26), bare) == {("/head_order", "required"), ("/confirmed_on", "required")}


@pytest.mark.parametrize(
    ("day", "mode", "allowed"),
    [
        (date(2020, 3, 12), IN_PERSON, True),
        (date(2020, 3, 12), REMOTE, False),
        (date(2020, 3, 13), IN_PERSON, False),
        (date(2020, 3, 13), REMOTE, False),
        (date(2020, 3, 23), IN_PERSON, False),
        (date(2020, 3, 23), REMOTE, True),
        (date(2020, 6, 1), IN_PERSON, True),
        (date(2020, 10, 26), IN_PERSON, False),
        (date(2021, 2, 4), IN_PERSON, False),
        (date(2021, 2, 4), REMOTE, True),
        (date(2021, 2, 5), IN_PERSON, True),
        (date(2021, 2, 5), REMOTE, True),
    ],
)
def test_what_was_allowed_in_grade_8(day: date, mode: DeliveryMode, *, allowed: bool) -> None:
    intervention = CONSULTATION if mode is IN_PERSON else BY_SCREEN
    assert on(day, intervention) == (set() if allowed else {("/mode", "mode-not-allowed")})


@given(
    st.dates(date(2020, 6, 1), date(2021, 12, 31)),
    st.one_of(
        st.tuples(st.just(GENERAL), st.integers(1, 12)), st.tuples(st.just(VOCATIONAL), st.integers(1, 4))
    ),
)  # fmt: skip
def test_in_person_was_forbidden_in_the_remote_period_from_grade_7_and_in_courses_only(
    day: date, attended: tuple[InstitutionKind, int]
) -> None:
    kind, grade = attended
    forbidden = any(day in period for period in REMOTE_ONLY) and (kind is VOCATIONAL or grade >= 7)
    assert on(day, CONSULTATION, kind, grade) == ({("/mode", "mode-not-allowed")} if forbidden else set())


def test_what_was_missed_in_person_is_kept_even_while_it_was_not_allowed() -> None:
    assert on(date(2020, 11, 2), replace(CONSULTATION, attendance=Attendance.ILL)) == set()


def test_no_hours_are_left_when_consultations_have_ended() -> None:
    assert on(date(2023, 1, 9), CONSULTATION) == {
        ("/mode", "mode-not-allowed"),
        ("/hours", "too-long"),
        ("/hours", "too-many-hours"),
    }
