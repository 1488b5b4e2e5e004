"""The student whom a release tells most of, and what an attacker may wish to know of her."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.calendar import Semester
from app.domain.releases.attributes import Figure
from app.domain.releases.contributions import Contribution, Sums
from app.domain.releases.fit import Cells
from app.domain.releases.lattice import Lattice
from app.domain.releases.tables import BOUNDS, TABLES
from app.domain.releases.tally import Tally
from tests.domain.examples import NEW_MADONA, REFERENCE

SEMESTER = Semester.parse("2021-1")
LATTICE = Lattice.of(SEMESTER, REFERENCE)

MOST_EXPOSED = Contribution(
    student_id=UUID(int=1),
    municipality=NEW_MADONA,
    institution_kind="GENERAL",
    grade=8,
    continued=True,
    school_year_result=None,
    minority_programme=True,
    special_need="56",
    returned_emigrant=True,
    risks={"LOW_ACHIEVEMENT": "REDUCED", "INSUFFICIENT_MEANS": None, "HEALTH_PROBLEMS": None},
    # At the bounds, and all of it in one cell each time.
    delivered={
        ("LEARNING", "SUBJECT_CONSULTATION"): Sums(
            centihours=BOUNDS[Figure.HOURS], consultations=BOUNDS[Figure.CONSULTATIONS], cents=BOUNDS[Figure.EUR]
        )
    },
)
WITHOUT_A_RISK = replace(MOST_EXPOSED, risks={"LOW_ACHIEVEMENT": "REDUCED", "INSUFFICIENT_MEANS": None})
"""The same, but for the risk that alone makes her one of the group of health."""
OTHER_RISKS = replace(MOST_EXPOSED, risks={"PARENT_ADDICTION": None, "FAMILY_CONFLICT": None, "OTHER_FAMILY": None})
"""The same, with all risks, and all risk groups, turned into those she did not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Is it `one`, or `other`? None: she is not in the register."""

    name: str
    one: Contribution
    other: Contribution | None


QUESTIONS = (
    Question(name="is she in the register", one=MOST_EXPOSED, other=None),
    Question(name="does she have this risk", one=MOST_EXPOSED, other=WITHOUT_A_RISK),
    Question(name="these risks, or quite others", one=MOST_EXPOSED, other=OTHER_RISKS),
)


def differences(question: Question) -> Iterator[tuple[Cells, list[int]]]:
    """What the answer changes in each table that it changes: all other students are the same either way."""
    one, other = _alone(question.one), _alone(question.other)
    for table in TABLES:
        for place in LATTICE.at(table.level):
            pairs = zip(one.measured(table, place), other.measured(table, place), strict=True)
            changes = [after - before for after, before in pairs]
            if any(changes):
                yield (table, place), changes


def cells_of(contribution: Contribution) -> Iterator[tuple[Cells, int]]:
    """The cells of numbers of students that she sits in, by the plain count that customary rules publish."""
    alone = _alone(contribution)
    for table in TABLES:
        if table.figure is Figure.STUDENTS:
            for place in LATTICE.at(table.level):
                yield from (((table, place), cell) for cell, n in enumerate(alone.exact(table, place)) if n)


def _alone(contribution: Contribution | None) -> Tally:
    tally = Tally(LATTICE)
    if contribution is not None:
        tally.add(contribution)
    return tally
