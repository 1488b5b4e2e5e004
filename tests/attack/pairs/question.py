"""Questions that releases have an answer to, drawn at random; a few that they refuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from random import Random
from typing import Final

from app.domain.calendar import Semester
from app.domain.releases.attributes import Code, Figure, Level
from app.domain.releases.lattice import Lattice
from app.domain.releases.measures import ATTRIBUTES, PARTS
from app.domain.releases.tables import TABLES, Table
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.definitions import Dimension, Measure
from tests.domain.examples import REFERENCE

Codes = frozenset[Code]
Left = Mapping[Dimension, Codes]
DIMENSIONS: Final = {attribute: dimension for dimension, attribute in ATTRIBUTES.items()}
_PLACE: Final = {
    Level.STATE: (),
    Level.REGION: (Dimension.REGION,),
    Level.MUNICIPALITY: (Dimension.MUNICIPALITY,),
}
SOME: Final = 60
_RATES: Final = tuple(
    code
    for code, each in MEASURES.items()
    if each.share and {each.share.numerator, each.share.denominator} <= set(PARTS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    by: Measure | Dimension
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`at_least`: of a measure, in units of it. `after`: of the page before, which was asked for in whatever words."""

    by: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    left: Left
    order: tuple[Order, ...] = ()
    at_least: tuple[Measure, int] | None = None
    first: int | None = None
    after: str | None = None
    totals: bool = False
    subtotal: tuple[Dimension, ...] | None = None

    @property
    def in_any_order(self) -> bool:
        """Whether it is the same question whatever is grouped by first."""
        return not self.order and self.first is None


@dataclass(frozen=True, slots=True)
class Known:
    """What everybody knows of releases: their lattices."""

    lattices: Mapping[Semester, Lattice]

    @classmethod
    def of(cls, semesters: Sequence[Semester]) -> "Known":
        return cls({each: Lattice.of(each, REFERENCE) for each in semesters})

    def codes(self, dimension: Dimension) -> tuple[Code, ...]:
        """All that there are, in their order."""
        if dimension is Dimension.SEMESTER:
            return tuple(map(str, REFERENCE.semesters))
        if dimension is Dimension.SCHOOL_YEAR:
            return tuple(dict.fromkeys(str(each.school_year) for each in REFERENCE.semesters))
        if dimension is Dimension.REGION:
            found: list[tuple[Code, ...]] = [tuple(each.regions) for each in self.lattices.values()]
        elif dimension is Dimension.MUNICIPALITY:
            found = [tuple(each.places) for each in self.lattices.values()]
        else:
            found = [each.codes[ATTRIBUTES[dimension]] for each in self.lattices.values()]
        return tuple(dict.fromkeys(code for codes in found for code in codes))

    def covered(self, left: Left) -> list[Lattice]:
        """Of the semesters that a question is about."""
        return [
            lattice
            for semester, lattice in self.lattices.items()
            if str(semester) in left.get(Dimension.SEMESTER, {str(semester)})
            and str(semester.school_year) in left.get(Dimension.SCHOOL_YEAR, {str(semester.school_year)})
        ]


def a_question(chance: Random, known: Known) -> Question:
    """Mostly with few groups: what is to be seen is many questions, and not long answers."""
    while True:
        drawn = _drawn(chance, known)
        if _groups(drawn, known) <= SOME or chance.random() < 0.01:
            return drawn


def _groups(question: Question, known: Known) -> int:
    """At most."""
    lattices = known.covered(question.left)
    most = {Dimension.SEMESTER: len(lattices), Dimension.SCHOOL_YEAR: 1}
    return prod(most.get(each) or len(question.left.get(each, frozenset(known.codes(each)))) for each in question.by)


