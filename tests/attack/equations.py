"""What adds up to what in a release: everybody who has one may calculate with it."""

from collections.abc import Iterator

from app.domain.releases.lattice import Lattice, Place
from app.domain.releases.tables import TABLES, Table, find_table, table_of

Cell = tuple[Table, Place, int]
Equation = tuple[Cell, tuple[Cell, ...]]
"""A total and its parts."""


def equations(lattice: Lattice) -> Iterator[Equation]:
    for table in TABLES:
        for place in lattice.at(table.level):
            yield from _of_places(lattice, table, place)
            yield from _of_rows(lattice, table, place)


def _of_places(lattice: Lattice, table: Table, place: Place) -> Iterator[Equation]:
    children = lattice.children(place)
    below = find_table(table.figure, children[0].level, table.attributes) if children else None
    if below is not None:
        for cell in range(lattice.size(table.attributes)):
            yield (table, place, cell), tuple((below, child, cell) for child in children)


def _of_rows(lattice: Lattice, table: Table, place: Place) -> Iterator[Equation]:
    keys = lattice.keys(table.attributes)
    for attribute in table.rows:
        rest = tuple(each for each in table.attributes if each is not attribute)
        total, parts = table_of(table.figure, table.level, rest), dict[object, list[Cell]]()
        for cell, key in enumerate(keys):
            parts.setdefault(tuple(each for each in key if each[0] is not attribute), []).append((table, place, cell))
        for cell, key in enumerate(lattice.keys(rest)):
            yield (total, place, cell), tuple(parts[key])
