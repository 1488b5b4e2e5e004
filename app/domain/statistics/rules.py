"""Whether a question has an answer: dimensions, codes and combinations. Every fault in one Invalid, with its place in the question."""

from collections.abc import Callable, Iterator

from app.domain.calendar import SchoolYear
from app.domain.errors import Invalid, Violation, check, violation
from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Dimension
from app.domain.statistics.query import CodeValue, Query

MAX_DIMENSIONS = 4
MAX_CODES = 1_000
MAX_GROUPS = 10_000
GRADES = range(1, 13)


def check_query(query: Query, reference: ReferenceData) -> Query:
    """Raise Invalid unless every dimension, code and combination makes sense."""
    check(_violations(query, reference))
    return query


def check_groups(count: int) -> None:
    """Raise Invalid where the question has more groups than one answer holds."""
    if count > MAX_GROUPS:
        message = f"This makes more than {MAX_GROUPS} groups: group by fewer dimensions, or filter."
        raise Invalid([violation("/by", "too-many-groups", message)])


def _violations(query: Query, reference: ReferenceData) -> Iterator[Violation]:
    if len(query.by) > MAX_DIMENSIONS:
        yield violation("/by", "too-many-dimensions", f"At most {MAX_DIMENSIONS} dimensions at a time.")
    for index, dimension in enumerate(query.by):
        if dimension in query.by[:index]:
            yield violation(f"/by/{index}", "duplicate", f"{dimension} is named twice.")
    for dimension, codes in query.where.items():
        yield from _codes(dimension, codes, query, reference)
    yield from _combinations(query)
    day = query.participating_on
    if day is not None and not any(day in semester.period for semester in reference.semesters):
        first, last = reference.semesters[0].start, reference.semesters[-1].end
        yield violation("/where/participatingOn", "outside-calendar", f"Days from {first} to {last} can be asked.")


def _codes(
    dimension: Dimension, codes: tuple[CodeValue, ...], query: Query, reference: ReferenceData
) -> Iterator[Violation]:
    pointer = f"/where/{DIMENSIONS[dimension].filter_name}"
    if not codes:
        yield violation(pointer, "empty", "An empty list would match nothing: leave it out to filter nothing.")
    if len(codes) > MAX_CODES:
        yield violation(pointer, "too-many", f"At most {MAX_CODES} codes in a filter.")
        return
    for index, code in enumerate(codes):
        if not _exists(dimension, code, query, reference):
            yield violation(
                f"{pointer}/{index}", "unknown-code", f"There is no {DIMENSIONS[dimension].name_en} {code}."
            )


def _exists(dimension: Dimension, code: CodeValue, query: Query, reference: ReferenceData) -> bool:
    geography = reference.geography
    known: dict[Dimension, Callable[[], bool]] = {
        Dimension.REGION: lambda: code == UNASSIGNED or geography.region(query.scheme, str(code)) is not None,
        Dimension.MUNICIPALITY: lambda: geography.municipality(str(code)) is not None,
        # Which institutions there are is the database's to say: an unknown one has no figures.
        Dimension.INSTITUTION: lambda: isinstance(code, int) and code > 0,
        Dimension.SEMESTER: lambda: any(str(each) == code for each in reference.semesters),
        Dimension.SCHOOL_YEAR: lambda: any(str(each.school_year) == code for each in reference.semesters),
        Dimension.GRADE: lambda: code in GRADES,
    }
    if dimension in known:
        return known[dimension]()
    code_list = DIMENSIONS[dimension].code_list
    return code_list is not None and str(code) in reference.code_lists[code_list]


def _combinations(query: Query) -> Iterator[Violation]:
    for measure in sorted(query.asked):
        definition = MEASURES[measure]
        for index, dimension in enumerate(query.by):
            if dimension not in definition.dimensions:
                yield violation(f"/by/{index}", "not-for-measure", f"{measure} cannot be grouped by {dimension}.")
        for dimension in sorted(set(query.where) - definition.dimensions):
            pointer = f"/where/{DIMENSIONS[dimension].filter_name}"
            yield violation(pointer, "not-for-measure", f"{measure} cannot be filtered by {dimension}.")


def semesters_asked(query: Query, reference: ReferenceData) -> tuple[str, ...] | None:
    """Codes of the semesters that the filters on semesters and school years leave, in order. None: no such filter."""
    by_code, by_year = query.where.get(Dimension.SEMESTER), query.where.get(Dimension.SCHOOL_YEAR)
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
    by_code, by_group = query.where.get(Dimension.RISK), query.where.get(Dimension.RISK_GROUP)
    if by_code is None and by_group is None:
        return None
    return tuple(
        risk.code
        for risk in reference.code_lists["risks"]
        if (by_code is None or risk.code in by_code) and (by_group is None or risk.parent in by_group)
    )
