"""What the synthetic register is shaped by: the figures that the programme published, and plausible ones where it published none.

Hours are in quarters of a teaching hour, so that they are whole numbers. Figures of 2018/19 were published for the country.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.domain.calendar import Semester
from app.domain.code_lists import InstitutionKind
from app.domain.support import SUBJECT_CONSULTATION

QUARTERS: Final = 4
PLANS: Final = MappingProxyType(
    {
        Semester.parse(code): plans
        for code, plans in (
            ("2017-1", 2_640),
            ("2017-2", 4_194),
            ("2018-1", 6_900),
            ("2018-2", 8_229),
            ("2019-1", 9_900),
            ("2019-2", 11_832),
            ("2020-1", 9_657),
            ("2020-2", 10_100),
            ("2021-1", 9_000),
        )
    }
)
"""Activated in the country. The school years 2017/18 to 2020/21 sum to the published 6,834, 15,129, 21,732 and 19,757."""

SEMESTERS: Final = tuple(PLANS)
FIRST, LAST = SEMESTERS[0], SEMESTERS[-1]

MADONA_PLANS: Final = MappingProxyType(dict(zip(SEMESTERS, (51, 62, 84, 108, 123, 139, 145, 141, 148), strict=True)))
"""Of the institutions in Madonas novads of the old borders. Published: 51 planned at first, 123, 145 and 141."""

MADONA_CONTINUED_2020_2: Final = 145 + 141 - 181
"""181 students were supported in 2020/21, so that many of them in both semesters."""

CONTINUED: Final = MappingProxyType(dict(zip(SEMESTERS, (0, 34, 30, 44, 34, 46, 39, 47, 28), strict=True)))
"""Percent of a semester's plans that continue a plan of the semester before. Rather few, for more than 20,000 students were
supported by about 31,800 plans to the end of 2019."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a consultation is about: a subject, or else the specialist who gives it."""

    measure: str
    subject: str | None = None
    specialist: str | None = None


def _subject(code: str) -> Topic:
    return Topic(SUBJECT_CONSULTATION, subject=code)


def _support(code: str, measure: str = "CONSULTATIVE_SUPPORT") -> Topic:
    return Topic(measure, specialist=code)


PSYCHOLOGIST: Final = _support("PSYCHOLOGIST")
SOCIAL_PEDAGOGUE: Final = _support("SOCIAL_PEDAGOGUE")
HOLIDAY: Final = _support("CONSULTANT_TEACHER", "HOLIDAY_SUPPORT")
CRISIS: Final = _support("OTHER", "CRISIS_SUPPORT")
MATHEMATICS, LATVIAN, ENGLISH = _subject("MATHEMATICS"), _subject("LATVIAN"), _subject("ENGLISH")

_OTHER_TOPICS = {
    **{_subject(code): hundredths for code, hundredths in (
        ("RUSSIAN", 62), ("FOREIGN_LANGUAGE", 35), ("SCIENCE", 45), ("PHYSICS", 60), ("CHEMISTRY", 62), ("BIOLOGY", 40),
        ("GEOGRAPHY", 35), ("HISTORY", 50), ("SOCIAL_SCIENCE", 20), ("SPORT", 10), ("OTHER", 65),
    )},
    **{_support(code): hundredths for code, hundredths in (
        ("SPEECH_THERAPIST", 8), ("SPECIAL_EDUCATION_TEACHER", 12), ("TEACHER_ASSISTANT", 9), ("CLASS_TEACHER", 7),
        ("ASSISTANT", 2), ("OCCUPATIONAL_THERAPIST", 1), ("SIGN_LANGUAGE_INTERPRETER", 1),
    )},
    CRISIS: 3,
    HOLIDAY: 6,
}  # fmt: skip
HOURS_PER_PLAN: Final = MappingProxyType(
    {
        kind: MappingProxyType(
            {
                MATHEMATICS: 643,
                LATVIAN: 314,
                ENGLISH: 142,
                PSYCHOLOGIST: psychologist,
                SOCIAL_PEDAGOGUE: social_pedagogue,
                **_OTHER_TOPICS,
            }
        )
        for kind, psychologist, social_pedagogue in (
            (InstitutionKind.GENERAL, 93, 77),
            (InstitutionKind.VOCATIONAL, 236, 101),
        )
    }
)
"""Hundredths of a teaching hour per plan and semester, where nothing exact was published."""

