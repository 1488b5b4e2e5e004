"""Subject access (GDPR, articles 15 and 20): who may ask for what the register holds of a student, and how long that will be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.enrolments import Enrolment
from app.domain.errors import Violation, check, violation
from app.domain.ids import InstitutionId, PlanId, StudentId
from app.domain.interventions import Intervention
from app.domain.outcomes import Outcome
from app.domain.plan_steps import StepTaken
from app.domain.plans import AGE_OF_MAJORITY, Plan
from app.domain.retention import Stay
from app.domain.risks import Risk


class Requester(StrEnum):
    STUDENT = "STUDENT"
    GUARDIAN = "GUARDIAN"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """`on`: the day on which it was asked."""

    by: Requester
    on: date


def check_access_request(request: AccessRequest, *, age: int | None, today: date) -> None:
    """Raises Invalid unless such a person may have asked on that day: from 18 the student alone. `age`: in completed years on that day,
    None where nobody here knows it, as for the authority, which works with pseudonyms and asks for a document itself.
    """
    check(_violations(request, age, today))


def _violations(request: AccessRequest, age: int | None, today: date) -> Iterator[Violation]:
    if request.on > today:
        yield violation("/requested_on", "in-the-future", "Nobody has asked yet on that day.")
    if request.by is Requester.GUARDIAN and age is not None and age >= AGE_OF_MAJORITY:
        yield violation(
            "/requested_by", "of-age", f"From {AGE_OF_MAJORITY} the student alone asks, or authorises somebody to."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Everything of one student that one caller sees. A student has a few thousand records at the most (a plan each semester of twelve
    years, some hundred interventions in each), so all of it fits into one answer.
    """

    enrolments: Sequence[Enrolment]
    risks: Sequence[Risk]
    plans: Sequence[Plan]
    steps: Mapping[PlanId, Sequence[StepTaken]]
    interventions: Sequence[Intervention]
    outcomes: Sequence[Outcome]

    @property
    def institution_ids(self) -> tuple[InstitutionId, ...]:
        """Who wrote any of it."""
        records = (*self.enrolments, *self.risks, *self.plans, *self.interventions, *self.outcomes)
        return tuple(sorted({each.institution_id for each in records}))

    def stay(self, student_id: StudentId, registered_on: date) -> Stay:
        """What retention asks for, as far as the caller sees it. Other institutions may keep the student longer, and are not told of
        here: what follows from it is the earliest day.
        """
        ends = [each.period.end for each in self.enrolments]
        ended = [each.ended_on for each in self.plans]
        return Stay(
            student_id=student_id,
            registered_on=registered_on,
            last_enrolment_end=max((day for day in ends if day is not None), default=None),
            is_enrolled=None in ends,
            last_plan_end=max((day for day in ended if day is not None), default=None),
            has_open_plan=None in ended,
            programmes=frozenset(each.programme for each in self.plans),
        )
