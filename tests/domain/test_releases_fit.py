"""The fit of everything measured: consistent, the best there is, and as far off as its margins say."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.releases.contributions import Contribution
from app.domain.releases.fit import Cells, fit
from app.domain.releases.lattice import STATE, Place
from app.domain.releases.margins import Margins
from app.domain.releases.rounding import rounded
from app.domain.releases.tables import TABLES, UNITS, Table, table_of
from tests.domain.contributions import TINY, contributions
from tests.domain.measured import ALL, as_measured, exact, measured, noise_alone

seeds = st.integers(0, 2**32)
students = st.lists(contributions, max_size=4, unique_by=lambda each: each.student_id)


def adds_up(figures: Mapping[Cells, Sequence[float]]) -> float:
    """How far the worst row, or the worst place, is from its total."""
    worst = 0.0
    for table, place in ALL:
        block = figures[table, place]
        parts = [figures[table, child] for child in TINY.children(place) if (table, child) in figures]
        lower = next((each for each in TABLES if _below(each.level, table.level) and _same(each, table)), None)
        if lower is not None:
            parts = [figures[lower, child] for child in TINY.children(place)]
            worst = max(worst, *(abs(sum(each) - block[cell]) for cell, each in enumerate(zip(*parts, strict=True))))
        for attribute in table.rows:
            rest = tuple(each for each in table.attributes if each is not attribute)
            totals = dict(zip(TINY.keys(rest), figures[table_of(table.figure, table.level, rest), place], strict=True))
            for key, number in zip(TINY.keys(table.attributes), block, strict=True):
                totals[tuple(each for each in key if each[0] is not attribute)] -= number
            worst = max(worst, *(abs(each) for each in totals.values()))
    return worst


def _below(one: Level, other: Level) -> bool:
    return (other, one) in {(Level.STATE, Level.REGION), (Level.REGION, Level.MUNICIPALITY)}


def _same(one: Table, other: Table) -> bool:
    return (one.figure, one.attributes) == (other.figure, other.attributes)


@given(students)
@settings(max_examples=5, deadline=None)
def test_what_adds_up_already_stays_as_it_is(several: list[Contribution]) -> None:
    fitted, true = fit(TINY, measured(*several)), exact(*several)
    assert all(fitted[cells] == pytest.approx(true[cells], abs=1e-6) for cells in ALL)


@given(seeds)
@settings(max_examples=5, deadline=None)
def test_figures_add_up_after_the_fit_and_exactly_after_rounding(seed: int) -> None:
    fitted = fit(TINY, noise_alone(Random(seed)))
    assert adds_up(fitted) < 1e-5
    whole = rounded(TINY, fitted, 1_000)
    assert adds_up(whole) == 0
    for (table, place), block in whole.items():
        moved = max(abs(after / 1_000 - before) for after, before in zip(block, fitted[table, place], strict=True))
        assert moved < 0.05


@given(seeds, contributions)
@settings(max_examples=10, deadline=None)
def test_no_other_figures_that_add_up_are_nearer_to_what_was_measured(seed: int, one: Contribution) -> None:
    """The normal equations: what is left over is orthogonal, weighted, to whatever a student could change."""
    noisy, direction = noise_alone(Random(seed)), measured(one)
    fitted = as_measured(fit(TINY, noisy))
    product = size = 0.0
    for table, place in ALL:
        for number, fits, step in zip(noisy[table, place], fitted[table, place], direction[table, place], strict=True):
            product += (number - fits) * step / table.deviation**2
            size += abs(number * step) / table.deviation**2
    assert abs(product) < 1e-9 * max(1.0, size)


SOME = [
    (Figure.STUDENTS, Place("NORTH", "N1"), (Attribute.GRADE,)),
    (Figure.STUDENTS, Place("SOUTH", "S1"), ()),
    (Figure.STUDENTS, Place("NORTH"), (Attribute.INSTITUTION_KIND, Attribute.GRADE)),
    (Figure.STUDENTS, STATE, (Attribute.GRADE, Attribute.CONTINUED, Attribute.SCHOOL_YEAR_RESULT)),
    (Figure.STUDENTS, Place("SOUTH"), (Attribute.RISK, Attribute.RISK_RESULT)),
    (Figure.HOURS, Place("NORTH"), (Attribute.SUPPORT_MEASURE,)),
]


def weight_of_its_own(table: Table, place: Place) -> float:
    """How much a figure moves with what was measured in its own cell."""
    pulse = {cells: [0] * TINY.size(cells[0].attributes) for cells in ALL}
    pulse[table, place][0] = 10**6
    return fit(TINY, pulse)[table, place][0] / 10**6


@pytest.mark.parametrize(("figure", "place", "attributes"), SOME)
def test_the_variance_of_a_figure_is_what_its_own_measurement_weighs_in_it(
    figure: Figure, place: Place, attributes: tuple[Attribute, ...]
) -> None:
    """Of the best linear estimate: what is left over does not vary with it, so Var(x) = Cov(x, y) = s^2 dx/dy."""
    table = table_of(figure, place.level, attributes)
    expected = (table.deviation / UNITS[figure]) ** 2 * weight_of_its_own(table, place)
    assert Margins(TINY).variance(table, place) == pytest.approx(expected)


def test_by_a_membership_half_of_the_doubt_about_everybody_comes_in() -> None:
    margins, place = Margins(TINY), Place("NORTH", "N2")
    groups = table_of(Figure.STUDENTS, Level.MUNICIPALITY, (Attribute.RISK_GROUP,))
    everybody = margins.variance(table_of(Figure.STUDENTS, Level.MUNICIPALITY, ()), place)
    difference = groups.deviation**2 * 2 * weight_of_its_own(groups, place)
    assert margins.variance(groups, place) == pytest.approx((difference + everybody) / 4)


def test_of_a_sum_over_all_codes_the_margin_is_that_of_the_total_and_of_no_code_nothing() -> None:
    margins, place = Margins(TINY), Place("NORTH")
    grades = table_of(Figure.STUDENTS, Level.REGION, (Attribute.GRADE,))
    total = margins.variance(table_of(Figure.STUDENTS, Level.REGION, ()), place)
    assert margins.variance(grades, place, {Attribute.GRADE: 3}) == pytest.approx(total)
    assert margins.variance(grades, place, {Attribute.GRADE: 0}) == 0
    assert margins.variance(grades, place) < grades.deviation**2
