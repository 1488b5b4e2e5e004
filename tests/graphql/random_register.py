"""A register put together by chance, and its figures counted in plain Python: rows are looked at one by one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random
from uuid import UUID

from app.db.reference import packaged
from app.db.statistics.figures import FIGURES, Adds, CountsPlans, CountsStudents
from app.db.statistics.parts import Part, Rows
from app.domain.calendar import Semester, semester_of
from app.domain.regions import UNASSIGNED
from app.domain.statistics.answer import Key
from app.domain.statistics.conditions import CodeValue
from app.domain.statistics.definitions import DELIVERY, RISK, Dimension, Measure
from app.domain.statistics.holding import holds
from tests.graphql.tiny_register import (
    AGLONA,
    COLLEGE,
    ERGLI,
    GRAVERI,
    MADONA,
    PLACES,
    REFORM,
    Delivered,
    Planned,
    Promised,
)

INSTITUTIONS = (MADONA, ERGLI, COLLEGE, AGLONA, GRAVERI)
DAYS = (date(2019, 9, 9), date(2020, 2, 3), date(2020, 9, 14), date(2021, 2, 1), date(2021, 8, 2), date(2021, 9, 6))
RISK_TYPES = ("LOW_ACHIEVEMENT", "LEARNING_DIFFICULTY", "FAMILY_CONFLICT", "INSUFFICIENT_MEANS")
SUPPORT = (
    Delivered(hours="2.00", subject="MATHEMATICS"),
    Delivered(hours="1.50", subject="ENGLISH", mode="REMOTE"),
    Delivered(hours="0.75", measure="CONSULTATIVE_SUPPORT", specialist="PSYCHOLOGIST"),
    Delivered(eur="12.34", measure="TRANSPORT_PUBLIC"),
)
PROMISES = (
    Promised(hours="10.00", subject="MATHEMATICS"),
    Promised(hours="4.00", measure="CONSULTATIVE_SUPPORT", specialist="PSYCHOLOGIST"),
    Promised(eur="99.90", measure="TRANSPORT_PUBLIC"),
)
Thing = Delivered | Promised
Row = Mapping[Dimension, CodeValue | None]


def random_plans(seed: int, students: int = 14) -> list[Planned]:
    """Some students have two or three plans in one semester at different institutions, or move within the year or the country."""
    random = Random(seed)
    plans = []
    for number in range(students):
        student = UUID(int=seed * 1000 + number, version=4)
        taken: set[tuple[int, Semester]] = set()
        for _ in range(random.randint(0, 6)):
            place, day = random.choice(INSTITUTIONS), random.choice(DAYS)
            if (place, semester_of(day)) not in taken:
                taken.add((place, semester_of(day)))
                plans.append(_plan(random, student, place, day))
    return plans


def _plan(random: Random, student: UUID, institution: int, day: date) -> Planned:
    risks = [random.choice(RISK_TYPES) for _ in range(random.randint(1, 3))]

    def any_risk() -> int:
        return random.randrange(len(risks))

    attendances = ("ATTENDED", "ATTENDED", "ILL")
    delivered = [
        replace(random.choice(SUPPORT), answers=any_risk(), attendance=random.choice(attendances))
        for _ in range(random.randint(0, 4))
    ]
    promised = [replace(random.choice(PROMISES), answers=any_risk()) for _ in range(random.randint(0, 2))]
    results = {number: random.choice(("RESOLVED", "REDUCED", "INCREASED")) for number in range(len(risks))}
    return Planned(
        student=student,
        institution=institution,
        first_day=day,
        semester=str(semester_of(day)),
        grade=random.randint(5, 7),
        risks=risks,
        delivered=delivered,
        promised=promised,
        results=results if random.random() < 0.7 else {},
        put_into_force=random.random() < 0.9,
        state="DISCONTINUED",
        minority=random.random() < 0.3,
        special_need=random.choice((None, "56")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A part of a plan: a risk that it answers (its number), and one thing delivered or promised for it."""

    plan: Planned
    risk: int | None = None
    thing: Thing | None = None

    @property
    def attended(self) -> bool:
        return isinstance(self.thing, Delivered) and self.thing.attendance == "ATTENDED"


def counted(part: Part, plans: Sequence[Planned]) -> dict[Key, dict[Measure, int | Decimal]]:
    """The figures of the part, as its definition says."""
    groups: dict[Key, list[Portion]] = defaultdict(list)
    for portion in _portions(part, [each for each in plans if each.put_into_force]):
        row = _row(part, portion)
        if holds(part.where, row):
            groups[tuple(row[each] for each in part.by)].append(portion)
    figures = {key: {each: _value(each, part, portions) for each in part.measures} for key, portions in groups.items()}
    return {key: values for key, values in figures.items() if _exists(part, groups[key], values)}


