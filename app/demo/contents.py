"""What a plan of the synthetic register contains: its risks, and the measures planned against each."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Final

from app.demo import figures
from app.demo.cases import Case
from app.demo.figures import MATHEMATICS, Topic
from app.demo.seeds import dated_id
from app.domain.code_lists import InstitutionKind
from app.domain.ids import RiskId
from app.domain.plans import Content, PlannedMeasure
from app.domain.risks import IdentifiedBy, Risk, Severity
from app.domain.support import Support

HALF: Final = Decimal("0.5")
_MEASURES: Final = {
    "INSUFFICIENT_MEANS": ("MEALS", "MEALS", "MEALS", "MEALS", "PERSONAL_ITEMS"),
    "DIFFICULT_ACCESS_TO_SCHOOL": ("TRANSPORT_PUBLIC", "TRANSPORT_PUBLIC", "TRANSPORT_SPECIAL"),
    "NO_LEARNING_MATERIALS": ("LEARNING_MATERIALS",),
    "OTHER_ECONOMIC": ("MEALS", "TRANSPORT_PUBLIC"),
}
PRICES: Final = {
    "MEALS": (142, 215), "PERSONAL_ITEMS": (300, 2400), "TRANSPORT_PUBLIC": (60, 640), "TRANSPORT_SPECIAL": (400, 1500),
    "LEARNING_MATERIALS": (120, 1200), "ACCOMMODATION": (900, 1800),
}  # fmt: skip
"""Cents, from and to: of a day for what goes by the day, of a piece for the rest."""
BY_THE_DAY: Final = frozenset({"MEALS", "TRANSPORT_PUBLIC", "TRANSPORT_SPECIAL", "ACCOMMODATION"})
_NOTICED_BY: Final = (IdentifiedBy.TEACHER, IdentifiedBy.SPECIALIST, IdentifiedBy.GUARDIAN, IdentifiedBy.STUDENT)


def economic_measure(risk: str, case: Case, random: Random) -> str:
    if (
        risk == "DIFFICULT_ACCESS_TO_SCHOOL"
        and case.school.kind is InstitutionKind.VOCATIONAL
        and random.random() < 0.4
    ):
        return "ACCOMMODATION"
    return random.choice(_MEASURES[risk])


def risks(case: Case, random: Random) -> dict[str, Risk]:
    """The risks which the plan answers, by type: those the student has already, and new ones."""
    types = dict.fromkeys([*(each.risk for each in case.consultations), *(risk for risk, _, _ in case.economic)])
    if not types:
        types = {random.choices(list(figures.RISKS_OF_HOURS), list(figures.RISKS_OF_HOURS.values()))[0]: None}
    known = case.pupil.risks
    for each in types:
        if (case.school.id, each) not in known:
            day = case.period.start - timedelta(days=random.randrange(2, 20))
            known[case.school.id, each] = Risk(
                id=RiskId(dated_id(random, day)),
                student_id=case.pupil.id,
                institution_id=case.school.id,
                type=each,
                identified_on=day,
                identified_by=random.choices(_NOTICED_BY, (70, 18, 8, 4))[0],
                severity=random.choices(tuple(Severity), (3, 5, 2))[0],
            )
    return {each: known[case.school.id, each] for each in types}


def content(case: Case, answered: dict[str, Risk], random: Random) -> Content:
    """Somewhat more is planned than is delivered, as it was in truth."""
    quarters: dict[tuple[str, Topic], int] = {}
    for each in case.consultations:
        key = (each.risk, each.topic)
        quarters[key] = quarters.get(key, 0) + each.quarters
    if not quarters and not case.economic:
        quarters[next(iter(answered)), MATHEMATICS] = random.randint(20, 60)
    measures = [
        PlannedMeasure(risk_id=answered[risk].id, support=_hours(topic, many, random))
        for (risk, topic), many in quarters.items()
    ]
    for risk, attended, missed in case.economic:
        measure = economic_measure(risk, case, random)
        case.economic_measures[risk] = measure
        days = 5 if measure in BY_THE_DAY else 1
        eur = Decimal((attended + missed) * days * PRICES[measure][1]) / 100
        measures.append(PlannedMeasure(risk_id=answered[risk].id, support=Support(measure=measure, eur=eur)))
    return Content(risk_ids=tuple(each.id for each in answered.values()), planned_measures=tuple(measures))


def _hours(topic: Topic, quarters: int, random: Random) -> Support:
    hours = Decimal(-(-quarters * random.randint(100, 130) // 200)) * HALF
    return Support(measure=topic.measure, hours=hours, subject=topic.subject, specialist=topic.specialist)
