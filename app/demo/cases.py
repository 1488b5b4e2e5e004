"""Cases: who has a plan where and when, before anything of it is written down as a record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from app.demo.figures import Topic
from app.demo.schools import School
from app.demo.students import Pupil
from app.domain.calendar import Semester
from app.domain.enrolments import Enrolment
from app.domain.periods import Period
from app.domain.plans import Plan, PlanState
from app.domain.risks import Risk


class Ending(StrEnum):
    """What becomes of a case. ON_ITS_WAY has not come into force; OPEN is in force today."""

    COMPLETED = "COMPLETED"
    DISCONTINUED = "DISCONTINUED"
    ENROLMENT_ENDED = "ENROLMENT_ENDED"
    OPEN = "OPEN"
    ON_ITS_WAY = "ON_ITS_WAY"


@dataclass(slots=True)
class Consultation:
    """One of a case's consultations, before it has a day. `quarters` of a teaching hour, planned where it was missed."""

    topic: Topic
    risk: str
    quarters: int
    missed: bool


@dataclass(slots=True, kw_only=True, eq=False)
class Case:
    """`period` is the plan's. `last_day` is the day on which it ends or would end; `way` the state of what is ON_ITS_WAY."""

    pupil: Pupil
    school: School
    enrolment: Enrolment
    semester: Semester
    period: Period
    activated_on: date
    last_day: date
    ending: Ending = Ending.COMPLETED
    reason: str | None = None
    way: PlanState = PlanState.DRAFT
    continues: "Case | None" = None
    days: Sequence[date] = ()
    holidays: Sequence[date] = ()
    consultations: list[Consultation] = field(default_factory=list)
    economic: list[tuple[str, int, int]] = field(default_factory=list)
    economic_measures: dict[str, str] = field(default_factory=dict)
    answered: dict[str, Risk] = field(default_factory=dict)
    plan: Plan | None = None

    @property
    def is_whole(self) -> bool:
        """Nothing has cut it short yet."""
        return self.ending in (Ending.COMPLETED, Ending.OPEN)

    def cut(self, on: date, ending: Ending, reason: str | None = None) -> None:
        self.last_day, self.ending, self.reason = on, ending, reason


SUMMER_PLANS = 0.15
_JUNE: Final = (6, 15)
_LONGEST_WAIT = 28


def new_case(pupil: Pupil, semester: Semester, random: Random, today: date, *, since: date | None = None) -> Case:
    """A case that runs to the end of its semester, or as far as the institution takes part. `since` after a transfer."""
    school = pupil.school
    part = school.part_of(semester)
    assert part is not None  # noqa: S101 - a quota is only given where the institution takes part long enough
    assert part.end is not None  # noqa: S101 - a part of a semester has an end
    if since is None:
        wait = min(_LONGEST_WAIT, (part.end - part.start).days // 3)
        settling = 11 if part.start == semester.start else 0
        start = part.start + timedelta(days=min(settling + random.randrange(wait), (part.end - part.start).days // 2))
    else:
        start = since
    end = part.end
    if semester.number == 2 and random.random() >= SUMMER_PLANS:
        end = min(end, date(semester.end.year, *_JUNE))
    activated = min(start + timedelta(days=random.randrange(5)), end)
    return Case(
        pupil=pupil,
        school=school,
        enrolment=pupil.enrolment,
        semester=semester,
        period=Period(start, end),
        activated_on=activated,
        last_day=end,
        ending=Ending.OPEN if end > today else Ending.COMPLETED,
    )
