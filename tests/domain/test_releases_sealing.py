"""Sealing a release: numbers in, noise once, cells out."""

from collections.abc import Sequence
from decimal import Decimal

from app.domain.releases.accounting import DELTA, RELEASE_RHO
from app.domain.releases.attributes import Attribute, Figure
from app.domain.releases.lattice import STATE, Place
from app.domain.releases.sealing import Sealed, sealed
from app.domain.releases.tables import TABLES
from app.domain.releases.tally import Tally
from tests.domain.contributions import TINY, somebody


def untouched(numbers: Sequence[int], deviation: float) -> list[int]:
    assert deviation > 1
    return list(numbers)


def a_release() -> Sealed:
    tally = Tally(TINY)
    tally.add(somebody)
    return sealed(tally, untouched)


def test_every_cell_of_the_lattice_is_there_once() -> None:
    cells = a_release().cells
    assert len(cells) == sum(TINY.size(table.attributes) * len(TINY.at(table.level)) for table in TABLES)
    assert len({(each.figure, each.place, each.key) for each in cells}) == len(cells)


def test_without_noise_the_figures_are_the_numbers() -> None:
    found = {(each.figure, each.place, each.key): each.value for each in a_release().cells}
    north = Place("NORTH")
    assert found[Figure.STUDENTS, STATE, ()] == 1
    assert found[Figure.STUDENTS, north, ((Attribute.RISK_GROUP, "ECONOMIC"),)] == 1
    assert found[Figure.STUDENTS, north, ((Attribute.RISK_GROUP, "FAMILY"),)] == 0
    assert found[Figure.STUDENTS, STATE, ((Attribute.RISK, "BACKLOG"), (Attribute.RISK_RESULT, "BETTER"))] == 1
    assert found[Figure.HOURS, north, ((Attribute.SUPPORT_MEASURE, "LESSONS"),)] == Decimal("12.00")
    assert found[Figure.EUR, STATE, ((Attribute.INSTITUTION_KIND, "GENERAL"),)] == Decimal("45.00")
    assert found[Figure.CONSULTATIONS, Place("NORTH", "N2"), ()] == 9


def test_one_student_is_a_small_figure_wherever_counted_and_sums_hide_with_it() -> None:
    cells = a_release().cells
    assert all(each.small for each in cells)
    assert all(each.standard_error > 0 for each in cells)


def test_noise_is_drawn_once_for_each_table_at_each_place() -> None:
    drawn = []

    def counting(numbers: Sequence[int], deviation: float) -> list[int]:
        drawn.append((len(numbers), deviation))
        return list(numbers)

    sealed(Tally(TINY), counting)
    expected = [(TINY.size(each.attributes), each.deviation) for each in TABLES for _ in TINY.at(each.level)]
    assert sorted(drawn) == sorted(expected)


def test_a_release_says_what_it_costs() -> None:
    release = a_release()
    assert Decimal(0) < release.rho <= RELEASE_RHO
    assert release.delta == DELTA
    assert 0 < release.epsilon < 4
