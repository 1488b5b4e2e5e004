"""Which tables a release has, and how much noise each: fixed here, whatever the register holds.

A table is a figure at a level, broken down by attributes: of the state by three at most, of a region by two, of a municipality by one. It is
measured once, each of its cells with noise of its own. With every table there are those that its rows add up to, and those above.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.releases.attributes import MEMBERSHIPS, Attribute, Figure, Level
from app.domain.releases.breakdowns import OF_MEMBERSHIPS, OF_RISKS, OF_STUDENTS, OF_SUMS

MAX_RISKS = 3
"""Of one student, in tables by risk."""
BOUNDS: dict[Figure, int] = {Figure.HOURS: 3_000, Figure.CONSULTATIONS: 45, Figure.EUR: 60_000}
"""Of one student in all, in hundredths of a teaching hour, consultations, and cents. What is above is cut off."""
UNITS: dict[Figure, int] = {Figure.STUDENTS: 1, Figure.HOURS: 100, Figure.CONSULTATIONS: 1, Figure.EUR: 100}
"""How many of what is measured make one of the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`attributes` in the order of Attribute. `deviation` is the standard deviation of the noise in each measured number: of students by
    a membership the number with less the number without, of sums the unit of BOUNDS.
    """

    figure: Figure
    level: Level
    attributes: tuple[Attribute, ...]
    deviation: int

    @property
    def slice(self) -> Attribute | None:
        """The attribute that numbers of students do not add up over; each of its codes is a table of its own."""
        if self.figure is not Figure.STUDENTS:
            return None
        return next((each for each in self.attributes if each in MEMBERSHIPS or each is Attribute.RISK), None)

    @property
    def rows(self) -> tuple[Attribute, ...]:
        """The attributes over which it adds up."""
        return tuple(each for each in self.attributes if each is not self.slice)


# Standard deviations of the noise, by level. They are chosen for numbers of students by municipality and risk group, and for the totals of
# regions; together they cost less than a release may (accounting.RELEASE_RHO).
_TOTALS = {Level.STATE: 24, Level.REGION: 11, Level.MUNICIPALITY: 5}
_STUDENTS = {Level.STATE: 36, Level.REGION: 22, Level.MUNICIPALITY: 15}
_RISKS = {Level.STATE: 44, Level.REGION: 22}
# Half of it reaches the number of students: see `Table`.
_MEMBERSHIPS = {Level.STATE: 72, Level.REGION: 40, Level.MUNICIPALITY: 5}
# In bounds of one student.
_SUMS = {Level.STATE: 28, Level.REGION: 24}
_WHOLE_SUMS = {Level.STATE: 28, Level.REGION: 15, Level.MUNICIPALITY: 18}


def _tables() -> Iterator[Table]:
    for level in Level:
        for attributes in OF_STUDENTS[level]:
            deviation = (_STUDENTS if attributes else _TOTALS)[level]
            yield Table(figure=Figure.STUDENTS, level=level, attributes=attributes, deviation=deviation)
        for attributes in OF_MEMBERSHIPS[level]:
            yield Table(figure=Figure.STUDENTS, level=level, attributes=attributes, deviation=_MEMBERSHIPS[level])
        for attributes in OF_RISKS.get(level, ()):
            yield Table(figure=Figure.STUDENTS, level=level, attributes=attributes, deviation=_RISKS[level])
        for figure, attributes in OF_SUMS[level]:
            deviation = (_SUMS if attributes else _WHOLE_SUMS)[level] * BOUNDS[figure]
            yield Table(figure=figure, level=level, attributes=attributes, deviation=deviation)


TABLES: tuple[Table, ...] = tuple(_tables())
_INDEX = {(each.figure, each.level, each.attributes): each for each in TABLES}


def find_table(figure: Figure, level: Level, attributes: Iterable[Attribute]) -> Table | None:
    """By attributes in any order. None: no release has it."""
    order = list(Attribute)
    return _INDEX.get((figure, level, tuple(sorted(attributes, key=order.index))))


def table_of(figure: Figure, level: Level, attributes: tuple[Attribute, ...]) -> Table:
    """Raises KeyError: whoever writes attributes in code means a table that exists. From outside: `find_table`."""
    return _INDEX[figure, level, attributes]


def students_of(table: Table) -> Table:
    """How many students its cells are sums over."""
    return table_of(Figure.STUDENTS, table.level, table.attributes)


def students_at_risk(table: Table) -> Table:
    """Of a table by risk: the students whose risks it counts, each of them once."""
    attributes = (each for each in table.attributes if each not in {Attribute.RISK, Attribute.RISK_RESULT})
    return table_of(Figure.STUDENTS, table.level, tuple(attributes))
