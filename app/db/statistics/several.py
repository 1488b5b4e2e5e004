"""Students whom cells cannot add up: with several plans in a term, at several places in a school year, and all of them over all years.

They are kept by their pattern, the institutions and places where they count: those of one pattern are in the same groups, whatever is
asked, and are counted together.
"""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, func, not_, select, type_coerce

from app.db.statistics.borders import Borders
from app.db.statistics.cell_choice import Category, Cells, Span
from app.db.statistics.conditions import within
from app.db.statistics.parts import Part
from app.db.statistics.sources import listed, place_and_time_columns, risks, with_places
from app.db.statistics.times import SchoolYearCode
from app.db.tables import statistics_several
from app.domain.statistics.definitions import Dimension, Measure

_SEVERAL: Final = statistics_several.c
_WITHIN: Final = {
    Span.TERM: not_(_SEVERAL.yearly),
    Span.YEAR: and_(_SEVERAL.yearly, _SEVERAL.term > 0),
    Span.EVER: and_(_SEVERAL.yearly, _SEVERAL.term == 0),
}


def several_figures(
    part: Part,
    borders: Borders,
    measures: Collection[Measure],
    cells: Cells,
    *,
    institution_ids: Collection[int] | None,
) -> Select[*tuple[Any, ...]]:
    """Each pattern is in a group once, with all its students, wherever in the group it has a place."""
    span = Span.EVER if cells.additive is None else cells.additive.span
    columns = cell_columns(statistics_several, part, cells.category, borders)
    if span is Span.YEAR:
        columns |= {Dimension.SCHOOL_YEAR: type_coerce(_SEVERAL.term + part.shift // 2, SchoolYearCode())}
    keys = [columns[each].label(each) for each in part.by]
    rows = select(*keys, _SEVERAL.pattern, func.max(_SEVERAL.students).label("students"))
    rows = rows.select_from(with_places(statistics_several, statistics_several, part, borders))
    rows = rows.where(_SEVERAL.category == cells.category.id, _WITHIN[span])
    rows = within(rows, part.where, columns, _SEVERAL.institution_id, institution_ids)
    patterns = rows.group_by(*(columns[each] for each in part.by), _SEVERAL.pattern).subquery("patterns")
    kept = [patterns.c[each] for each in part.by]
    figures = [func.sum(patterns.c.students).label(each) for each in sorted(measures)]
    return select(*kept, *figures).group_by(*kept)


def cell_columns(table: Table, part: Part, category: Category, borders: Borders) -> dict[Dimension, ColumnElement[Any]]:
    """What a table that is kept by category can be asked by."""
    columns = place_and_time_columns(table, part, borders)
    if category.dimension is Dimension.RISK:
        return columns | risks(table.c.code)
    if category.dimension is not None and category.code_list is not None:
        return columns | {category.dimension: listed(table.c.code, category.code_list)}
    return columns
