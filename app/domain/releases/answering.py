"""Answers a question to the statistics from the releases that stand: over all semesters released, every value with its error.

In two steps: what the figures are made of follows from the question and the lattices alone; then come the cells.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from math import prod

from app.domain.calendar import Semester
from app.domain.errors import Invalid, check, violation
from app.domain.reference import ReferenceData
from app.domain.releases.attributes import Code, Figure
from app.domain.releases.choices import Choices, Known, chosen
from app.domain.releases.cuts import Cut, Key, Term
from app.domain.releases.definitions import tables_of
from app.domain.releases.display import shown, standard_error
from app.domain.releases.lattice import Lattice, Place
from app.domain.releases.least_words import in_least_words
from app.domain.releases.margins import Margins
from app.domain.releases.measures import ATTRIBUTES, PARTS
from app.domain.releases.refusals import refusals
from app.domain.releases.release import Release
from app.domain.releases.tables import Table, table_of
from app.domain.statistics.answer import Answer, Group, Value
from app.domain.statistics.catalogue import MEASURES, counted
from app.domain.statistics.cursors import position_after
from app.domain.statistics.definitions import TIME, Dimension, Measure, MeasureUnit
from app.domain.statistics.estimates import Estimate, share
from app.domain.statistics.ordering import Ordering
from app.domain.statistics.pages import page_of
from app.domain.statistics.query import Query
from app.domain.statistics.rules import check_groups, check_query

Block = Mapping[tuple[Place, tuple[Code, ...]], Decimal]
"""The cells of one table of a release, by place and codes in the order of its attributes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Released:
    """A release that stands, with the lattice that it was made on."""

    release: Release
    lattice: Lattice
    margins: Margins

    @classmethod
    def of(cls, release: Release, lattice: Lattice) -> "Released":
        return cls(release=release, lattice=lattice, margins=Margins(lattice, tables_of(release.definition)))


Needed = tuple[Released, Table]
Blocks = Callable[[Released, Table], Block]


@dataclass(slots=True)
class _Sum:
    """What is added up for one value: `students` are those that it is a sum over."""

    value: Decimal = Decimal(0)
    students: Decimal = Decimal(0)
    variance: float = 0.0


