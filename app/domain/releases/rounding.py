"""From a fit in floating point to figures that add up to the last digit.

All but the last code of each attribute, and all but the last part of each place, are rounded; what is left is the rest of the sum, so that
every row is its total exactly. The last take what rounding left over: far less than the noise.
"""

from collections.abc import Mapping

from app.domain.releases.attributes import Attribute, Level
from app.domain.releases.blocks import Block
from app.domain.releases.fit import Cells
from app.domain.releases.lattice import Lattice
from app.domain.releases.tables import TABLES, Table, table_of

Steps = dict[Cells, list[int]]


def rounded(lattice: Lattice, fits: Mapping[Cells, Block], steps: int) -> Steps:
    """In whole steps, `steps` of which make one of the unit that was measured."""
    found: Steps = {}
    levels = list(Level)
    for table in sorted(TABLES, key=lambda each: (levels.index(each.level), len(each.attributes))):
        for place in lattice.at(table.level):
            parent = lattice.parent(place)
            siblings = () if parent is None else lattice.children(parent)
            if parent is not None and place == siblings[-1]:
                whole = found[table_of(table.figure, parent.level, table.attributes), parent]
                others = [found[table, each] for each in siblings[:-1]]
                found[table, place] = [total - sum(parts) for total, *parts in zip(whole, *others, strict=True)]
            else:
                found[table, place] = _within(
                    found, lattice, (table, place), [round(each * steps) for each in fits[table, place]]
                )
    return found


def _within(found: Steps, lattice: Lattice, cells: Cells, block: list[int]) -> list[int]:
    """The block, in which the last code of each attribute of the rows has what the others leave of the row's total."""
    table, place = cells
    strides = dict(lattice.strides(table.attributes))
    totals = {
        each: (found[_without(table, each), place], dict(lattice.strides(_without(table, each).attributes)))
        for each in table.rows
    }
    for cell in range(len(block)):
        at = {each: cell // stride % len(lattice.codes[each]) for each, stride in strides.items()}
        last = next((each for each in table.rows if at[each] == len(lattice.codes[each]) - 1), None)
        if last is not None:
            total, total_strides = totals[last]
            whole = total[sum(at[each] * stride for each, stride in total_strides.items())]
            block[cell] = whole - sum(block[cell - back * strides[last]] for back in range(1, len(lattice.codes[last])))
    return block


def _without(table: Table, attribute: Attribute) -> Table:
    rest = tuple(each for each in table.attributes if each is not attribute)
    return table_of(table.figure, table.level, rest)
