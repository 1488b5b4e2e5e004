"""Figures from cells: plans and what was delivered added up by institution, place and term, as a whole or by one kind of code."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, func, literal, or_, select, union_all

from app.db.statistics.borders import Borders
from app.db.statistics.cell_choice import CELL_COUNTS, Cells
from app.db.statistics.conditions import within
from app.db.statistics.facts import fact_figures
from app.db.statistics.figures import FIGURES, Adds, CountsStudents, added_columns
from app.db.statistics.parts import Part, Rows
from app.db.statistics.several import cell_columns, several_figures
from app.db.statistics.sources import with_places
from app.db.tables import statistics_cell
from app.domain.statistics.definitions import Dimension, Measure

_CELL: Final = statistics_cell.c


def cell_figures(
    part: Part,
    borders: Borders,
    measures: Collection[Measure],
    cells: Cells,
    *,
    institution_ids: Collection[int] | None,
) -> Select[*tuple[Any, ...]]:
    """In one statement with the students that cells cannot count."""
    students = frozenset(each for each in measures if isinstance(FIGURES[each], CountsStudents))
    here = frozenset(measures) if cells.additive else frozenset(measures) - students
    added = _added(part, borders, here, cells, institution_ids)
    if not students:
        return added
    if cells.additive is None:
        others = fact_figures(part, borders, students, institution_ids=institution_ids)
    else:
        others = several_figures(part, borders, students, cells, institution_ids=institution_ids)
    return _together(part.by, measures, (added, others))


def _added(
    part: Part,
    borders: Borders,
    measures: Collection[Measure],
    cells: Cells,
    institution_ids: Collection[int] | None,
) -> Select[*tuple[Any, ...]]:
    columns = cell_columns(statistics_cell, part, cells.category, borders)
    keys = [columns[each].label(each) for each in part.by]
    figures = [func.sum(_value(each, cells)).label(each) for each in sorted(measures)]
    added = select(*keys, *figures).select_from(with_places(statistics_cell, statistics_cell, part, borders))
    added = added.where(_CELL.category == cells.category.id, _there(part, measures))
    added = within(added, part.where, columns, _CELL.institution_id, institution_ids)
    return added.group_by(*(columns[each] for each in part.by))


def _together(
    by: Sequence[Dimension], measures: Collection[Measure], halves: Iterable[Select[*tuple[Any, ...]]]
) -> Select[*tuple[Any, ...]]:
    """Each has some of the measures, and is nothing of the others."""
    tables = [each.subquery() for each in halves]
    named = sorted(measures)
    rows = [
        select(
            *(table.c[each].label(each) for each in by),
            *((table.c[each] if each in table.c else literal(0, Integer)).label(each) for each in named),
        )
        for table in tables
    ]
    both = union_all(*rows).subquery("both")
    keys = [both.c[each] for each in by]
    return select(*keys, *(func.sum(both.c[each]).label(each) for each in named)).group_by(*keys)


def _there(part: Part, measures: Collection[Measure]) -> ColumnElement[bool]:
    """As facts say which rows make a group."""
    if part.rows is not Rows.DELIVERY:
        return _CELL.plans > 0
    return or_(_CELL.plans > 0, *(_CELL[name] != 0 for name in added_columns(measures)))


def _value(measure: Measure, cells: Cells) -> ColumnElement[Any]:
    figure = FIGURES[measure]
    match figure:
        case Adds():
            first, *others = (_CELL[name] for name in figure.columns)
            return sum(others, start=first)
        case CountsStudents() if cells.additive is not None:
            return literal(0, Integer) if cells.additive.once is None else _CELL[cells.additive.once]
        case _:
            return _CELL[CELL_COUNTS[figure.flag]]