Terms = Mapping[tuple[Key, Measure], list[tuple[Released, Term]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A question, with the terms of each of its parts: of the groups, the totals and every subtotal."""

    query: Query
    used: tuple[Released, ...]
    terms: Mapping[tuple[Dimension, ...], Terms] = field(repr=False)

    @property
    def needed(self) -> list[Needed]:
        """The tables that are to be read."""
        found = {
            (released, table): None
            for terms in self.terms.values()
            for each in terms.values()
            for released, term in each
            for table in (term.table, _of_students(term.table))
        }
        return list(found)


def prepared(query: Query, standing: Sequence[Released], reference: ReferenceData) -> Prepared:
    """Raises Invalid where the question has no answer, or releases do not have it."""
    check_query(query, reference)
    check(refusals(query))
    known = _known(standing, reference)
    choices = chosen(query.where, known)
    asked = [each for each in reference.semesters if _is_chosen(each, choices)]
    used = tuple(each for each in standing if each.release.semester in asked)
    if not used:
        raise Invalid([violation("/where", "not-released", _released(standing))])
    # So that a cursor is good for the same question in other words.
    query = replace(
        query, where=in_least_words(choices, [each.lattice for each in used], asked, _known(used, reference))
    )
    position_after(query)
    parts: dict[tuple[Dimension, ...], frozenset[Measure]] = {}
    if query.with_groups:
        parts[query.by] = query.of_groups
    if query.totals:
        parts[()] = parts.get((), frozenset()) | query.totals
    for by, measures in query.subtotals.items():
        parts[by] = parts.get(by, frozenset()) | measures
    terms = {by: _terms(by, measures, choices, used, asked) for by, measures in parts.items()}
    _check_whole(parts, choices, used, asked)
    return Prepared(
        query=query,
        used=used,
        terms=terms,
    )


def _known(standing: Sequence[Released], reference: ReferenceData) -> Known:
    lattices = [each.lattice for each in standing]

    def united(codes: Iterable[Iterable[Code]]) -> tuple[Code, ...]:
        return tuple(dict.fromkeys(code for each in codes for code in each))

    return {
        **{each: united(lattice.codes[attribute] for lattice in lattices) for each, attribute in ATTRIBUTES.items()},
        Dimension.REGION: united(lattice.regions for lattice in lattices),
        Dimension.MUNICIPALITY: united(lattice.places for lattice in lattices),
        Dimension.SEMESTER: tuple(map(str, reference.semesters)),
        Dimension.SCHOOL_YEAR: united([str(each.school_year)] for each in reference.semesters),
    }


def _is_chosen(semester: Semester, choices: Choices) -> bool:
    names = {Dimension.SEMESTER: str(semester), Dimension.SCHOOL_YEAR: str(semester.school_year)}
    return all(each not in choices or name in choices[each] for each, name in names.items())


def _released(standing: Sequence[Released]) -> str:
    semesters = ", ".join(str(each.release.semester) for each in standing) or "none yet"
    return f"No semester that is asked for has been released. Released are: {semesters}."


def _check_whole(
    parts: Iterable[tuple[Dimension, ...]], choices: Choices, used: Sequence[Released], asked: Sequence[Semester]
) -> None:
    """No part of a year is told as the year, nor a part of the times that were asked for as all of them. By the semester each is seen."""
    there = {each.release.semester for each in used}
    years = {each.school_year for each in there}
    for by in parts:
        if Dimension.SEMESTER in by or not (choices.keys() & TIME or Dimension.SCHOOL_YEAR in by):
            continue
        missing = [each for each in asked if each not in there and (choices.keys() & TIME or each.school_year in years)]
        if missing:
            message = (
                f"Not released of what would be told as a whole: {', '.join(map(str, missing))}."
                f" Released are: {', '.join(map(str, sorted(there)))}. Ask for those alone, or group by SEMESTER."
            )
            at = "/by" if Dimension.SCHOOL_YEAR in by else "/where"
            raise Invalid([violation(at, "not-released", message)])


def _terms(
    by: tuple[Dimension, ...],
    measures: frozenset[Measure],
    choices: Choices,
    used: Sequence[Released],
    asked: Sequence[Semester],
) -> Terms:
    found: defaultdict[tuple[Key, Measure], list[tuple[Released, Term]]] = defaultdict(list)
    for measure in sorted(counted(measures)):
        if MEASURES[measure].unit is MeasureUnit.STUDENT:
            _check_one_semester(measure, by, asked)
        for released in used:
            cut = Cut(lattice=released.lattice, measure=measure, part=PARTS[measure], by=by, choices=choices)
            for key, terms in cut.groups():
                found[key, measure] += [(released, term) for term in terms]
    check_groups(len({key for key, _ in found}))
    return found


def _check_one_semester(measure: Measure, by: tuple[Dimension, ...], asked: Sequence[Semester]) -> None:
    years = [each.school_year for each in asked]
    alone = len(set(years)) == len(years) if Dimension.SCHOOL_YEAR in by else len(years) == 1
    if Dimension.SEMESTER not in by and not alone:
        message = f"{measure} cannot be told over several semesters: group by SEMESTER, or ask for one. PLANS add up."
        raise Invalid([violation("/by", "students-over-semesters", message)])


def answer(question: Prepared, blocks: Blocks, reference: ReferenceData) -> Answer:
    """`blocks` has the cells of every table that is needed."""
    query = question.query
    values = {by: _values(terms, blocks) for by, terms in question.terms.items()}
    groups = _groups(values[query.by], query.of_groups) if query.with_groups else []
    page = page_of(query, groups, reference)
    return Answer(
        by=query.by,
        groups=page.groups,
        totals=_complete(query.totals, values[()].get((), {})) if query.totals else {},
        subtotals={
            by: tuple(Ordering(by, (), reference).in_order(_groups(values[by], measures)))
            for by, measures in query.subtotals.items()
        },
        end_cursor=page.end_cursor,
        has_next=page.has_next,
        group_count=page.count,
        releases=tuple(each.release for each in question.used),
    )


_Estimates = dict[Key, dict[Measure, Estimate]]
_NONE = Estimate(value=None, standard_error=standard_error(0), small=True)
"""Where there is no cell, as everybody knows: of a municipality that there was not, of students promoted among those who left."""


def _values(terms: Terms, blocks: Blocks) -> _Estimates:
    found: defaultdict[Key, dict[Measure, Estimate]] = defaultdict(dict)
    for (key, measure), each in terms.items():
        total = _added_up(each, blocks)
        figure = PARTS[measure].figure
        seen = shown(figure, total.value, total.students, total.variance)
        found[key][measure] = Estimate(value=seen.value, standard_error=seen.standard_error, small=seen.small)
    return found


def _added_up(terms: Iterable[tuple[Released, Term]], blocks: Blocks) -> _Sum:
    total = _Sum()
    for released, term in terms:
        block, students = (blocks(released, each) for each in (term.table, _of_students(term.table)))
        for codes in product(*(term.taken[each] for each in term.table.attributes)):
            total.value += block[term.place, codes]
            total.students += students[term.place, codes]
        total.variance += _variance(released, term)
    return total


def _variance(released: Released, term: Term) -> float:
    """Over the codes of an attribute that a table has a table of its own for each of, variances are added."""
    rows = {each: len(term.taken[each]) for each in term.table.rows}
    slices = prod(len(codes) for each, codes in term.taken.items() if each not in rows)
    return slices * released.margins.variance(term.table, term.place, rows)


def _of_students(table: Table) -> Table:
    """How many students its cells are sums over."""
    return table_of(Figure.STUDENTS, table.level, table.attributes)


def _groups(values: _Estimates, measures: frozenset[Measure]) -> list[Group]:
    return [Group(key=key, values=_complete(measures, each)) for key, each in values.items()]


def _complete(measures: Iterable[Measure], values: Mapping[Measure, Estimate]) -> dict[Measure, Value]:
    found: dict[Measure, Value] = {}
    for each in measures:
        of = MEASURES[each].share
        if of is None:
            found[each] = values.get(each, _NONE)
        else:
            found[each] = share(values.get(of.numerator, _NONE), values.get(of.denominator, _NONE))
    return found
