"""The consistent figures of a release: the weighted least squares fit of everything that was measured."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.domain.releases.attributes import MEMBERSHIPS, Attribute, Figure, Level
from app.domain.releases.blocks import Block, weighted
from app.domain.releases.interactions import Attributes, interaction_in, precision, subsets, table_from
from app.domain.releases.lattice import Lattice, Place
from app.domain.releases.tables import TABLES, Table, table_of
from app.domain.releases.tree import Precisions, fitted

Cells = tuple[Table, Place]
Measured = Mapping[Cells, Sequence[int]]
Family = tuple[Figure, Attribute | None]
"""The tables of one fit: a figure, and the attribute that numbers of students do not add up over, if it is by one."""


def families(tables: Iterable[Table] = TABLES) -> dict[Family, list[Table]]:
    found: dict[Family, list[Table]] = {}
    for table in tables:
        found.setdefault((table.figure, table.slice), []).append(table)
    return found


def interactions(tables: Sequence[Table], lattice: Lattice) -> Iterator[tuple[Attributes, Precisions]]:
    """Every interaction that the tables say something of, and how precisely each level does."""
    sizes = lattice.numbers
    for interaction in dict.fromkeys(subset for table in tables for subset in subsets(table.rows)):
        precisions: dict[Level, float] = {}
        for table in tables:
            if set(interaction) <= set(table.rows):
                own = precision(interaction, table.rows, table.deviation, sizes)
                precisions[table.level] = precisions.get(table.level, 0.0) + own
        yield interaction, precisions


def fit(lattice: Lattice, measured: Measured) -> dict[Cells, Block]:
    """Every table at every place: by a membership the numbers of students with it, all else as it was measured."""
    found: dict[Cells, Block] = {}
    for (_, apart), tables in families().items():
        for index in range(1 if apart is None else len(lattice.codes[apart])):
            mine = {
                (table, place): measured[table, place][_slice(lattice, table, index)]
                for table in tables
                for place in lattice.at(table.level)
            }
            for cells, block in _fit_of_family(lattice, tables, mine).items():
                found.setdefault(cells, []).extend(block)
    return {(table, place): _with_it(found, table, place) for table, place in found}


def _fit_of_family(lattice: Lattice, tables: Sequence[Table], measured: Measured) -> dict[Cells, Block]:
    sizes = lattice.numbers
    found: dict[Place, dict[Attributes, Block]] = {}
    for interaction, precisions in interactions(tables, lattice):
        said: dict[Place, Block] = {}
        for level, whole in precisions.items():
            there = [each for each in tables if each.level is level and set(interaction) <= set(each.rows)]
            weights = [precision(interaction, each.rows, each.deviation, sizes) / whole for each in there]
            for place in lattice.at(level):
                blocks = [interaction_in(measured[each, place], each.rows, interaction, sizes) for each in there]
                said[place] = weighted(list(zip(weights, blocks, strict=True)))
        for place, block in fitted(lattice, precisions, said).items():
            found.setdefault(place, {})[interaction] = block
    return {
        (table, place): table_from(found[place], table.rows, sizes)
        for table in tables
        for place in lattice.at(table.level)
    }


def _slice(lattice: Lattice, table: Table, index: int) -> slice:
    """Where the cells of one code of the attribute apart lie: it is the first."""
    size = lattice.size(table.rows)
    return slice(index * size, (index + 1) * size)


def _with_it(fits: Mapping[Cells, Block], table: Table, place: Place) -> Block:
    """Half of everybody and of the number with it less the number without."""
    if table.slice not in MEMBERSHIPS:
        return fits[table, place]
    everybody = fits[table_of(table.figure, table.level, table.rows), place]
    return [(number + everybody[cell % len(everybody)]) / 2 for cell, number in enumerate(fits[table, place])]
