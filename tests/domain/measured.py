"""Measured numbers, and what students would change in them."""

from collections.abc import Mapping
from random import Random

from app.domain.releases.attributes import MEMBERSHIPS
from app.domain.releases.blocks import Block
from app.domain.releases.contributions import Contribution
from app.domain.releases.fit import Cells
from app.domain.releases.tables import TABLES, table_of
from app.domain.releases.tally import Tally
from tests.domain.contributions import TINY

ALL = [(table, place) for table in TABLES for place in TINY.at(table.level)]


def measured(*students: Contribution) -> dict[Cells, list[int]]:
    tally = Tally(TINY)
    for each in sorted(students, key=lambda student: student.student_id):
        tally.add(each)
    return {(table, place): tally.measured(table, place) for table, place in ALL}


def exact(*students: Contribution) -> dict[Cells, list[int]]:
    tally = Tally(TINY)
    for each in sorted(students, key=lambda student: student.student_id):
        tally.add(each)
    return {(table, place): tally.exact(table, place) for table, place in ALL}


def noise_alone(chance: Random) -> dict[Cells, list[int]]:
    return {
        (table, place): [round(chance.gauss(0, table.deviation)) for _ in range(TINY.size(table.attributes))]
        for table, place in ALL
    }


def as_measured(figures: Mapping[Cells, Block]) -> dict[Cells, Block]:
    """Figures of a fit in the terms of what was measured: by a membership those with it less those without."""
    found: dict[Cells, Block] = {}
    for (table, place), block in figures.items():
        found[table, place] = block
        if table.slice in MEMBERSHIPS:
            everybody = figures[table_of(table.figure, table.level, table.rows), place]
            found[table, place] = [2 * each - everybody[cell % len(everybody)] for cell, each in enumerate(block)]
    return found
