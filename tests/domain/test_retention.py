"""How long what is kept: examples of the packaged rules, and what holds of any rules."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.reference import packaged
from app.domain.erasures import Erasable
from app.domain.ids import StudentId
from app.domain.periods import Period
from app.domain.retention import Event, Kept, Retention, RetentionRule, Stay, months_after

PACKAGED = packaged().retention
STUDENT = StudentId(UUID(int=1))
LEFT = date(2021, 5, 31)


def stay(**days: object) -> Stay:
    return Stay(**{"student_id": STUDENT, "registered_on": date(2019, 9, 2), "last_enrolment_end": LEFT, **days})  # type: ignore[arg-type]  # each test names fields of a Stay


def supported(**days: object) -> Stay:
    return stay(last_plan_end=date(2021, 6, 11), programmes=frozenset({"PUMPURS"}), **days)


def due(each: Stay, on: date, retention: Retention = PACKAGED) -> tuple[Erasable, str] | None:
    found = retention.due(each, on)
    return None if found is None else (found.what, found.rule.code)


@pytest.mark.parametrize(
    ("each", "on", "expected"),
    [
        (stay(), date(2024, 5, 31), None),
        (stay(), date(2024, 6, 1), (Erasable.PERSON, "rule-1")),
        (supported(), date(2024, 6, 11), None),
        (supported(), date(2024, 6, 12), (Erasable.PERSON, "rule-2")),
        (stay(), date(2031, 5, 31), (Erasable.PERSON, "rule-1")),
        (stay(), date(2031, 6, 1), (Erasable.RECORDS, "rule-3")),
        (supported(), date(2033, 12, 31), (Erasable.PERSON, "rule-2")),
        (supported(), date(2034, 1, 1), (Erasable.RECORDS, "rule-4")),
        (stay(has_person=False), date(2031, 5, 31), None),
        (stay(has_person=False), date(2031, 6, 1), (Erasable.RECORDS, "rule-3")),
        (stay(is_enrolled=True), date(2060, 1, 1), None),
        (supported(has_open_plan=True), date(2060, 1, 1), None),
        (stay(last_enrolment_end=None), date(2022, 9, 2), None),
        (stay(last_enrolment_end=None), date(2022, 9, 3), (Erasable.PERSON, "rule-1")),
    ],
)
def test_what_is_due_when(each: Stay, on: date, expected: tuple[Erasable, str] | None) -> None:
    assert due(each, on) == expected


def test_a_restriction_holds_what_is_due() -> None:
    held = PACKAGED.due(stay(is_restricted=True), date(2024, 6, 1))
    free = PACKAGED.due(stay(), date(2024, 6, 1))
    assert held is not None
    assert free is not None
    assert (held.held, free.held) == (True, False)


def test_the_audit_is_kept_for_good() -> None:
    rules = [rule for rule in PACKAGED.rules if rule.what is Kept.AUDIT]
    assert [(rule.event, rule.months) for rule in rules] == [(None, None)]


def test_a_programme_that_has_not_ended_keeps_its_records() -> None:
    ends = {"PUMPURS": None}
    assert due(supported(), date(2060, 1, 1), Retention(rules=PACKAGED.rules, programme_ends=ends)) == (
        Erasable.PERSON,
        "rule-2",
    )


def test_a_rule_about_programmes_waits_for_the_last_of_them() -> None:
    ends = {"A": date(2020, 1, 31), "B": date(2021, 1, 31)}
    retention = Retention(rules=(rule(event=Event.PROGRAMME_END, months=1),), programme_ends=ends)
    both = stay(programmes=frozenset({"A", "B"}))
    assert [due(both, day, retention) for day in (date(2021, 2, 28), date(2021, 3, 1))] == [
        None,
        (Erasable.RECORDS, "rule-9"),
    ]
    assert due(stay(), date(2060, 1, 1), retention) is None


def test_a_rule_holds_on_its_days_alone() -> None:
    retention = Retention(rules=(rule(period=Period(date(2022, 1, 1), date(2022, 12, 31))),), programme_ends={})
    days = [date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1)]
    assert [due(stay(), day, retention) is not None for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2021, 5, 31), 1, date(2021, 6, 30)),
        (date(2021, 12, 15), 1, date(2022, 1, 15)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2021, 5, 31), 0, date(2021, 5, 31)),
        (date(2021, 5, 31), 120, date(2031, 5, 31)),
    ],
)
def test_months_after_a_day(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_every_packaged_rule_says_where_it_comes_from_in_two_languages() -> None:
    assert len({rule.id for rule in PACKAGED.rules}) == len(PACKAGED.rules)
    for each in PACKAGED.rules:
        assert each.source
        assert each.name_lv != each.name_en
        assert each.programme in {None, *packaged().programmes}


def rule(**fields: object) -> RetentionRule:
    sound = {
        "id": 9,
        "what": Kept.RECORDS,
        "event": Event.LAST_ENROLMENT_END,
        "months": 6,
        "period": Period(date(2000, 1, 1)),
        "name_lv": "noteikums",
        "name_en": "a rule",
        "source": "an example",
    }
    return RetentionRule(**{**sound, **fields})  # type: ignore[arg-type]  # each test names fields of a RetentionRule


DAYS = st.dates(date(2017, 1, 1), date(2040, 12, 31))
PROGRAMMES = st.frozensets(st.sampled_from(["PUMPURS", "CRAFTS"]))
ENDS = st.fixed_dictionaries({"PUMPURS": st.none() | DAYS, "CRAFTS": st.none() | DAYS})


@st.composite
def rules(draw: st.DrawFn) -> RetentionRule:
    event = draw(st.none() | st.sampled_from(Event))
    return rule(
        id=draw(st.integers(1, 99)),
        what=draw(st.sampled_from([Kept.PERSON, Kept.RECORDS])),
        event=event,
        months=None if event is None else draw(st.integers(0, 240)),
        programme=draw(st.none() | st.sampled_from(["PUMPURS", "CRAFTS"])),
    )


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    """Of students who have left, and have no open plan."""
    programmes = draw(PROGRAMMES)
    return Stay(
        student_id=STUDENT,
        registered_on=draw(DAYS),
        last_enrolment_end=draw(st.none() | DAYS),
        last_plan_end=draw(DAYS) if programmes else None,
        programmes=programmes,
        has_person=draw(st.booleans()),
    )


RETENTIONS = st.builds(Retention, rules=st.lists(rules(), min_size=1, max_size=5).map(tuple), programme_ends=ENDS)
MUCH_LATER = date(2070, 1, 1)


@given(RETENTIONS, stays(), st.integers(0, 20_000))
def test_what_is_due_stays_due_and_never_becomes_less(retention: Retention, each: Stay, days: int) -> None:
    for what in Erasable:
        found = retention.first_day(each, what, MUCH_LATER)
        if found is not None and (what is Erasable.RECORDS or each.has_person):
            due_later = retention.due(each, found[0] + timedelta(days=days))
            assert due_later is not None
            assert due_later.what in {what, Erasable.RECORDS}


@given(RETENTIONS, stays(), DAYS)
def test_nothing_is_due_before_its_first_day(retention: Retention, each: Stay, on: date) -> None:
    found = retention.due(each, on)
    if found is not None:
        assert found.since <= on
        earlier = retention.due(each, found.since - timedelta(days=1))
        assert earlier is None or earlier.what is not found.what


@given(RETENTIONS, stays(), DAYS)
def test_nothing_is_due_while_the_student_is_enrolled_or_a_plan_is_open(
    retention: Retention, each: Stay, on: date
) -> None:
    assert retention.due(replace(each, is_enrolled=True), on) is None
    assert retention.due(replace(each, has_open_plan=True), on) is None


@given(RETENTIONS, stays(), DAYS)
def test_nothing_is_due_before_the_end_that_is_recorded_ahead(retention: Retention, each: Stay, end: date) -> None:
    after_leaving = Retention(
        rules=tuple(rule for rule in retention.rules if rule.event is Event.LAST_ENROLMENT_END), programme_ends={}
    )
    assert after_leaving.due(replace(each, last_enrolment_end=end), end) is None


@given(RETENTIONS, rules(), stays())
def test_another_rule_only_ever_keeps_longer(retention: Retention, more: RetentionRule, each: Stay) -> None:
    stricter = Retention(rules=(*retention.rules, more), programme_ends=retention.programme_ends)
    for what in Erasable:
        before, after = (each_of.first_day(each, what, MUCH_LATER) for each_of in (retention, stricter))
        if any(retention.of_student(each, what, MUCH_LATER)) and after is not None:
            assert before is not None
            assert after[0] >= before[0]
