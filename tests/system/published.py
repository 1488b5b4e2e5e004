"""Figures that the programme itself published, as questions to the register. `id` is the figure's in the collection of published figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Comparison = Literal["eq", "gt", "printed"]
"""Equal; more than; or equal once rounded to the precision in which it was printed."""

TO_2019 = ("2017-1", "2017-2", "2018-1", "2018-2", "2019-1")
OLD_MADONA: Final = 'municipalities: ["0700200"]'
NEW_MADONA: Final = 'municipalities: ["0038000"]'


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`where` is the filter of the statistics, `measure` a field of its totals."""

    id: str
    where: str
    measure: str
    value: Decimal
    comparison: Comparison = "eq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Share in per cent of the interventions that answer `risks`, among those that answer `among`, in school year 2018/19."""

    id: str
    risks: str
    among: str
    value: Decimal


def figure(identity: str, where: str, measure: str, value: str, comparison: Comparison = "eq") -> Figure:
    return Figure(id=identity, where=where, measure=measure, value=Decimal(value), comparison=comparison)


def _semesters(*codes: str) -> str:
    return "semesters: [" + ", ".join(f'"{code}"' for code in codes) + "]"


def _hours() -> Iterator[Figure]:
    for identity, specialist, kinds, value in (
        ("F038", "PSYCHOLOGIST", "GENERAL, VOCATIONAL", "17063"),
        ("F039", "PSYCHOLOGIST", "GENERAL", "12053"),
        ("F040", "PSYCHOLOGIST", "VOCATIONAL", "5010"),
        ("F042", "SOCIAL_PEDAGOGUE", "GENERAL", "10053"),
        ("F043", "SOCIAL_PEDAGOGUE", "VOCATIONAL", "2134"),
    ):
        where = f'schoolYears: ["2018/19"], specialists: ["{specialist}"], kinds: [{kinds}]'
        yield figure(identity, where, "deliveredHours", value)
    yield figure("F041", 'schoolYears: ["2018/19"], specialists: ["SOCIAL_PEDAGOGUE"]', "deliveredHours", "12000", "gt")
    for identity, subject, value in (
        ("F044", "MATHEMATICS", "52874"),
        ("F045", "LATVIAN", "25823"),
        ("F046", "ENGLISH", "11647"),
    ):
        where = f'semesters: ["2018-2"], subjects: ["{subject}"], supportMeasures: ["SUBJECT_CONSULTATION"]'
        yield figure(identity, where, "deliveredHours", value)


FIGURES: Final = (
    figure("F003", f'{OLD_MADONA}, schoolYears: ["2020/21"]', "plans", "286"),
    figure("F004", f'{OLD_MADONA}, semesters: ["2020-1"]', "plans", "145"),
    figure("F005", f'{OLD_MADONA}, semesters: ["2020-2"]', "plans", "141"),
    figure("F006", f'{OLD_MADONA}, schoolYears: ["2020/21"], grades: [5, 6, 7, 8, 9, 10, 11, 12]', "students", "181"),
    figure("F010", f'{OLD_MADONA}, semesters: ["2020-1"]', "institutionsParticipating", "12"),
    figure("F011", f'{OLD_MADONA}, semesters: ["2020-1"], grades: [5, 6, 7, 8, 9, 10, 11, 12]', "students", "145"),
    figure("F019", f'{OLD_MADONA}, semesters: ["2019-1"]', "institutionsParticipating", "12"),
    figure("F020", f'{OLD_MADONA}, semesters: ["2019-1"], grades: [5, 6, 7, 8, 9, 10, 11, 12]', "students", "123"),
    figure("F023", _semesters(*TO_2019), "students", "20000", "gt"),
    figure("F024", _semesters(*TO_2019), "institutionsParticipating", "500", "gt"),
    figure("F025", _semesters(*TO_2019), "plans", "30000", "gt"),
    figure("F032", _semesters("2017-1"), "institutionsParticipating", "163"),
    figure("F033", 'participatingOn: "2019-07-15"', "institutionsParticipating", "438"),
    *_hours(),
    figure("F076", 'schoolYears: ["2017/18"]', "plans", "6834"),
    figure("F077", 'schoolYears: ["2018/19"]', "plans", "15129"),
    figure("F078", 'schoolYears: ["2019/20"]', "plans", "21732"),
    figure("F079", 'schoolYears: ["2020/21"]', "plans", "19757"),
)


def _shares() -> Iterator[Share]:
    for identity, group, value in (
        ("F047", "LEARNING", "74"),
        ("F054", "ECONOMIC", "21"),
        ("F055", "SOCIAL_HEALTH", "5"),
    ):
        yield Share(id=identity, risks=f'riskGroups: ["{group}"]', among="", value=Decimal(value))
    within = {
        "LEARNING": (
            ("F048", "LEARNING_DIFFICULTY", "48.4"),
            ("F049", "LOW_ACHIEVEMENT", "17"),
            ("F050", "CONTENT_BACKLOG", "15.2"),
            ("F051", "BEHAVIOUR_PROBLEMS", "4.1"),
            ("F052", "LANGUAGE_BARRIER", "3.6"),
            ("F053", "UNEXCUSED_ABSENCE", "3"),
        ),
        "SOCIAL_HEALTH": (
            ("F056", "DISABILITY", "16.1"),
            ("F057", "SPECIAL_NEEDS", "16.1"),
            ("F058", "ILL_RELATIVE", "13.5"),
            ("F059", "PREGNANCY_OR_CHILD", "10.7"),
        ),
        "FAMILY": (
            ("F060", "FAMILY_CONFLICT", "20.3"),
            ("F061", "LACK_OF_PARENTAL_SUPPORT", "14.3"),
            ("F062", "PARENT_WORKS_ELSEWHERE", "13.1"),
            ("F063", "PARENT_ADDICTION", "8.4"),
        ),
    }
    for group, listed in within.items():
        for identity, risk, value in listed:
            yield Share(id=identity, risks=f'risks: ["{risk}"]', among=f'riskGroups: ["{group}"]', value=Decimal(value))


SHARES: Final = tuple(_shares())