_2018 = Semester.parse("2018-1"), Semester.parse("2018-2")
PUBLISHED_HOURS: Final = (
    (PSYCHOLOGIST, (InstitutionKind.GENERAL,), _2018, 12_053),
    (PSYCHOLOGIST, (InstitutionKind.VOCATIONAL,), _2018, 5_010),
    (SOCIAL_PEDAGOGUE, (InstitutionKind.GENERAL,), _2018, 10_053),
    (SOCIAL_PEDAGOGUE, (InstitutionKind.VOCATIONAL,), _2018, 2_134),
    (MATHEMATICS, tuple(InstitutionKind), _2018[1:], 52_874),
    (LATVIAN, tuple(InstitutionKind), _2018[1:], 25_823),
    (ENGLISH, tuple(InstitutionKind), _2018[1:], 11_647),
)
"""Attended hours: topic, institution kinds, semesters and the hours of all of them together."""

MISSED_PERCENT: Final = 4
"""Of all interventions: the student did not come, was ill, refused, or nobody could be found to give the support."""

# Per 10,000 interventions of a group: what was published, and the rest of the group spread over its other codes.
_LEARNING = {
    "LEARNING_DIFFICULTY": 4_840, "LOW_ACHIEVEMENT": 1_700, "CONTENT_BACKLOG": 1_520, "BEHAVIOUR_PROBLEMS": 410,
    "LANGUAGE_BARRIER": 360, "UNEXCUSED_ABSENCE": 300, "LOW_MOTIVATION": 290, "PROLONGED_ABSENCE": 220,
    "CONFLICT_AT_SCHOOL": 170, "OTHER_LEARNING": 190,
}  # fmt: skip
_SOCIAL_HEALTH = {
    "DISABILITY": 1_610, "SPECIAL_NEEDS": 1_610, "ILL_RELATIVE": 1_350, "PREGNANCY_OR_CHILD": 1_070,
    "HEALTH_PROBLEMS": 2_520, "EARLY_WORK": 540, "EARLY_MARRIAGE": 200, "OTHER_SOCIAL_HEALTH": 1_100,
}  # fmt: skip
_FAMILY = {
    "FAMILY_CONFLICT": 2_030, "LACK_OF_PARENTAL_SUPPORT": 1_430, "PARENT_WORKS_ELSEWHERE": 1_310, "PARENT_ADDICTION": 840,
    "OTHER_FAMILY": 4_390,
}  # fmt: skip
_ECONOMIC = {
    "INSUFFICIENT_MEANS": 5_500, "DIFFICULT_ACCESS_TO_SCHOOL": 3_000, "NO_LEARNING_MATERIALS": 1_200, "OTHER_ECONOMIC": 300,
}  # fmt: skip

GROUP_SHARES: Final = MappingProxyType({"LEARNING": 737, "SOCIAL_HEALTH": 47, "FAMILY": 9, "ECONOMIC": 207})
"""Per 1,000 interventions: printed in whole percents this is 74, 5, 21, and families' risks, of which no share was printed, 1."""

RISKS_OF_HOURS: Final = MappingProxyType(
    {
        risk: GROUP_SHARES[group] * share
        for group, shares in (("LEARNING", _LEARNING), ("SOCIAL_HEALTH", _SOCIAL_HEALTH), ("FAMILY", _FAMILY))
        for risk, share in shares.items()
    }
)
"""Consultations answer these. The order is that of the line on which specialists stand at the far end."""

NEVER_MISSED: Final = frozenset(_FAMILY)
"""So few that one more or one less that was missed would change a share as it is printed."""

RISKS_OF_EUR: Final = MappingProxyType(_ECONOMIC)
"""Economic support answers economic risks, and nothing else does."""
