"""The exact numbers of a release before any noise. They live only in the process that builds it, and are never stored."""

from collections import Counter
from uuid import UUID

from app.domain.errors import Refused
from app.domain.regions import UNASSIGNED
from app.domain.releases.attributes import MEMBERSHIPS, OF_EACH_STUDENT, Attribute, Code, Figure, Level
from app.domain.releases.contributions import Contribution, bounded_parts, counted_risks
from app.domain.releases.lattice import NOWHERE, STATE, Lattice, Place
from app.domain.releases.tables import BOUNDS, TABLES, Table, table_of

Numbers = list[int]
Rows = list[tuple[dict[Attribute, int], int]]
"""Positions of the codes that a student may have several of, and how much counts there."""

Source = tuple[Figure, Attribute | None]
Strides = tuple[tuple[Attribute, int], ...]
_SEVERAL = (Attribute.RISK, Attribute.RISK_GROUP, Attribute.SUPPORT_MEASURE)


class Tally:
    """Takes contributions in the order of student ids. Its memory is that of the lattice, whatever the number of students."""

    def __init__(self, lattice: Lattice) -> None:
        self.lattice = lattice
        self._last: UUID | None = None
        self._numbers: dict[tuple[Table, Place], Numbers] = {
            (table, place): [0] * lattice.size(table.attributes)
            for table in TABLES
            for place in lattice.at(table.level)
        }
        self._steps = [(table, *_steps(lattice, table)) for table in TABLES]

    def add(self, contribution: Contribution) -> None:
        """Count it in every table that it is in.

        Raises:
            Refused: the student was counted before, or students come in another order, so that this could not be told.
            KeyError: a code that the semester did not have.
        """
        if self._last is not None and contribution.student_id <= self._last:
            message = "A student is counted once in a release: contributions come in the order of ids."
            raise Refused(message, code="counted-twice")
        self._last = contribution.student_id
        lowest = self.lattice.places.get(contribution.municipality or UNASSIGNED, NOWHERE)
        places = {Level.STATE: STATE, Level.REGION: Place(lowest.region), Level.MUNICIPALITY: lowest}
        one = {each: self.lattice.position(each, code) for each, code in _codes(contribution).items()}
        rows = self._rows(contribution)
        for table, source, of_everybody, of_row in self._steps:
            numbers = self._numbers[table, places[table.level]]
            base = 0
            for attribute, stride in of_everybody:
                base += one[attribute] * stride
            for positions, amount in rows[source]:
                cell = base
                for attribute, stride in of_row:
                    cell += positions[attribute] * stride
                numbers[cell] += amount

    def measured(self, table: Table, place: Place) -> Numbers:
        """What noise is added to. By a membership it is the number with less the number without."""
        numbers = self._numbers[table, place]
        if table.slice not in MEMBERSHIPS:
            return numbers
        everybody = self._numbers[table_of(table.figure, table.level, table.rows), place]
        return [2 * number - everybody[cell % len(everybody)] for cell, number in enumerate(numbers)]

    def exact(self, table: Table, place: Place) -> Numbers:
        """For proofs of what a release is worth. Nothing that serves or stores may ask for it."""
        return list(self._numbers[table, place])

    def _rows(self, contribution: Contribution) -> dict[Source, Rows]:
        at = self.lattice.position
        groups = {self.lattice.groups[risk] for risk in contribution.risks}
        measures = {measure for _, measure in contribution.delivered}
        rows: dict[Source, Rows] = {
            (Figure.STUDENTS, None): [({}, 1)],
            (Figure.STUDENTS, Attribute.RISK): [
                (
                    {
                        Attribute.RISK: at(Attribute.RISK, risk),
                        Attribute.RISK_RESULT: at(Attribute.RISK_RESULT, result),
                    },
                    1,
                )
                for risk, result in counted_risks(contribution).items()
            ],
            (Figure.STUDENTS, Attribute.RISK_GROUP): [
                ({Attribute.RISK_GROUP: at(Attribute.RISK_GROUP, each)}, 1) for each in groups
            ],
            (Figure.STUDENTS, Attribute.SUPPORT_MEASURE): [
                ({Attribute.SUPPORT_MEASURE: at(Attribute.SUPPORT_MEASURE, each)}, 1) for each in measures
            ],
        }
        for figure in BOUNDS:
            by_group, by_measure = Counter[int](), Counter[int]()
            for (group, measure), amount in bounded_parts(contribution.delivered, figure).items():
                by_group[at(Attribute.RISK_GROUP, group)] += amount
                by_measure[at(Attribute.SUPPORT_MEASURE, measure)] += amount
            rows[figure, None] = [({}, by_group.total())]
            rows[figure, Attribute.RISK_GROUP] = [({Attribute.RISK_GROUP: each}, n) for each, n in by_group.items()]
            rows[figure, Attribute.SUPPORT_MEASURE] = [
                ({Attribute.SUPPORT_MEASURE: each}, n) for each, n in by_measure.items()
            ]
        return rows


def _steps(lattice: Lattice, table: Table) -> tuple[Source, Strides, Strides]:
    """Which rows of a contribution a table counts, and the strides of what is the same in all of them, and of what is not."""
    several = next((each for each in _SEVERAL if each in table.attributes), None)
    strides = lattice.strides(table.attributes)
    of_everybody = tuple((each, stride) for each, stride in strides if each in OF_EACH_STUDENT)
    of_row = tuple((each, stride) for each, stride in strides if each not in OF_EACH_STUDENT)
    return (table.figure, several), of_everybody, of_row


def _codes(contribution: Contribution) -> dict[Attribute, Code]:
    """By attribute, the one code that each student has."""
    codes: tuple[Code, ...] = (
        contribution.institution_kind,
        contribution.grade,
        contribution.continued,
        contribution.school_year_result,
        contribution.minority_programme,
        contribution.special_need,
        contribution.returned_emigrant,
    )
    return dict(zip(OF_EACH_STUDENT, codes, strict=True))
