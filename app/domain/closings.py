"""Closing: when the records of a semester are final. They change afterwards only once it is reopened, with a reason.

What belongs to a semester: its plans with all that they contain, what was delivered under them, and what came of them; to the second
one of a school year also how the year ended for each student. Whatever dates else, as an enrolment or a risk, goes on; but what figures
of the semester are counted by stays as it was.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.calendar import Semester
from app.domain.enrolments import Enrolment
from app.domain.errors import Refused
from app.domain.outcomes import YearOutcome
from app.domain.plan_steps import Step
from app.domain.plans import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The semester is closed for the whole country, since that day."""

    semester: Semester
    closed_on: date


def check_closing(semester: Semester, *, closed: Collection[Semester], in_force: int, today: date) -> Closing:
    """Raise Refused unless the semester has ended, and all its plans with it. `in_force`: how many of them have not."""
    demand_open(semester, closed)
    if today <= semester.end:
        raise Refused(
            f"Semester {semester} lasts until {semester.end}: it is closed afterwards.", code="semester-lasts"
        )
    if in_force:
        raise Refused(
            f"{in_force} plans of semester {semester} are in force still: each is completed or discontinued first.",
            code="plans-in-force",
        )
    return Closing(semester=semester, closed_on=today)


def demand_closed(semester: Semester, closed: Collection[Semester]) -> None:
    """Raise Refused where there is nothing to be reopened, or to be released."""
    if semester not in closed:
        raise Refused(f"Semester {semester} is not closed.", code="semester-not-closed")


def demand_open(semester: Semester, closed: Collection[Semester]) -> None:
    """Raise Refused where the semester's records do not change any more."""
    if semester in closed:
        raise semester_closed(semester)


def semester_closed(semester: Semester) -> Refused:
    return Refused(
        f"Semester {semester} is closed: its records change only after the authority has reopened it.",
        code="semester-closed",
    )


def demand_may_end(plan: Plan, closed: Collection[Semester]) -> None:
    """Raise Refused where a plan of a closed semester would end that was in force. One that never was counts nowhere: it may go, so
    that it stands in the way of none that follows.
    """
    if plan.activated_on is not None:
        demand_open(plan.semester, closed)


def demand_may_take(plan: Plan, step: Step, closed: Collection[Semester]) -> None:
    """Raise Refused where a step in the life of a plan would change a closed semester."""
    if step is Step.DISCONTINUE:
        demand_may_end(plan, closed)
    else:
        demand_open(plan.semester, closed)


def semester_of_year(outcome: YearOutcome) -> Semester:
    """How a school year ended is final with its second semester."""
    return outcome.school_year.semesters[1]


def demand_counted_as_before(
    changed: Enrolment, current: Enrolment, plans: Iterable[Plan], closed: Collection[Semester]
) -> None:
    """Raise Refused where grade or marks change of an enrolment on which a plan of a closed semester was in force."""
    if _counted_by(changed) != _counted_by(current):
        for plan in plans:
            if plan.enrolment_id == current.id and plan.activated_on is not None:
                demand_open(plan.semester, closed)


def _counted_by(enrolment: Enrolment) -> tuple[object, ...]:
    return (
        enrolment.grade,
        enrolment.minority_programme,
        enrolment.returned_emigrant,
        enrolment.special_need,
    )
