"""What releases are worth: how far off figures are, of the whole register, and whether they add up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from app.domain.releases.attributes import Attribute, Figure, Key, Level
from app.domain.releases.lattice import Place
from app.domain.releases.sealing import Cell
from app.domain.releases.tables import UNITS, table_of
from tests.attack.equations import equations
from tests.attack.releases import Built


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A figure of a release beside the exact number, in the figure's unit."""

    cell: Cell
    exact: float

    @property
    def relative_error(self) -> float:
        return abs(float(self.cell.value) - self.exact) / self.exact


def judged(built: Built, figure: Figure, level: Level, attributes: tuple[Attribute, ...]) -> list[Judged]:
    """Cells with anybody in them."""
    table = table_of(figure, level, attributes)
    exact = {
        (place, key): number / UNITS[figure]
        for place in built.tally.lattice.at(level)
        for key, number in zip(built.tally.lattice.keys(attributes), built.tally.exact(table, place), strict=True)
    }
    return [
        Judged(cell=cell, exact=exact[cell.place, cell.key])
        for cell in built.release.cells
        if _is_of(cell, figure, level, attributes) and exact[cell.place, cell.key] > 0
    ]


def median_error(found: Iterable[Judged]) -> float:
    """Relative, in percent."""
    return 100 * median(each.relative_error for each in found)


def over_all(several: Sequence[Sequence[Judged]]) -> list[float]:
    """Relative errors, in percent, of figures added up over releases."""
    exact: defaultdict[tuple[Place, Key], float] = defaultdict(float)
    value: defaultdict[tuple[Place, Key], float] = defaultdict(float)
    for found in several:
        for each in found:
            exact[each.cell.place, each.cell.key] += each.exact
            value[each.cell.place, each.cell.key] += float(each.cell.value)
    return [100 * abs(value[each] - exact[each]) / exact[each] for each in exact]


def faults(built: Built) -> Iterator[str]:
    """Totals that are not the sum of their parts, to the last digit."""
    at: defaultdict[object, int] = defaultdict(int)
    values = {}
    for cell in built.release.cells:
        table = table_of(cell.figure, cell.place.level, tuple(attribute for attribute, _ in cell.key))
        values[table, cell.place, at[table, cell.place]] = cell.value
        at[table, cell.place] += 1
    for total, parts in equations(built.tally.lattice):
        if values[total] != sum(values[each] for each in parts):
            yield f"{total[0].figure} by {total[0].attributes} at {total[1]} does not add up."


def _is_of(cell: Cell, figure: Figure, level: Level, attributes: tuple[Attribute, ...]) -> bool:
    return (cell.figure, cell.place.level, tuple(each for each, _ in cell.key)) == (figure, level, attributes)
