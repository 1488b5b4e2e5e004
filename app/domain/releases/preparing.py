"""What the figures of a question to releases are made of: it follows from the question and the lattices alone, before any cell is read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.calendar import Semester
from app.domain.errors import Invalid, check, violation
from app.domain.reference import ReferenceData
from app.domain.releases.attributes import Code
from app.domain.releases.choices import Choices, Known, chosen
from app.domain.releases.cuts import Cut, Key, Term
from app.domain.releases.definitions import tables_of
from app.domain.releases.lattice import Lattice
from app.domain.releases.least_words import in_least_words
from app.domain.releases.margins import Margins
from app.domain.releases.measures import ATTRIBUTES, PARTS
from app.domain.releases.refusals import refusals
from app.domain.releases.release import Release
from app.domain.releases.tables import Table
from app.domain.statistics.catalogue import MEASURES, counted
from app.domain.statistics.cursors import position_after
from app.domain.statistics.definitions import TIME, Dimension, Measure, MeasureUnit
from app.domain.statistics.query import Query
from app.domain.statistics.rules import check_groups, check_query


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
            for (_, measure), each in terms.items()
            for released, term in each
            for table in (term.table, PARTS[measure].students(term.table))
        }
        return list(found)


def prepared(query: Query, standing: Sequence[Released], reference: ReferenceData, today: date) -> Prepared:
    """Raises Invalid where the question has no answer, or releases do not have it. Semesters after `today`'s are none that could be."""
    check_query(query, reference)
    check(refusals(query))
    known = _known(standing, reference)
    choices = chosen(query.where, known)
    asked = [each for each in reference.semesters if each.start <= today and _is_chosen(each, choices)]
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
