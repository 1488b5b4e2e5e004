"""Answers a question to the statistics from the releases that stand: over all semesters released, every value with its error."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod

from app.domain.reference import ReferenceData
from app.domain.releases.attributes import Code
from app.domain.releases.cuts import Key, Term
from app.domain.releases.display import shown, standard_error
from app.domain.releases.lattice import Place
from app.domain.releases.measures import PARTS, Part
from app.domain.releases.preparing import Prepared, Released, Terms
from app.domain.releases.tables import Table
from app.domain.statistics.answer import Answer, Group, Value
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.definitions import Measure
from app.domain.statistics.estimates import Estimate, share
from app.domain.statistics.ordering import Ordering
from app.domain.statistics.pages import page_of

Block = Mapping[tuple[Place, tuple[Code, ...]], Decimal]
"""The cells of one table of a release, by place and codes in the order of its attributes."""
Blocks = Callable[[Released, Table], Block]


@dataclass(slots=True)
class _Sum:
    """What is added up for one value: `students` are those that it is a sum over."""

    value: Decimal = Decimal(0)
    students: Decimal = Decimal(0)
    variance: float = 0.0


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
        part = PARTS[measure]
        total = _added_up(part, each, blocks)
        seen = shown(part.figure, total.value, total.students, total.variance)
        found[key][measure] = Estimate(value=seen.value, standard_error=seen.standard_error, small=seen.small)
    return found


def _added_up(part: Part, terms: Iterable[tuple[Released, Term]], blocks: Blocks) -> _Sum:
    total = _Sum()
    for released, term in terms:
        students = part.students(term.table)
        total.value += _of_cells(blocks(released, term.table), term, term.table)
        total.students += _of_cells(blocks(released, students), term, students)
        total.variance += _variance(released, term)
    return total


def _of_cells(block: Block, term: Term, table: Table) -> Decimal:
    codes = product(*(term.taken[each] for each in table.attributes))
    return sum((block[term.place, each] for each in codes), Decimal(0))


def _variance(released: Released, term: Term) -> float:
    """Over the codes of an attribute that a table has a table of its own for each of, variances are added."""
    rows = {each: len(term.taken[each]) for each in term.table.rows}
    slices = prod(len(codes) for each, codes in term.taken.items() if each not in rows)
    return slices * released.margins.variance(term.table, term.place, rows)


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