def _drawn(chance: Random, known: Known) -> Question:
    """Of one table of the lattice: grouped by some of its attributes, filtered by others."""
    table = _a_table(chance)
    dimensions = [DIMENSIONS[each] for each in table.attributes if each in DIMENSIONS]
    grouped = [each for each in dimensions if chance.random() < 0.6]
    left = {each: _some(chance, known.codes(each), each) for each in dimensions if each not in grouped}
    left |= {each: _some(chance, known.codes(each), each) for each in grouped if chance.random() < 0.4}
    by = [*grouped, *_places(chance, table.level, known, left)]
    by += _times(chance, known, left)
    chance.shuffle(by)
    measures, by = _measures(chance, table.figure), by[:4]
    return Question(
        by=tuple(by),
        measures=measures,
        left=left,
        order=_order(chance, by, measures),
        at_least=(measures[0], chance.randint(10, 500)) if chance.random() < 0.1 else None,
        first=chance.randint(1, 20) if chance.random() < 0.2 else None,
        totals=chance.random() < 0.3 and Dimension.SEMESTER not in by,
        subtotal=tuple(chance.sample(by, 1)) if len(by) > 1 and chance.random() < 0.15 else None,
    )


def _a_table(chance: Random) -> Table:
    level = chance.choice(list(Level))
    return chance.choice([each for each in TABLES if each.level is level])


def _some(chance: Random, codes: Sequence[Code], dimension: Dimension) -> Codes:
    """Of memberships one: students do not add up over several. Of yes and no one: both are no filter."""
    if len(codes) == 2 and True in codes:
        return frozenset({chance.choice(codes)})
    if dimension in {Dimension.RISK, Dimension.RISK_GROUP, Dimension.SUPPORT_MEASURE}:
        number = 1 if chance.random() < 0.8 else 2
    else:
        # To leave all of what some have none of, no filter is said.
        number = chance.randint(1, len(codes) - (None in codes))
    if chance.random() < 0.3 and number > 1:
        start = chance.randrange(len(codes) - number + 1)
        return frozenset(codes[start : start + number])
    return frozenset(chance.sample(codes, number))


def _places(chance: Random, level: Level, known: Known, left: dict[Dimension, Codes]) -> tuple[Dimension, ...]:
    """Grouped by, or some of them."""
    by = _PLACE[level]
    if by and chance.random() < (0.4 if level is Level.REGION else 0.8):
        codes = [each for each in known.codes(by[0]) if each != "UNASSIGNED"]
        left[by[0]] = frozenset(chance.sample(codes, chance.randint(1, min(len(codes), 8))))
        return by if chance.random() < 0.5 else ()
    return by


def _times(chance: Random, known: Known, left: dict[Dimension, Codes]) -> tuple[Dimension, ...]:
    semesters = [str(each) for each in known.lattices]
    if chance.random() < 0.5:
        left[Dimension.SEMESTER] = frozenset([chance.choice(semesters)])
        return (Dimension.SEMESTER,) if chance.random() < 0.3 else ()
    if chance.random() < 0.5:
        left[Dimension.SEMESTER] = frozenset(chance.sample(semesters, chance.randint(1, len(semesters))))
    elif chance.random() < 0.5:
        left[Dimension.SCHOOL_YEAR] = frozenset(
            {str(each.school_year) for each in known.lattices if chance.random() < 0.7} or {"2020/21"}
        )
    return (Dimension.SEMESTER,) if chance.random() < 0.9 else (Dimension.SCHOOL_YEAR,)


def _measures(chance: Random, figure: Figure) -> tuple[Measure, ...]:
    if figure is not Figure.STUDENTS:
        return tuple(each for each, part in PARTS.items() if part.figure is figure)
    usual = [Measure.STUDENTS, Measure.PLANS]
    if chance.random() < 0.6:
        return tuple(chance.sample(usual, chance.randint(1, 2)))
    others = [each for each, part in PARTS.items() if part.figure is figure]
    return tuple(dict.fromkeys([chance.choice(usual), chance.choice([*others, *_RATES])]))


def _order(chance: Random, by: Sequence[Dimension], measures: Sequence[Measure]) -> tuple[Order, ...]:
    if chance.random() < 0.7:
        return ()
    chosen: list[Measure | Dimension] = chance.sample([*by, *measures], 1)
    return tuple(Order(by=each, descending=chance.random() < 0.5) for each in chosen)
