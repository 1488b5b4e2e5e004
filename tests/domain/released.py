"""Releases of two semesters of the real lattice without any noise, and the students whom they are of."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random
from uuid import UUID

from app.domain.calendar import Semester
from app.domain.ids import ReleaseId
from app.domain.releases.answering import Block, answer
from app.domain.releases.attributes import Attribute, Code
from app.domain.releases.contributions import Contribution, Sums
from app.domain.releases.definitions import definition_of
from app.domain.releases.lattice import Lattice, Place
from app.domain.releases.preparing import Released, prepared
from app.domain.releases.release import Release
from app.domain.releases.sealing import sealed
from app.domain.releases.tables import Table, table_of
from app.domain.releases.tally import Tally
from app.domain.statistics.answer import Answer
from app.domain.statistics.conditions import All, Any_, Condition, In, Not
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query
from tests.domain.examples import REFERENCE

FIRST, SPRING, AUTUMN = (Semester.parse(each) for each in ("2020-1", "2020-2", "2021-1"))
_BEFORE_THE_REFORM = ("0700200", "0010000", "0901200")
PLACES = {FIRST: _BEFORE_THE_REFORM, SPRING: _BEFORE_THE_REFORM, AUTUMN: ("0038000", "0001000", "0031000")}
STUDENTS = 900
TODAY = date(2022, 2, 1)
"""On which the releases were sealed: 2021-2 has begun."""


@cache
def students(semester: Semester) -> tuple[Contribution, ...]:
    """Of few kinds, so that many figures are large enough to be told. Nothing of them is beyond a bound."""
    chance = Random(str(semester))
    return tuple(_student(number, semester, chance) for number in range(1, STUDENTS + 1))


def _student(number: int, semester: Semester, chance: Random) -> Contribution:
    lattice = _lattice(semester)
    risks = chance.sample(lattice.codes[Attribute.RISK][:6], chance.randrange(1, 3))
    groups = sorted({lattice.groups[str(each)] for each in risks})
    return Contribution(
        student_id=UUID(int=number),
        municipality=chance.choice([*PLACES[semester], None]),
        institution_kind=chance.choice(["GENERAL", "VOCATIONAL"]),
        grade=chance.choice([3, 7, 8]),
        continued=chance.random() < 0.3,
        school_year_result=chance.choice(["PROMOTED", "LEFT_EARLY", None]),
        minority_programme=chance.random() < 0.2,
        special_need=chance.choice(["56", None]),
        returned_emigrant=chance.random() < 0.1,
        risks={str(each): chance.choice(["RESOLVED", "UNCHANGED", None]) for each in risks},
        delivered={
            (chance.choice(groups), "SUBJECT_CONSULTATION"): Sums(centihours=150, consultations=1),
            (chance.choice(groups), "MEALS"): Sums(cents=chance.randrange(10_000)),
        },
    )


@cache
def _lattice(semester: Semester) -> Lattice:
    return Lattice.of(semester, REFERENCE)


def _no_noise(numbers: Sequence[int], _deviation: float) -> list[int]:
    return list(numbers)


@cache
def released(semester: Semester) -> Released:
    return Released.of(
        Release(
            id=ReleaseId(UUID(int=semester.start.toordinal())),
            number=1,
            semester=semester,
            sealed_on=TODAY,
            rho=Decimal("0.1"),
            spent=Decimal("0.1"),
            epsilon=Decimal(1),
            delta=Decimal("0.000001"),
            definition=definition_of(_lattice(semester)),
        ),
        _lattice(semester),
    )


@cache
def blocks(semester: Semester) -> dict[Table, Block]:
    tally = Tally(_lattice(semester))
    for each in students(semester):
        tally.add(each)
    found: defaultdict[Table, dict[tuple[Place, tuple[Code, ...]], Decimal]] = defaultdict(dict)
    for cell in sealed(tally, _no_noise).cells:
        table = table_of(cell.figure, cell.place.level, tuple(attribute for attribute, _ in cell.key))
        found[table][cell.place, tuple(code for _, code in cell.key)] = cell.value
    return dict(found)


def asked(query: Query, *semesters: Semester, today: date = TODAY) -> Answer:
    """The answer from releases of these semesters; of both unless said."""
    standing = [released(each) for each in semesters or (SPRING, AUTUMN)]
    question = prepared(query, standing, REFERENCE, today)
    return answer(question, lambda each, table: blocks(each.release.semester)[table], REFERENCE)


def both(conditions: tuple[Condition, ...]) -> Condition:
    return All(conditions=conditions)


def either(conditions: tuple[Condition, ...]) -> Condition:
    return Any_(conditions=conditions)


def without(condition: Condition) -> Condition:
    return Not(condition=condition)


IN_AUTUMN = In(dimension=Dimension.SEMESTER, codes=("2021-1",))


def question(
    *measures: Measure, by: tuple[Dimension, ...] = (), where: Condition | None = None, **more: object
) -> Query:
    return Query(by=by, where=where, measures=frozenset(measures), **more)  # type: ignore[arg-type]
