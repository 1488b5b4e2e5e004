"""Sealing: exact numbers go in, noise is drawn once, and figures that add up come out. The same numbers never give the same release."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.releases.accounting import DELTA, epsilon, release_rho
from app.domain.releases.attributes import Figure, Key
from app.domain.releases.display import is_small, standard_error
from app.domain.releases.fit import Cells, fit
from app.domain.releases.lattice import Lattice, Place
from app.domain.releases.margins import Margins
from app.domain.releases.rounding import rounded
from app.domain.releases.tables import TABLES, UNITS, students_of
from app.domain.releases.tally import Tally

Draw = Callable[[Sequence[int], float], list[int]]
"""Adds to each number independent discrete Gaussian noise of a standard deviation."""

STEPS = 1_000
"""Of the unit measured. Figures add up exactly in thousandths: of a student, of a hundredth of an hour, of a cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`value` before rounding: rows add up to their totals exactly, and it may be below zero. `small`: it is not to be shown."""

    figure: Figure
    place: Place
    key: Key
    value: Decimal
    standard_error: Decimal
    small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """`epsilon` at `delta` of this release alone."""

    lattice: Lattice
    cells: tuple[Cell, ...]
    rho: Decimal
    epsilon: float
    delta: float


def sealed(tally: Tally, draw: Draw) -> Sealed:
    """Draw the noise, once: whoever calls it twice for the same students has spent the release's rho twice."""
    lattice = tally.lattice
    rho = release_rho(lattice)
    measured = {
        (table, place): draw(tally.measured(table, place), table.deviation)
        for table in TABLES
        for place in lattice.at(table.level)
    }
    return Sealed(
        lattice=lattice,
        cells=tuple(cells(lattice, consistent(lattice, measured))),
        rho=rho,
        epsilon=epsilon(float(rho)),
        delta=DELTA,
    )


def consistent(lattice: Lattice, measured: dict[Cells, list[int]]) -> dict[Cells, list[Decimal]]:
    """In the figure's unit, adding up exactly."""
    return {
        (table, place): [Decimal(each) / (STEPS * UNITS[table.figure]) for each in block]
        for (table, place), block in rounded(lattice, fit(lattice, measured), STEPS).items()
    }


def cells(lattice: Lattice, figures: dict[Cells, list[Decimal]]) -> Iterator[Cell]:
    """Each with its standard error, and whether it is small."""
    margins = Margins(lattice)
    for (table, place), block in figures.items():
        error = standard_error(margins.variance(table, place))
        students = figures[students_of(table), place]
        for key, value, of in zip(lattice.keys(table.attributes), block, students, strict=True):
            yield Cell(
                figure=table.figure,
                place=place,
                key=key,
                value=value,
                standard_error=error,
                small=is_small(table.figure, value, of),
            )
