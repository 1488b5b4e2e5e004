"""Whether cells have what a part asks, and how students are counted in them. Decided without the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.db.statistics.figures import FIGURES, CountsPlans, CountsStudents
from app.db.statistics.parts import Part, Rows
from app.domain.reference import ReferenceData
from app.domain.statistics.conditions import leaves
from app.domain.statistics.definitions import PLACE_AND_TIME, TIME, Dimension, Measure
from app.domain.statistics.holding import pinned, semesters_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """Cells by the codes of `dimension`, which are those of a list; None: of whole plans."""

    id: int
    rows: Rows
    dimension: Dimension | None = None
    code_list: str | None = None


_BY: Final[Mapping[frozenset[Dimension], Category]] = {
    frozenset(dimensions): Category(id=number, rows=rows, dimension=dimension, code_list=code_list)
    for number, rows, dimension, code_list, dimensions in (
        (0, Rows.PLAN, None, None, ()),
        (1, Rows.RISK, Dimension.RISK_GROUP, "risk-groups", (Dimension.RISK_GROUP,)),
        (2, Rows.RISK, Dimension.RISK, "risks", (Dimension.RISK,)),
        (2, Rows.RISK, Dimension.RISK, "risks", (Dimension.RISK, Dimension.RISK_GROUP)),
        (3, Rows.DELIVERY, Dimension.SUPPORT_MEASURE, "support-measures", (Dimension.SUPPORT_MEASURE,)),
        (4, Rows.DELIVERY, Dimension.SUBJECT, "subjects", (Dimension.SUBJECT,)),
        (5, Rows.DELIVERY, Dimension.SPECIALIST, "specialists", (Dimension.SPECIALIST,)),
        (6, Rows.DELIVERY, Dimension.DELIVERY_MODE, "delivery-modes", (Dimension.DELIVERY_MODE,)),
    )
}
CELL_COUNTS: Final[Mapping[str | None, str]] = {None: "plans", "continued": "continued"}
"""Columns of cells that count plans, by the flag of those counted."""


class Span(StrEnum):
    """Within which students are counted once."""

    TERM = "TERM"
    YEAR = "YEAR"
    EVER = "EVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Additive:
    """`once`: the column of cells in which most students add up, None for nobody. The others are counted by their pattern."""

    once: str | None
    span: Span


_IN_A_TERM: Final = Additive(once="alone", span=Span.TERM)
_IN_A_YEAR: Final = Additive(once="first_in_year", span=Span.YEAR)
_EVER: Final = Additive(once=None, span=Span.EVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """`additive`: how most students are counted in cells; None: all are counted in facts."""

    category: Category
    additive: Additive | None


def cells_for(part: Part, measures: frozenset[Measure], reference: ReferenceData) -> Cells | None:
    """None: only facts can tell."""
    category = _BY.get(part.dimensions - PLACE_AND_TIME)
    if category is None or category.rows is not part.rows:
        return None
    figures = [FIGURES[each] for each in measures]
    plans = [each for each in figures if isinstance(each, CountsPlans)]
    # Cells of one category overlap: a plan is in the cell of each of its codes. What is added up is not.
    apart = category.dimension is None or category.dimension in {*part.by, *pinned(part.where)}
    if (plans and not apart) or any(each.flag not in CELL_COUNTS for each in plans):
        return None
    students = [each for each in figures if isinstance(each, CountsStudents)]
    flagged = any(each.flag is not None for each in students)
    additive = _additive(part, category, reference) if apart and not flagged else None
    if students and additive is None and len(students) == len(figures):
        return None
    return Cells(category=category, additive=additive)


def _additive(part: Part, category: Category, reference: ReferenceData) -> Additive | None:
    """Within a semester most students have one plan, and within a school year they are at one place: those add up. Over all years they
    are kept by their pattern alone, and not by kinds of codes.
    """
    if category.dimension is None and not part.dimensions & TIME:
        return _EVER
    semesters = semesters_of(part.where, reference)
    if Dimension.SEMESTER in part.by or len(semesters) == 1:
        return _IN_A_TERM
    by_semester = part.shift % 2 or any(each.dimension is Dimension.SEMESTER for each in leaves(part.where))
    years = {each.split("-")[0] for each in semesters}
    if not by_semester and (Dimension.SCHOOL_YEAR in part.by or len(years) == 1):
        return _IN_A_YEAR
    return None
