"""When a semester is closed, and what then stays as it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import SchoolYear, Semester
from app.domain.closings import (
    Closing,
    check_closing,
    demand_closed,
    demand_counted_as_before,
    demand_may_end,
    demand_may_take,
    demand_open,
    semester_of_year,
)
from app.domain.errors import Refused
from app.domain.ids import EnrolmentId, OutcomeId
from app.domain.outcomes import YearOutcome, YearResult
from app.domain.plan_steps import Step
from app.domain.plans import Plan, PlanState
from tests.domain.examples import SCHOOL, STUDENT, enrolment, plan

SPRING = Semester.parse("2020-2")
AUTUMN = Semester.parse("2020-1")
CLOSED = frozenset({SPRING})


def in_force() -> Plan:
    return plan(state=PlanState.COMPLETED, activated_on=date(2021, 1, 11), ended_on=date(2021, 5, 31))


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def test_it_is_closed_once_it_has_ended() -> None:
    day = date(2021, 9, 1)
    assert check_closing(SPRING, closed=(), in_force=0, today=day) == Closing(semester=SPRING, closed_on=day)
    last = day - timedelta(days=1)
    assert refused(lambda: check_closing(SPRING, closed=(), in_force=0, today=last)) == "semester-lasts"


def test_it_is_closed_once_all_its_plans_have_ended() -> None:
    day = date(2021, 10, 1)
    assert refused(lambda: check_closing(SPRING, closed=(), in_force=1, today=day)) == "plans-in-force"


def test_what_is_closed_is_not_closed_again() -> None:
    day = date(2021, 10, 1)
    assert refused(lambda: check_closing(SPRING, closed=CLOSED, in_force=0, today=day)) == "semester-closed"


def test_only_what_is_closed_is_reopened() -> None:
    demand_closed(SPRING, CLOSED)
    assert refused(lambda: demand_closed(AUTUMN, CLOSED)) == "semester-not-closed"


@given(
    semester=st.builds(Semester, st.builds(SchoolYear, st.integers(2015, 2030)), st.sampled_from([1, 2])),
    closed=st.frozensets(st.builds(Semester, st.builds(SchoolYear, st.integers(2015, 2030)), st.sampled_from([1, 2]))),
)
def test_a_semester_is_open_or_closed(semester: Semester, closed: frozenset[Semester]) -> None:
    demand = demand_closed if semester in closed else demand_open
    demand(semester, closed)
    with pytest.raises(Refused):
        (demand_open if semester in closed else demand_closed)(semester, closed)


@pytest.mark.parametrize("step", list(Step))
def test_a_plan_that_was_in_force_takes_no_step_any_more(step: Step) -> None:
    demand_may_take(in_force(), step, frozenset({AUTUMN}))
    assert refused(lambda: demand_may_take(in_force(), step, CLOSED)) == "semester-closed"


@pytest.mark.parametrize("step", list(Step))
def test_a_plan_that_never_was_may_only_go(step: Step) -> None:
    never = plan(state=PlanState.SUBMITTED)
    demand_may_end(never, CLOSED)
    if step is Step.DISCONTINUE:
        demand_may_take(never, step, CLOSED)
    else:
        assert refused(lambda: demand_may_take(never, step, CLOSED)) == "semester-closed"


@pytest.mark.parametrize("number", [1, 2])
def test_a_school_year_is_final_with_its_second_semester(number: int) -> None:
    outcome = YearOutcome(
        id=OutcomeId(UUID(int=7)),
        student_id=STUDENT,
        institution_id=SCHOOL,
        school_year=SchoolYear(2020),
        recorded_on=date(2021, 6, 1),
        result=YearResult.PROMOTED,
    )
    assert (semester_of_year(outcome) == Semester(SchoolYear(2020), number)) is (number == 2)


@pytest.mark.parametrize(
    "change", [{"grade": 9}, {"minority_programme": True}, {"returned_emigrant": True}, {"special_need": "56"}], ids=str
)
def test_what_figures_are_counted_by_stays(change: dict[str, Any]) -> None:
    before, after = enrolment(), enrolment(**change)
    assert refused(lambda: demand_counted_as_before(after, before, [in_force()], CLOSED)) == "semester-closed"
    demand_counted_as_before(after, before, [in_force()], frozenset({AUTUMN}))
    demand_counted_as_before(after, before, [plan()], CLOSED)
    demand_counted_as_before(after, before, [replace(in_force(), enrolment_id=EnrolmentId(UUID(int=77)))], CLOSED)


def test_an_enrolment_ends_whatever_is_closed() -> None:
    before = enrolment()
    ended = replace(before, period=replace(before.period, end=date(2021, 8, 31)), home_municipality=None)
    demand_counted_as_before(ended, before, [in_force()], CLOSED)
