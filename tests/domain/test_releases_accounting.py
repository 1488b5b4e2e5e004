"""What a release tells of one student at most."""

from dataclasses import replace
from fractions import Fraction
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.releases.accounting import (
    CEILING_RHO,
    RELEASE_RHO,
    epsilon,
    release_rho,
    sensitivity_squared,
    table_rho,
)
from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.releases.lattice import Lattice
from app.domain.releases.release import Ledger
from app.domain.releases.tables import BOUNDS, TABLES, table_of
from tests.domain.contributions import NATIONAL
from tests.domain.examples import REFERENCE


def test_no_release_of_any_semester_costs_more_than_a_release_may() -> None:
    for semester in REFERENCE.semesters:
        assert release_rho(Lattice.of(semester, REFERENCE)) <= RELEASE_RHO


def test_the_cost_of_a_release_is_that_of_its_tables_rounded_up() -> None:
    exact = sum(table_rho(each, NATIONAL) for each in TABLES)
    assert 0 <= Fraction(release_rho(NATIONAL)) - exact < Fraction(1, 1_000_000)


def test_a_student_moves_a_table_by() -> None:
    for_one = {
        (Figure.STUDENTS, (Attribute.GRADE,)): 1,
        (Figure.STUDENTS, (Attribute.RISK,)): 3,
        (Figure.STUDENTS, (Attribute.RISK_GROUP,)): 4,
        (Figure.STUDENTS, (Attribute.SUPPORT_MEASURE,)): 10,
        (Figure.EUR, (Attribute.SUPPORT_MEASURE,)): BOUNDS[Figure.EUR] ** 2,
    }
    for (figure, attributes), squared in for_one.items():
        assert sensitivity_squared(table_of(figure, Level.STATE, attributes), NATIONAL) == squared


def test_code_lists_that_grew_too_long_end_releases() -> None:
    measures = tuple(f"KIND-{number}" for number in range(500))
    grown = replace(NATIONAL, codes={**NATIONAL.codes, Attribute.SUPPORT_MEASURE: measures})
    with pytest.raises(Refused) as refused:
        release_rho(grown)
    assert refused.value.code == "release-too-costly"


def test_the_ceiling_has_room_for_eight_school_years() -> None:
    ledger, rho = Ledger(), release_rho(NATIONAL)
    for _ in range(16):
        ledger = ledger.next(rho, CEILING_RHO)
    with pytest.raises(Refused) as refused:
        ledger.next(rho, CEILING_RHO)
    assert refused.value.code == "privacy-ceiling"


@given(st.floats(0.001, 5), st.floats(1e-12, 1e-2), st.floats(1.01, 500))
@settings(max_examples=50, deadline=None)
def test_epsilon_is_the_least_that_any_order_of_divergence_allows(rho: float, delta: float, alpha: float) -> None:
    """A smaller one would need another alpha; the simple conversion of Bun and Steinke is never below it."""
    least = epsilon(rho, delta)
    reached = (alpha - 1) * (alpha * rho - least) - log(alpha - 1) + alpha * log(1 - 1 / alpha)
    assert reached >= log(delta) - 1e-6
    assert least <= rho + 2 * (rho * log(1 / delta)) ** 0.5


def test_epsilon_of_nothing_is_nothing_and_more_costs_more() -> None:
    assert epsilon(0.0) == 0.0
    assert 0 < epsilon(0.1) < epsilon(0.2) < epsilon(0.4)
    assert epsilon(0.2) == pytest.approx(3.13, abs=0.02)
