"""Which institution a student attends, and when that ends."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.code_lists import InstitutionKind
from app.domain.enrolments import EndReason, Enrolment, check_enrolment, check_receiving
from app.domain.errors import Invalid, Refused
from app.domain.ids import EnrolmentId
from app.domain.institutions import Institution
from app.domain.periods import Period
from tests.domain.examples import CODES, NEW_MADONA, OLD_MADONA, REFERENCE, TODAY, enrolment, found, institution

VOCATIONAL = institution(kind=InstitutionKind.VOCATIONAL)
START = date(2020, 9, 1)
ENDED = {"period": Period(START, date(2021, 1, 31)), "end_reason": EndReason.TRANSFERRED}


def checked(changed: Enrolment, *others: Enrolment, at: Institution | None = None) -> Enrolment:
    return check_enrolment(
        changed,
        institution=at or institution(),
        others=others,
        geography=REFERENCE.geography,
        codes=CODES,
        today=TODAY,
    )


def wrong(changed: Enrolment, *others: Enrolment, at: Institution | None = None) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        checked(changed, *others, at=at)
    return found(invalid.value)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        ENDED,
        {"period": Period(TODAY)},
        {"home_municipality": None},
        {"special_need": "57", "minority_programme": True, "returned_emigrant": True},
    ],
)
def test_a_sound_enrolment_is_accepted(changes: dict[str, Any]) -> None:
    assert checked(enrolment(**changes)) == enrolment(**changes)


@given(st.integers(-1, 14))
def test_schools_have_grades_1_to_12_and_vocational_institutions_courses_1_to_4(grade: int) -> None:
    for kind, last in ((InstitutionKind.GENERAL, 12), (InstitutionKind.VOCATIONAL, 4)):
        at = institution(kind=kind)
        if 1 <= grade <= last:
            checked(enrolment(grade=grade), at=at)
        else:
            assert wrong(enrolment(grade=grade), at=at) == {("/grade", "out-of-range")}


def test_it_does_not_end_before_it_starts() -> None:
    backwards = enrolment(period=Period(START, date(2020, 8, 31)), end_reason=EndReason.LEFT)
    assert wrong(backwards) == {("/to", "ends-before-start")}


def test_it_is_recorded_when_it_has_begun() -> None:
    assert wrong(enrolment(period=Period(TODAY + timedelta(days=1)))) == {("/from", "in-the-future")}


def test_a_transfer_is_recorded_when_it_has_happened_and_other_ends_may_lie_ahead() -> None:
    ahead = Period(START, TODAY + timedelta(days=1))
    for reason in EndReason:
        ending = enrolment(period=ahead, end_reason=reason)
        if reason is EndReason.TRANSFERRED:
            assert wrong(ending) == {("/to", "in-the-future")}
        else:
            assert checked(ending) == ending
    checked(enrolment(period=Period(START, TODAY), end_reason=EndReason.TRANSFERRED))


@pytest.mark.parametrize(
    ("life", "changes"),
    [
        ({"opened_on": date(2020, 9, 2)}, {}),
        ({"closed_on": date(2020, 8, 31)}, {}),
        ({"closed_on": date(2021, 1, 30)}, ENDED),
    ],
)
def test_the_institution_is_open_when_it_begins_and_when_it_ends(
    life: dict[str, date], changes: dict[str, Any]
) -> None:
    problems = wrong(enrolment(**changes), at=institution(**life))
    assert problems == {("/from", "outside-institution-life")}


def test_an_enrolment_still_open_may_await_the_closing_of_the_institution() -> None:
    checked(enrolment(), at=institution(closed_on=date(2021, 8, 31)))


@pytest.mark.parametrize("changes", [{"end_reason": EndReason.COMPLETED}, {"period": Period(START, date(2021, 1, 31))}])
def test_last_day_and_reason_come_together(changes: dict[str, Any]) -> None:
    assert wrong(enrolment(**changes)) == {("/end_reason", "end-and-reason")}


@pytest.mark.parametrize("code", ["9999999", NEW_MADONA])
def test_the_home_municipality_exists_on_the_first_day(code: str) -> None:
    assert wrong(enrolment(home_municipality=code)) == {("/home_municipality", "unknown-code")}
    checked(enrolment(home_municipality=OLD_MADONA))


@pytest.mark.parametrize("code", ["50", "60", ""])
def test_a_special_need_is_a_code_of_its_list(code: str) -> None:
    assert wrong(enrolment(special_need=code)) == {("/special_need", "unknown-code")}


def test_a_student_is_enrolled_once_at_a_time_and_may_come_back() -> None:
    other = enrolment(id=EnrolmentId(UUID(int=5)), **ENDED)
    assert wrong(enrolment(period=Period(date(2021, 1, 31))), other) == {("/from", "overlap")}
    checked(enrolment(period=Period(date(2021, 2, 1))), other)


def test_an_enrolment_tells_everything_that_is_wrong_at_once() -> None:
    changed = enrolment(
        grade=5,
        period=Period(date(2022, 1, 1), date(2021, 12, 1)),
        home_municipality="x",
        special_need="x",
    )
    assert wrong(changed, enrolment(period=Period(date(2021, 9, 1))), at=replace(VOCATIONAL, closed_on=TODAY)) == {
        ("/grade", "out-of-range"),
        ("/to", "ends-before-start"),
        ("/from", "in-the-future"),
        ("/from", "outside-institution-life"),
        ("/end_reason", "end-and-reason"),
        ("/home_municipality", "unknown-code"),
        ("/special_need", "unknown-code"),
        ("/from", "overlap"),
    }


@given(st.dates(START, TODAY), st.sampled_from(EndReason))
def test_an_ended_enrolment_keeps_last_day_and_reason_and_stays_sound(on: date, reason: EndReason) -> None:
    ended = enrolment().end(on, reason)
    assert (ended.period, ended.end_reason) == (Period(START, on), reason)
    assert checked(ended) == ended


def test_an_enrolment_ends_once() -> None:
    with pytest.raises(Refused) as refused:
        enrolment(**ENDED).end(date(2021, 3, 1), EndReason.LEFT)
    assert refused.value.code == "enrolment-ended"


def test_what_is_said_anew_of_an_enrolment_may_end_it_and_never_undoes_its_end() -> None:
    ending, graded = enrolment(**ENDED), enrolment(**ENDED, grade=8)
    assert enrolment().restated(ending) == ending
    assert ending.restated(graded) == graded
    with pytest.raises(Refused) as refused:
        ending.restated(enrolment())
    assert refused.value.code == "enrolment-ended"


@pytest.mark.parametrize(
    ("on", "reason", "expected"),
    [
        (None, EndReason.LEFT, ("/end_reason", "end-and-reason")),
        (date(2021, 1, 31), None, ("/end_reason", "end-and-reason")),
        (date(2020, 8, 31), EndReason.LEFT, ("/to", "ends-before-start")),
    ],
)
def test_ending_needs_a_reason_and_a_possible_day(
    on: date | None, reason: EndReason | None, expected: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        enrolment().end(on, reason)
    assert found(invalid.value) == {expected}


def test_a_transfer_goes_to_an_enrolment_that_lasts() -> None:
    assert check_receiving(enrolment()) == enrolment()
    with pytest.raises(Refused) as refused:
        check_receiving(enrolment(**ENDED))
    assert refused.value.code == "enrolment-ended"
