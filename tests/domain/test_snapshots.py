"""What becomes of what is missing in a snapshot."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.enrolments import EndReason
from app.domain.periods import Period
from app.domain.plans import PlanState
from app.domain.snapshots import left, resolved, was_never_submitted
from tests.domain.examples import enrolment, plan
from tests.domain.test_risks import RISK

TODAY = date(2021, 11, 15)


def test_an_enrolment_ends_today_as_left() -> None:
    attended = enrolment(period=Period(date(2021, 9, 1)))
    gone = left(attended, TODAY)
    assert (gone.period, gone.end_reason) == (Period(date(2021, 9, 1), TODAY), EndReason.LEFT)
    assert replace(gone, period=attended.period, end_reason=None) == attended


def test_one_that_has_not_begun_ends_on_its_first_day() -> None:
    ahead = Period(date(2022, 1, 10))
    assert left(enrolment(period=ahead), TODAY).period == Period(ahead.start, ahead.start)


def test_a_risk_is_resolved_today() -> None:
    assert resolved(RISK, TODAY) == replace(RISK, resolved_on=TODAY)


@pytest.mark.parametrize("state", [each for each in PlanState if each.is_open])
def test_only_a_draft_goes_without_a_trace(state: PlanState) -> None:
    assert was_never_submitted(plan(state=state)) == (state is PlanState.DRAFT)
