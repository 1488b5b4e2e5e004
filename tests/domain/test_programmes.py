from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.reference import packaged
from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.periods import Period
from app.domain.programmes import ProgrammeRule, RuleTopic

PUMPURS = packaged().programmes["PUMPURS"]
GENERAL, VOCATIONAL = InstitutionKind.GENERAL, InstitutionKind.VOCATIONAL
IN_PERSON, REMOTE = DeliveryMode.IN_PERSON, DeliveryMode.REMOTE
BOTH = {IN_PERSON, REMOTE}


@pytest.mark.parametrize(
    ("kind", "grade", "on", "eligible"),
    [
        (GENERAL, 4, date(2021, 8, 31), False),
        (GENERAL, 4, date(2021, 9, 1), True),
        (GENERAL, 1, date(2021, 9, 1), True),
        (GENERAL, 5, date(2021, 8, 31), True),
        (GENERAL, 12, date(2017, 3, 15), True),
        (GENERAL, 12, date(2017, 3, 14), False),
        (GENERAL, 13, date(2021, 9, 1), False),
        (VOCATIONAL, 1, date(2017, 3, 15), True),
        (VOCATIONAL, 4, date(2021, 8, 31), True),
        (VOCATIONAL, 4, date(2021, 9, 1), True),
        (VOCATIONAL, 5, date(2021, 9, 1), False),
        (GENERAL, 9, date(2023, 12, 31), True),
        (GENERAL, 9, date(2024, 1, 1), False),
    ],
)
def test_who_is_eligible_depends_on_the_date(kind: InstitutionKind, grade: int, on: date, *, eligible: bool) -> None:
    assert PUMPURS.eligible(kind, grade, on) is eligible


@pytest.mark.parametrize(
    ("kind", "grade", "on", "modes"),
    [
        (GENERAL, 7, date(2017, 3, 14), set()),
        (GENERAL, 7, date(2017, 3, 15), {IN_PERSON}),
        (GENERAL, 7, date(2020, 3, 12), {IN_PERSON}),
        (GENERAL, 7, date(2020, 3, 13), set()),
        (VOCATIONAL, 1, date(2020, 3, 22), set()),
        (GENERAL, 5, date(2020, 3, 23), {REMOTE}),
        (GENERAL, 7, date(2020, 5, 31), {REMOTE}),
        (GENERAL, 7, date(2020, 6, 1), BOTH),
        (VOCATIONAL, 2, date(2020, 10, 25), BOTH),
        (GENERAL, 7, date(2020, 10, 26), {REMOTE}),
        (GENERAL, 6, date(2020, 10, 26), BOTH),
        (VOCATIONAL, 2, date(2020, 10, 26), {REMOTE}),
        (GENERAL, 12, date(2021, 2, 4), {REMOTE}),
        (GENERAL, 12, date(2021, 2, 5), BOTH),
        (VOCATIONAL, 2, date(2021, 2, 5), BOTH),
        (GENERAL, 1, date(2022, 12, 31), BOTH),
        (GENERAL, 1, date(2023, 1, 1), set()),
    ],
)
def test_how_support_is_delivered_depends_on_date_and_grade(
    kind: InstitutionKind, grade: int, on: date, modes: set[DeliveryMode]
) -> None:
    assert PUMPURS.modes(kind, grade, on) == modes


def test_remote_support_needs_an_order_and_a_confirmation_from_the_second_remote_period() -> None:
    for needed in (PUMPURS.needs_head_order, PUMPURS.needs_student_confirmation):
        assert [needed(on) for on in (date(2020, 10, 25), date(2020, 10, 26))] == [False, True]


def test_hours_are_bounded_and_last_40_minutes() -> None:
    on = date(2020, 10, 1)
    assert PUMPURS.hours_per_intervention(on) == Decimal(6)
    assert PUMPURS.hours_per_day(on) == Decimal(8)
    assert PUMPURS.minutes_per_hour(on) == 40


def test_outside_its_dates_a_bound_allows_nothing() -> None:
    on = date(2017, 3, 14)
    assert PUMPURS.hours_per_intervention(on) == PUMPURS.hours_per_day(on) == 0
    assert PUMPURS.minutes_per_hour(on) is None


def test_the_strictest_of_two_bounds_counts() -> None:
    stricter = ProgrammeRule(
        id=99,
        topic=RuleTopic.HOURS_PER_DAY,
        period=Period(date(2022, 9, 1)),
        source="an example",
        value=Decimal(5),
    )
    programme = replace(PUMPURS, rules=(stricter, *PUMPURS.rules))
    assert [programme.hours_per_day(on) for on in (date(2022, 8, 31), date(2022, 9, 1))] == [8, 5]


def test_another_programme_is_other_rules() -> None:
    crafts = replace(PUMPURS, code="CRAFTS", rules=tuple(rule for rule in PUMPURS.rules if rule.kind is VOCATIONAL))
    assert crafts.eligible(VOCATIONAL, 1, date(2022, 1, 10))
    assert not crafts.eligible(GENERAL, 9, date(2022, 1, 10))


def test_a_rule_without_an_end_ends_with_its_programme() -> None:
    endless = tuple(replace(rule, period=Period(date(2000, 1, 1))) for rule in PUMPURS.rules)
    programme = replace(PUMPURS, rules=endless)
    days = [date(2017, 3, 14), date(2017, 3, 15), date(2022, 12, 31), date(2023, 1, 1), date(2024, 1, 1)]
    assert [programme.eligible(GENERAL, 9, day) for day in days] == [False, True, True, True, False]
    assert [programme.modes(GENERAL, 9, day) for day in days] == [set(), BOTH, BOTH, set(), set()]


def test_rules_lie_in_their_programme_and_name_their_source() -> None:
    for programme in packaged().programmes.values():
        assert programme.consultations.within(programme.period)
        assert len({rule.id for rule in programme.rules}) == len(programme.rules)
        for rule in programme.rules:
            assert rule.period.within(programme.period)
            assert rule.source
            assert (rule.mode is not None) or rule.topic is not RuleTopic.MODE


@given(st.dates(date(2016, 1, 1), date(2025, 1, 1)), st.sampled_from(InstitutionKind), st.integers(1, 12))
def test_nothing_is_delivered_when_consultations_have_ended(on: date, kind: InstitutionKind, grade: int) -> None:
    if PUMPURS.modes(kind, grade, on):
        assert on in PUMPURS.consultations
        assert PUMPURS.hours_per_intervention(on) <= PUMPURS.hours_per_day(on)
        assert PUMPURS.hours_per_intervention(on) > 0
