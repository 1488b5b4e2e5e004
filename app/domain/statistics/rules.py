"""Whether a question has an answer: dimensions, codes and combinations. Every fault in one Invalid, with its place in the question."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from app.domain.errors import Invalid, Violation, check, violation
from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.conditions import Between, CodeValue, In, Leaf, leaves
from app.domain.statistics.definitions import Coding, Dimension
from app.domain.statistics.group_rules import MAX_GROUPS, comparison_violations, group_violations
from app.domain.statistics.query import Query

MAX_CODES = 1_000
GRADES = range(1, 13)
LARGEST_ID = 2**31 - 1
"""Of an institution, as the register numbers them."""
MAX_DIMENSIONS = 4
_PERHAPS = frozenset({"not-grouped-by", "no-time", "not-comparable"})
"""Codes of what may be right as soon as the rest of the question can be read."""


def check_query(query: Query, reference: ReferenceData, unread: Sequence[Violation] = ()) -> Query:
    """Raise Invalid unless every dimension, code and combination makes sense. Of which question its cursor is, whoever answers it says.

    `unread`: what is wrong with parts that could not be read, of which `query` has the others. All of it is told together.
    """
    told: dict[str, Violation] = {}
    for each in unread:
        told.setdefault(each.pointer, each)
    passed_over = _PERHAPS if unread else frozenset()
    found = [
        each for each in _violations(query, reference) if each.pointer not in told and each.code not in passed_over
    ]
    check([*told.values(), *found])
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
    for leaf in leaves(query.where):
        yield from _leaf(leaf, query, reference)
    yield from _combinations(query)
    yield from group_violations(query)
    yield from comparison_violations(query)
    if query.as_of is not None and not reference.geography.valid_on(query.as_of):
        yield violation("/asOf", "outside-borders", "The register knows no borders of that day.")
    day = query.participating_on
    if day is not None and not any(day in semester.period for semester in reference.semesters):
        first, last = reference.semesters[0].start, reference.semesters[-1].end
        yield violation("/where/participatingOn", "outside-calendar", f"Days from {first} to {last} can be asked.")


def _leaf(leaf: Leaf, query: Query, reference: ReferenceData) -> Iterator[Violation]:
    match leaf:
        case In(codes=()):
            yield violation(leaf.at, "empty", "An empty list would match nothing: leave it out to filter nothing.")
        case In() if len(leaf.codes) > MAX_CODES:
            yield violation(leaf.at, "too-many", f"At most {MAX_CODES} codes in a filter.")
        case In():
            for index, code in enumerate(leaf.codes):
                yield from _code(leaf.dimension, code, f"{leaf.at}/{index}", query, reference)
        case Between(low=None, high=None):
            yield violation(leaf.at, "empty", "A range has an end at least on one side.")
        case Between():
            if leaf.low is not None and leaf.high is not None and _rank(leaf.low) > _rank(leaf.high):
                yield violation(leaf.at, "wrong-way-round", "A range goes from the lower to the higher.")
            for bound, end in ((leaf.low, "from"), (leaf.high, "to")):
                if bound is not None:
                    yield from _code(leaf.dimension, bound, f"{leaf.at}/{end}", query, reference)


def _code(
    dimension: Dimension, code: CodeValue, pointer: str, query: Query, reference: ReferenceData
) -> Iterator[Violation]:
    if not _exists(dimension, code, query, reference):
        yield violation(pointer, "unknown-code", f"There is no {DIMENSIONS[dimension].name_en} {code}.")
    elif query.as_of is not None and reference.geography.valid_on(query.as_of):
        yield from _outside_its_days(dimension, str(code), pointer, query, query.as_of, reference)


def _outside_its_days(
    dimension: Dimension, code: str, pointer: str, query: Query, day: date, reference: ReferenceData
) -> Iterator[Violation]:
    """In the borders of a day nothing can lie in a place that was not there on it: none is a wrong code, and not a figure of zero."""
    geography = reference.geography
    match DIMENSIONS[dimension].coding:
        case Coding.MUNICIPALITY:
            there = geography.counterparts_on(code, day)
            if code not in {each.code for each in there}:
                instead = ", ".join(f"{each.code} ({each.name_lv})" for each in there)
                hint = f" In its place is {instead}." if instead else ""
                yield violation(pointer, "not-on-that-day", f"There is no municipality {code} on {day}.{hint}")
        case Coding.REGION:
            region = geography.region(query.scheme, code)
            if region is not None and day not in region.period:
                yield violation(pointer, "not-on-that-day", f"There is no region {code} on {day}.")
        case _:
            pass


def _exists(dimension: Dimension, code: CodeValue, query: Query, reference: ReferenceData) -> bool:
    geography, definition = reference.geography, DIMENSIONS[dimension]
    known: dict[Coding, Callable[[], bool]] = {
        Coding.REGION: lambda: code == UNASSIGNED or geography.region(query.scheme, str(code)) is not None,
        Coding.MUNICIPALITY: lambda: geography.municipality(str(code)) is not None,
        # Which institutions there are is the database's to say: an unknown one has no figures.
        Coding.INSTITUTION: lambda: isinstance(code, int) and 0 < code <= LARGEST_ID,
        Coding.SEMESTER: lambda: any(str(each) == code for each in reference.semesters),
        Coding.SCHOOL_YEAR: lambda: any(str(each.school_year) == code for each in reference.semesters),
        Coding.NUMBER: lambda: code in GRADES,
        Coding.YES_OR_NO: lambda: isinstance(code, bool),
        Coding.CODE_LIST: lambda: str(code) in reference.code_lists[definition.code_list or ""],
    }
    return known[definition.coding]()


def _rank(code: CodeValue) -> tuple[bool, int, str]:
    """Numbers by their size; semesters and school years, which are written alike, by their letters."""
    return (False, code, "") if isinstance(code, int) else (True, 0, code)


def _combinations(query: Query) -> Iterator[Violation]:
    """Of groups what they are by must be valid, of all that is asked what it is filtered by."""
    for measure in sorted(query.asked):
        valid = MEASURES[measure].dimensions
        for index, dimension in enumerate(query.by):
            if measure in query.measures | query.previous and dimension not in valid:
                yield violation(f"/by/{index}", "not-for-measure", f"{measure} cannot be grouped by {dimension}.")
        for leaf in leaves(query.where):
            if leaf.dimension not in valid:
                yield violation(leaf.at, "not-for-measure", f"{measure} cannot be filtered by {leaf.dimension}.")