def _portions(part: Part, plans: Sequence[Planned]) -> Iterator[Portion]:
    for plan in plans:
        things = [Portion(plan=plan, risk=each.answers, thing=each) for each in _all_of(plan)]
        if part.dimensions & DELIVERY:
            yield from things
        elif part.dimensions & RISK:
            yield from (Portion(plan=plan, risk=number) for number in range(len(plan.risks)))
        else:
            yield Portion(plan=plan)


def _all_of(plan: Planned) -> list[Thing]:
    return [*plan.delivered, *plan.promised]


def _things(portion: Portion) -> list[Thing]:
    if portion.thing is not None:
        return [portion.thing]
    return [each for each in _all_of(portion.plan) if portion.risk in (None, each.answers)]


def _row(part: Part, portion: Portion) -> Row:
    plan, thing = portion.plan, portion.thing
    semester = Semester.parse(plan.semester)
    for _ in range(part.shift):
        semester = semester.next()
    geography = packaged().geography
    # Here every institution lies somewhere all the time.
    day = part.as_of or plan.first_day
    place = PLACES[plan.institution][day >= REFORM]
    region = geography.region_of(place, part.scheme, day)
    row: dict[Dimension, CodeValue | None] = {
        Dimension.REGION: UNASSIGNED if region is None else region.code,
        Dimension.MUNICIPALITY: place,
        Dimension.INSTITUTION: plan.institution,
        Dimension.INSTITUTION_KIND: "VOCATIONAL" if plan.institution == COLLEGE else "GENERAL",
        Dimension.SEMESTER: str(semester),
        Dimension.SCHOOL_YEAR: str(semester.school_year),
        Dimension.GRADE: plan.grade,
        Dimension.MINORITY_PROGRAMME: plan.minority,
        Dimension.SPECIAL_NEED: plan.special_need,
    }
    if portion.risk is not None:
        risk = packaged().code_lists.risk(plan.risks[portion.risk])
        result = plan.results.get(portion.risk)
        row |= {Dimension.RISK: risk.code, Dimension.RISK_GROUP: risk.group, Dimension.RISK_RESULT: result}
    if thing is not None:
        mode = thing.mode if isinstance(thing, Delivered) and thing.hours else None
        row |= {Dimension.SUBJECT: thing.subject, Dimension.SPECIALIST: thing.specialist}
        row |= {Dimension.SUPPORT_MEASURE: thing.measure, Dimension.DELIVERY_MODE: mode}
    return row


def _counts(part: Part, portion: Portion) -> bool:
    if part.rows is Rows.DELIVERY:
        return any(isinstance(each, Delivered) and each.attendance == "ATTENDED" for each in _things(portion))
    return True


def _exists(part: Part, portions: Sequence[Portion], values: Mapping[Measure, int | Decimal]) -> bool:
    added = any(values[each] for each in values if isinstance(FIGURES[each], Adds))
    return added or any(_counts(part, each) for each in portions)


def _value(measure: Measure, part: Part, portions: Sequence[Portion]) -> int | Decimal:
    match FIGURES[measure]:
        case CountsPlans(flag=None):
            return len({each.plan.id for each in portions if _counts(part, each)})
        case CountsStudents(flag=None):
            return len({each.plan.student for each in portions if _counts(part, each)})
        case Adds(columns=columns):
            return sum((_added(name, portion) for portion in portions for name in columns), start=0)
        case other:
            raise NotImplementedError(other)


def _added(column: str, portion: Portion) -> int | Decimal:
    plan, things = portion.plan, _things(portion)
    done = [each for each in things if isinstance(each, Delivered) and each.attendance == "ATTENDED"]
    promised = [each for each in things if isinstance(each, Promised)]
    numbers = range(len(plan.risks)) if portion.risk is None else (portion.risk,)
    results = [plan.results[number] for number in numbers if number in plan.results]
    sums: dict[str, int | Decimal] = {
        "attended": len(done),
        "not_attended": sum(isinstance(each, Delivered) and each.attendance != "ATTENDED" for each in things),
        "consultations": sum(each.hours is not None for each in done),
        "centihours": sum((Decimal(each.hours or 0) for each in done), start=Decimal(0)),
        "cents": sum((Decimal(each.eur or 0) for each in done), start=Decimal(0)),
        "planned_centihours": sum((Decimal(each.hours or 0) for each in promised), start=Decimal(0)),
        "planned_cents": sum((Decimal(each.eur or 0) for each in promised), start=Decimal(0)),
        "risks": len(numbers),
        "results": len(results),
        "resolved": results.count("RESOLVED"),
        "reduced": results.count("REDUCED"),
    }
    return sums[column]
