"""When an institution takes part in a programme."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.ids import ParticipationId
from app.domain.institutions import Institution
from app.domain.participations import Participation, check_participation, takes_part
from app.domain.periods import Period
from tests.domain.examples import PROGRAMME, found, institution, participation

OTHER = ParticipationId(UUID(int=5))


def checked(changed: Participation, *others: Participation, at: Institution | None = None) -> Participation:
    return check_participation(changed, institution=at or institution(), programme=PROGRAMME, others=others)


def wrong(changed: Participation, *others: Participation, at: Institution | None = None) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        checked(changed, *others, at=at)
    return found(invalid.value)


def test_a_sound_participation_is_accepted() -> None:
    assert checked(participation()) == participation()


def test_it_does_not_end_before_it_starts() -> None:
    backwards = participation(period=Period(date(2018, 9, 1), date(2018, 8, 31)))
    assert wrong(backwards) == {("/to", "ends-before-start")}
    checked(participation(period=Period(date(2018, 9, 1), date(2018, 9, 1))))


@pytest.mark.parametrize("start", [date(2017, 3, 14), date(2024, 1, 1)])
def test_it_begins_while_the_programme_runs(start: date) -> None:
    agreed = date(2017, 1, 1)
    assert wrong(participation(agreement_date=agreed, period=Period(start))) == {("/from", "outside-programme")}


@pytest.mark.parametrize("start", [date(2017, 3, 15), date(2023, 12, 31)])
def test_the_programme_s_first_and_last_days_belong_to_it(start: date) -> None:
    checked(participation(agreement_date=date(2017, 1, 1), period=Period(start)))


@pytest.mark.parametrize(
    ("life", "period"),
    [
        ({"opened_on": date(2018, 9, 2)}, Period(date(2018, 9, 1))),
        ({"closed_on": date(2021, 6, 30)}, Period(date(2018, 9, 1), date(2021, 7, 1))),
        ({"closed_on": date(2021, 6, 30)}, Period(date(2018, 9, 1))),
    ],
)
def test_the_institution_is_open_all_the_while(life: dict[str, date], period: Period) -> None:
    problems = wrong(participation(period=period), at=institution(**life))
    assert problems == {("/from", "outside-institution-life")}


def test_it_may_last_until_the_institution_closes() -> None:
    closing = institution(closed_on=date(2021, 6, 30))
    checked(participation(period=Period(date(2018, 9, 1), date(2021, 6, 30))), at=closing)


def test_it_starts_on_or_after_the_day_of_the_agreement() -> None:
    checked(participation(agreement_date=date(2018, 9, 1)))
    late = participation(agreement_date=date(2018, 9, 2))
    assert wrong(late) == {("/agreement_date", "agreement-after-start")}


def test_an_institution_participates_once_at_a_time_and_may_come_back() -> None:
    earlier = participation(id=OTHER, period=Period(date(2017, 9, 1), date(2018, 9, 1)))
    assert wrong(participation(), earlier) == {("/from", "overlap")}
    checked(participation(), participation(id=OTHER, period=Period(date(2017, 9, 1), date(2018, 8, 31))))


def test_a_participation_tells_everything_that_is_wrong_at_once() -> None:
    period = Period(date(2009, 2, 1), date(2009, 1, 1))
    assert wrong(participation(period=period), participation(id=OTHER, period=Period(date(2009, 1, 1)))) == {
        ("/to", "ends-before-start"),
        ("/from", "outside-programme"),
        ("/from", "outside-institution-life"),
        ("/agreement_date", "agreement-after-start"),
        ("/from", "overlap"),
    }


@given(st.dates(date(2018, 1, 1), date(2021, 12, 31)))
def test_the_participation_of_a_day_is_the_one_in_force(day: date) -> None:
    first = participation(period=Period(date(2018, 9, 1), date(2019, 8, 31)))
    second = participation(id=OTHER, period=Period(date(2020, 9, 1)))
    in_force = takes_part([first, second], day)
    if in_force is None:
        assert day < first.period.start or date(2019, 8, 31) < day < second.period.start
    else:
        assert day in in_force.period
