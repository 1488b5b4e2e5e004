"""How often somebody who reads a release tells a small number exactly, and how often he would have guessed it.

He knows that the number is from 1 to 9, and how often each of these is right in the same table: more than is publicly known. What is not
shown he works out from totals where he can. Then he takes the likeliest number, by the standard error that the release tells.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from statistics import NormalDist

from app.domain.releases.attributes import Figure, Level
from app.domain.releases.display import SMALL, shown
from app.domain.releases.margins import Margins
from app.domain.releases.sealing import Sealed
from app.domain.releases.tables import TABLES, Table, table_of
from app.domain.releases.tally import Tally
from tests.attack.equations import Cell, Equation

_SMALL_NUMBERS = range(1, SMALL)
_HIDDEN_BELOW = SMALL - 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Of so many cells of 1 to 9, how many are told exactly from releases, and how many by guessing."""

    cells: int
    told: int
    guessed: int

    @property
    def gain(self) -> float:
        """In points of a hundred."""
        return 100 * (self.told - self.guessed) / self.cells


def recovery(tally: Tally, releases: Sequence[Sealed], level: Level, sums: Sequence[Equation]) -> Recovery:
    cells = list(_small_cells(tally, level))
    chances = _chances(cells)
    margins = Margins(tally.lattice)
    guess = {table: max(_SMALL_NUMBERS, key=each.__getitem__) for table, each in chances.items()}
    told = 0
    for release in releases:
        read = worked_out(values_shown(release), sums)
        for cell, number in cells:
            deviation = margins.variance(*cell[:2]) ** 0.5
            told += number == _likeliest(chances[cell[0]], read.get(cell), deviation)
    guessed = sum(number == guess[cell[0]] for cell, number in cells)
    return Recovery(cells=len(cells) * len(releases), told=told, guessed=guessed * len(releases))


def values_shown(release: Sealed) -> dict[Cell, int]:
    """Numbers of students as everybody sees them; those that are small are absent."""
    seen: dict[Cell, int] = {}
    at: Counter[object] = Counter()
    for cell in release.cells:
        if cell.figure is Figure.STUDENTS:
            table = table_of(cell.figure, cell.place.level, tuple(attribute for attribute, _ in cell.key))
            told = shown(cell.figure, cell.value, cell.value, 0.0)
            if told.value is not None:
                seen[table, cell.place, at[table, cell.place]] = int(told.value)
            at[table, cell.place] += 1
    return seen


def worked_out(seen: Mapping[Cell, int], sums: Sequence[Equation]) -> dict[Cell, int]:
    """With everything that follows where one number of a sum is missing, until nothing more does."""
    known = dict(seen)
    before = -1
    while before != len(known):
        before = len(known)
        for total, parts in sums:
            missing = [each for each in (total, *parts) if each not in known]
            if len(missing) == 1:
                others = sum(known[each] for each in parts if each in known)
                known[missing[0]] = others if missing[0] == total else known[total] - others
    return known


def _small_cells(tally: Tally, level: Level) -> Iterator[tuple[Cell, int]]:
    for table in TABLES:
        if table.figure is Figure.STUDENTS and table.level is level:
            for place in tally.lattice.at(level):
                numbers = enumerate(tally.exact(table, place))
                yield from (((table, place, cell), number) for cell, number in numbers if number in _SMALL_NUMBERS)


def _chances(cells: Sequence[tuple[Cell, int]]) -> dict[Table, Counter[int]]:
    chances: dict[Table, Counter[int]] = {}
    for (table, _, _), number in cells:
        chances.setdefault(table, Counter())[number] += 1
    return chances


def _likeliest(chances: Mapping[int, int], read: int | None, deviation: float) -> int:
    """Of what is neither shown nor worked out he knows that it came out small."""
    error = NormalDist(0, deviation)

    def odds(number: int) -> float:
        if read is None:
            return error.cdf(_HIDDEN_BELOW - number)
        return exp(-((read - number) ** 2) / (2 * deviation**2))

    return max(_SMALL_NUMBERS, key=lambda number: chances[number] * odds(number))
