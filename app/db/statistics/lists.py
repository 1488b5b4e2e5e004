"""The filter of a question as lists of codes by dimension, which is all that these statements know."""

from collections.abc import Mapping

from app.domain.calendar import SchoolYear
from app.domain.errors import Invalid, violation
from app.domain.reference import ReferenceData
from app.domain.statistics.conditions import All, CodeValue, In
from app.domain.statistics.definitions import Dimension
from app.domain.statistics.query import Query

Lists = Mapping[Dimension, tuple[CodeValue, ...]]


def lists_of(query: Query) -> Lists:
    """Raises Invalid for what is more than one list for each dimension, all of which are to be satisfied."""
    conditions = query.where.conditions if isinstance(query.where, All) else (query.where,) if query.where else ()
    lists = {each.dimension: each.codes for each in conditions if isinstance(each, In)}
    if len(lists) < len(conditions) or query.as_of or query.subtotals or query.comparison or query.with_empty:
        raise Invalid([violation("", "not-answered-yet", "This question is not answered yet.")])
    return lists


def semesters_asked(query: Query, reference: ReferenceData) -> tuple[str, ...] | None:
    """Codes of the semesters that the filters on semesters and school years leave, in order. None: no such filter."""
    lists = lists_of(query)
    by_code, by_year = lists.get(Dimension.SEMESTER), lists.get(Dimension.SCHOOL_YEAR)
    if by_code is None and by_year is None:
        return None
    years = None if by_year is None else {SchoolYear.parse(str(year)) for year in by_year}
    return tuple(
        str(semester)
        for semester in reference.semesters
        if (by_code is None or str(semester) in by_code) and (years is None or semester.school_year in years)
    )


def risks_asked(query: Query, reference: ReferenceData) -> tuple[str, ...] | None:
    """Codes of the risks that the filters on risks and risk groups leave. None: no such filter."""
    lists = lists_of(query)
    by_code, by_group = lists.get(Dimension.RISK), lists.get(Dimension.RISK_GROUP)
    if by_code is None and by_group is None:
        return None
    return tuple(
        risk.code
        for risk in reference.code_lists["risks"]
        if (by_code is None or risk.code in by_code) and (by_group is None or risk.parent in by_group)
    )
