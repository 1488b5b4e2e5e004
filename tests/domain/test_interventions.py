"""What is delivered, when and by whom. How remote support is delivered: `test_interventions_modes`."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actors import Role
from app.domain.code_lists import DeliveryMode
from app.domain.errors import Forbidden
from app.domain.interventions import (
    Attendance,
    Intervention,
    adds_hours,
    attended_hours,
    demand_own_work,
    provider_of,
)
from app.domain.periods import Period
from app.domain.support import Support
from tests.domain.deliveries import ACTIVE, CONSULTATION, LUNCHES, delivery, wrong
from tests.domain.examples import CONFLICT, MEALS, TODAY, actor, plan

REFUSED = replace(CONSULTATION, attendance=Attendance.REFUSED)
NOT_ATTENDED = [each for each in Attendance if each is not Attendance.ATTENDED]
THAT_DAY = CONSULTATION.period.start
TOMORROW = TODAY + timedelta(days=1)


def hours(amount: Decimal | int | str) -> Support:
    return replace(CONSULTATION.support, hours=Decimal(amount))


@pytest.mark.parametrize(
    "intervention",
    [
        CONSULTATION,
        LUNCHES,
        replace(CONSULTATION, period=Period(date(2021, 3, 1), date(2021, 3, 1))),
        replace(CONSULTATION, period=Period(TODAY)),
        replace(CONSULTATION, period=Period(date(2021, 2, 8))),
        replace(LUNCHES, period=Period(date(2021, 3, 1), TODAY)),
        replace(LUNCHES, period=Period(date(2021, 3, 1))),
        replace(CONSULTATION, support=hours(6)),
    ],
)
def test_sound_interventions(intervention: Any) -> None:
    assert wrong(intervention) == set()


@pytest.mark.parametrize("attendance", NOT_ATTENDED)
def test_what_did_not_take_place_is_kept_with_its_reason(attendance: Attendance) -> None:
    assert wrong(replace(CONSULTATION, attendance=attendance, support=hours(0))) == set()
    assert wrong(replace(CONSULTATION, attendance=attendance, support=hours(9))) == set()
    assert wrong(replace(LUNCHES, attendance=attendance, support=replace(MEALS, eur=Decimal(0)))) == set()
    assert wrong(replace(LUNCHES, attendance=attendance)) == {("/eur", "not-delivered")}


@pytest.mark.parametrize(
    ("changes", "violation"),
    [
        ({"risk_id": CONFLICT}, ("/risk_id", "risk-not-in-plan")),
        ({"period": Period(date(2021, 3, 1), date(2021, 3, 2))}, ("/to", "one-day")),
        ({"period": Period(date(2021, 2, 7))}, ("/on", "outside-plan")),
        ({"period": Period(TOMORROW)}, ("/on", "in-the-future")),
        ({"mode": None}, ("/mode", "required")),
        ({"support": hours(0)}, ("/hours", "not-positive")),
        ({"support": hours("6.01")}, ("/hours", "too-long")),
        ({"support": hours("0.333")}, ("/hours", "too-precise")),
        ({"support": replace(CONSULTATION.support, hours=None)}, ("/hours", "required")),
        ({"support": hours("NaN")}, ("/hours", "not-a-number")),
        ({"support": replace(CONSULTATION.support, subject=None)}, ("/subject", "required")),
        ({"support": replace(CONSULTATION.support, measure="DANCE")}, ("/support_measure", "unknown-code")),
        ({"head_order": "R-7"}, ("/head_order", "remote-only")),
        ({"confirmed_on": date(2021, 3, 1)}, ("/confirmed_on", "remote-only")),
    ],
)
def test_each_slip_in_a_consultation_has_its_place(changes: dict[str, Any], violation: tuple[str, str]) -> None:
    assert wrong(replace(CONSULTATION, **changes)) == {violation}


@pytest.mark.parametrize(
    ("changes", "violation"),
    [
        ({"period": Period(date(2021, 3, 2), date(2021, 3, 1))}, ("/to", "ends-before-start")),
        ({"period": Period(date(2021, 2, 7), date(2021, 3, 1))}, ("/on", "outside-plan")),
        ({"period": Period(date(2021, 3, 1), TOMORROW)}, ("/to", "in-the-future")),
        ({"mode": DeliveryMode.IN_PERSON}, ("/mode", "hours-only")),
        ({"head_order": "R-7"}, ("/head_order", "remote-only")),
        ({"confirmed_on": date(2021, 3, 1)}, ("/confirmed_on", "remote-only")),
        ({"support": replace(MEALS, eur=None)}, ("/eur", "required")),
        ({"support": replace(MEALS, measure="DANCE")}, ("/support_measure", "unknown-code")),
    ],
)
def test_each_slip_in_economic_support_has_its_place(changes: dict[str, Any], violation: tuple[str, str]) -> None:
    assert wrong(replace(LUNCHES, **changes)) == {violation}


def test_nothing_is_delivered_before_the_plan_is_activated() -> None:
    assert wrong(CONSULTATION, plan=plan()) == {("/plan_id", "plan-not-active")}


def test_nothing_is_delivered_after_the_plan_has_ended() -> None:
    ended = replace(ACTIVE, ended_on=date(2021, 3, 5))
    assert wrong(replace(CONSULTATION, period=Period(date(2021, 3, 5))), plan=ended) == set()
    assert wrong(replace(CONSULTATION, period=Period(date(2021, 3, 6))), plan=ended) == {("/on", "outside-plan")}
    lunches = replace(LUNCHES, period=Period(date(2021, 3, 5), date(2021, 3, 6)))
    assert wrong(lunches, plan=ended) == {("/to", "outside-plan")}


def test_the_institution_participates_on_every_day() -> None:
    gap = (Period(date(2020, 9, 1), date(2021, 3, 3)), Period(date(2021, 3, 5)))
    assert wrong(CONSULTATION, participations=gap) == set()
    fourth = Period(date(2021, 3, 4))
    assert wrong(replace(CONSULTATION, period=fourth), participations=gap) == {("/on", "not-participating")}
    assert wrong(replace(LUNCHES, period=fourth), participations=gap) == {("/on", "not-participating")}
    over = replace(LUNCHES, period=Period(date(2021, 3, 3), date(2021, 3, 5)))
    assert wrong(over, participations=gap) == {("/to", "not-participating")}


@given(st.dates(date(2021, 1, 1), date(2021, 9, 30)), st.integers(0, 40))
def test_any_day_outside_the_plan_is_refused(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    allowed = delivery().ground.in_force
    assert allowed is not None
    found = wrong(replace(LUNCHES, period=Period(first, last)), today=date(2021, 12, 31))
    assert (not found) is (first in allowed and last in allowed)


quarters = st.integers(1, 24).map(lambda count: Decimal(count) / 4)


@given(st.lists(quarters, min_size=1, max_size=8))
def test_hours_of_a_day_are_bounded_however_they_are_split(parts: list[Decimal]) -> None:
    kept = Decimal(0)
    for part in parts:
        found = wrong(replace(CONSULTATION, support=hours(part)), hours_that_day=kept)
        assert (found == {("/hours", "too-many-hours")}) is (kept + part > 8)
        kept += Decimal(0) if found else part
    assert kept <= 8


def test_hours_that_were_not_attended_are_not_counted_against_the_day() -> None:
    assert wrong(replace(REFUSED, support=hours(2)), hours_that_day=Decimal(8)) == set()


def test_a_support_provider_records_their_own_work_alone() -> None:
    assert wrong(replace(CONSULTATION, staff_member="T-1"), provider="T-1") == set()
    for other in ("T-2", None):
        assert wrong(replace(CONSULTATION, staff_member=other), provider="T-1") == {("/staff_member", "not-your-work")}


def test_a_support_provider_changes_their_own_work_alone() -> None:
    provider, coordinator = actor(Role.SUPPORT_PROVIDER), actor(Role.SCHOOL_COORDINATOR)
    assert (provider_of(provider), provider_of(coordinator)) == ("T-1", None)
    demand_own_work(replace(CONSULTATION, staff_member="T-1"), provider)
    demand_own_work(replace(CONSULTATION, staff_member="T-2"), coordinator)
    for other in ("T-2", None):
        with pytest.raises(Forbidden) as refused:
            demand_own_work(replace(CONSULTATION, staff_member=other), provider)
        assert refused.value.code == "not-your-work"


def test_every_slip_is_named_in_one_answer() -> None:
    slips = replace(
        CONSULTATION,
        risk_id=CONFLICT,
        support=Support(measure="SUBJECT_CONSULTATION", hours=Decimal(-1), eur=Decimal(3), specialist="PSYCHOLOGIST"),
        period=Period(date(2021, 2, 1), date(2021, 1, 31)),
        mode=None,
    )
    assert wrong(slips) == {
        ("/risk_id", "risk-not-in-plan"),
        ("/hours", "negative"),
        ("/eur", "not-for-hours"),
        ("/subject", "required"),
        ("/specialist", "not-for-this-measure"),
        ("/to", "ends-before-start"),
        ("/to", "one-day"),
        ("/on", "outside-plan"),
        ("/mode", "required"),
    }


@pytest.mark.parametrize(
    ("before", "on", "hours", "expected"),
    [
        (None, THAT_DAY, "1.50", True),
        (None, THAT_DAY, "0", False),
        (CONSULTATION, THAT_DAY, "1.50", False),
        (CONSULTATION, THAT_DAY, "1.25", False),
        (CONSULTATION, THAT_DAY, "1.75", True),
        (CONSULTATION, THAT_DAY + timedelta(days=1), "0.25", True),
        (replace(CONSULTATION, attendance=Attendance.ILL), THAT_DAY, "0.25", True),
    ],
)
def test_the_hours_of_a_day_are_asked_for_where_it_gets_more(
    before: Intervention | None, on: date, hours: str, *, expected: bool
) -> None:
    assert adds_hours(on, attended_hours(Attendance.ATTENDED, Decimal(hours)), before) is expected
    assert not adds_hours(on, attended_hours(Attendance.REFUSED, Decimal(hours)), before)
