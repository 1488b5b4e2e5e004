"""What one student gives to a release, and no more."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.releases.attributes import Figure
from app.domain.releases.contributions import Contribution, Sums, bounded_parts, counted_risks
from app.domain.releases.tables import BOUNDS, MAX_RISKS
from tests.domain.contributions import contributions, somebody

FIVE = ["A", "B", "C", "D", "E"]


@given(contributions)
@settings(deadline=None)
def test_at_most_three_risks_count_and_all_where_there_are_no_more(contribution: Contribution) -> None:
    counted = counted_risks(contribution)
    assert counted.items() <= dict(contribution.risks).items()
    assert len(counted) == min(MAX_RISKS, len(contribution.risks))


@given(contributions)
@settings(deadline=None)
def test_the_order_in_which_risks_come_settles_nothing(contribution: Contribution) -> None:
    turned = dict(sorted(contribution.risks.items(), reverse=True))
    assert counted_risks(replace(contribution, risks=turned)) == counted_risks(contribution)


def test_no_risk_is_preferred() -> None:
    counted = Counter[str]()
    for number in range(2_000):
        student = replace(somebody, student_id=UUID(int=number), risks=dict.fromkeys(FIVE))
        counted.update(counted_risks(student).keys())
    assert all(abs(counted[risk] - 2_000 * MAX_RISKS / len(FIVE)) < 100 for risk in FIVE)


@given(contributions, st.sampled_from(sorted(BOUNDS)))
@settings(deadline=None)
def test_parts_of_a_sum_are_within_the_bound_together(contribution: Contribution, figure: Figure) -> None:
    parts = bounded_parts(contribution.delivered, figure)
    whole = sum(sums.of(figure) for sums in contribution.delivered.values())
    assert 0 <= sum(parts.values()) <= min(whole, BOUNDS[figure])
    assert whole > BOUNDS[figure] or sum(parts.values()) == whole
    assert whole == 0 or sum(parts.values()) > min(whole, BOUNDS[figure]) - max(1, len(parts))


def test_what_is_above_the_bound_is_cut_off_in_proportion() -> None:
    delivered = {("LEARNING", "LESSONS"): Sums(centihours=9_000), ("FAMILY", "LESSONS"): Sums(centihours=3_000)}
    assert bounded_parts(delivered, Figure.HOURS) == {("LEARNING", "LESSONS"): 2_250, ("FAMILY", "LESSONS"): 750}


def test_an_amount_below_zero_lifts_no_other_above_the_bound() -> None:
    with pytest.raises(ValueError, match="below zero"):
        bounded_parts({("FAMILY", "MEALS"): Sums(cents=-1)}, Figure.EUR)


def test_students_are_no_sum() -> None:
    with pytest.raises(ValueError, match="no sum"):
        Sums().of(Figure.STUDENTS)
