"""Groups without anything: every combination of codes that the filter leaves."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from math import prod

from app.domain.code_lists import InstitutionKind
from app.domain.enrolments import LAST_GRADE
from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED
from app.domain.statistics.borders import Stay, places_as_of
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.conditions import CodeValue, Condition, dimensions_of
from app.domain.statistics.definitions import PLACE_AND_TIME, TIME, Coding, Dimension
from app.domain.statistics.holding import Known, holds
from app.domain.statistics.query import Query
from app.domain.statistics.rules import check_groups

_RISKS = frozenset({Dimension.RISK, Dimension.RISK_GROUP})
_PLACE_TIME_AND_GRADE = PLACE_AND_TIME | {Dimension.GRADE}


def combinations(
    query: Query, stays: Sequence[Stay], reference: ReferenceData, today: date
) -> Iterator[tuple[CodeValue | None, ...]]:
    """Keys of the groups that there may be: of institutions where they lay, of semesters since the first programme began and until
    today, and of all codes of a list. Raises Invalid where there are too many.
    """
    factors = [*_factors(query, stays, reference, today)]
    factors = [[each for each in factor if holds(query.where, each) is not False] for factor in factors]
    check_groups(prod(len(factor) for factor in factors))
    for parts in product(*factors):
        known = {dimension: code for part in parts for dimension, code in part.items()}
        if holds(query.where, known) is not False:
            yield tuple(known[each] for each in query.by)


def _factors(query: Query, stays: Sequence[Stay], reference: ReferenceData, today: date) -> Iterator[list[Known]]:
    """Dimensions that depend on each other make one factor: places, times and grades, risks and their groups."""
    asked = frozenset(query.by)
    if asked & _PLACE_TIME_AND_GRADE:
        rows: Iterable[Known] = [{}]
        if asked & PLACE_AND_TIME:
            told = asked | {Dimension.INSTITUTION_KIND} | dimensions_of(query.where)
            rows = _distinct(_places_and_times(query, stays, reference, today), told)
        if Dimension.GRADE in asked:
            rows = _with_grades(each for each in rows if holds(query.where, each) is not False)
        yield _left(rows, query.where, asked)
    if asked & _RISKS:
        risks = reference.code_lists["risks"]
        yield _distinct(({Dimension.RISK: each.code, Dimension.RISK_GROUP: each.group} for each in risks), asked)
    for dimension in query.by:
        if dimension not in _PLACE_TIME_AND_GRADE | _RISKS:
            yield [{dimension: code} for code in _codes(dimension, reference)]


def _with_grades(rows: Iterable[Known]) -> Iterator[Known]:
    """Those of the kind of institution: a vocational one has courses, and fewer of them."""
    for row, kind in product(rows, InstitutionKind):
        if row.get(Dimension.INSTITUTION_KIND, kind) == kind:
            for grade in range(1, LAST_GRADE[kind] + 1):
                yield {**row, Dimension.INSTITUTION_KIND: kind, Dimension.GRADE: grade}


def _distinct(rows: Iterable[Known], asked: frozenset[Dimension]) -> list[Known]:
    return list(
        {tuple(kept.items()): kept for row in rows if (kept := {d: row[d] for d in row if d in asked})}.values()
    )


def _left(rows: Iterable[Known], where: Condition | None, asked: frozenset[Dimension]) -> list[Known]:
    """What the filter leaves, without what is not asked. It stops at the first that is too many: there may be hundreds of thousands."""
    found: dict[tuple[tuple[Dimension, CodeValue | None], ...], Known] = {}
    for row in rows:
        kept = {dimension: code for dimension, code in row.items() if dimension in asked}
        key = tuple(kept.items())
        if key not in found and holds(where, row) is not False:
            found[key] = kept
            check_groups(len(found))
    return list(found.values())


def _codes(dimension: Dimension, reference: ReferenceData) -> Iterable[CodeValue]:
    definition = DIMENSIONS[dimension]
    if definition.coding is Coding.YES_OR_NO:
        return (False, True)
    return (each.code for each in reference.code_lists[definition.code_list or ""])


def _places_and_times(query: Query, stays: Sequence[Stay], reference: ReferenceData, today: date) -> Iterator[Known]:
    first = min(each.period.start for each in reference.programmes.values())
    semesters = [each for each in reference.semesters if each.end >= first and each.start <= today]
    if not frozenset(query.by) & (PLACE_AND_TIME - TIME):
        yield from ({Dimension.SEMESTER: str(each), Dimension.SCHOOL_YEAR: str(each.school_year)} for each in semesters)
        return
    moved = None if query.as_of is None else places_as_of(stays, query.as_of, reference.geography)
    for stay, semester in product(stays, semesters):
        period = stay.location.period
        if period.overlaps(semester.period):
            day = query.as_of or max(semester.start, period.start)
            place = stay.location.municipality if moved is None else moved[stay.institution_id]
            region = None if place is None else reference.geography.region_of(place, query.scheme, day)
            yield {
                Dimension.REGION: UNASSIGNED if region is None else region.code,
                Dimension.MUNICIPALITY: place,
                Dimension.INSTITUTION: stay.institution_id,
                Dimension.INSTITUTION_KIND: stay.kind,
                Dimension.SEMESTER: str(semester),
                Dimension.SCHOOL_YEAR: str(semester.school_year),
            }
