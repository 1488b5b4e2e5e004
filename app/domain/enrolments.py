"""Enrolments: which institution a student attends, in which grade, with which marks. One enrolment holds one grade."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.code_lists import CodeLists, InstitutionKind
from app.domain.errors import Refused, Violation, check, violation
from app.domain.geography import Geography
from app.domain.ids import EnrolmentId, InstitutionId, StudentId
from app.domain.institutions import Institution
from app.domain.periods import Period

LAST_GRADE = {InstitutionKind.GENERAL: 12, InstitutionKind.VOCATIONAL: 4}


class EndReason(StrEnum):
    TRANSFERRED = "TRANSFERRED"
    COMPLETED = "COMPLETED"
    LEFT = "LEFT"
    EMIGRATED = "EMIGRATED"
    DECEASED = "DECEASED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """`grade` is 1-12 at a GENERAL institution and the course, 1-4, at a VOCATIONAL one.

    `home_municipality` (ATVK code) may differ from the institution's. `special_need` is the code of the programme, 51-59.
    """

    id: EnrolmentId
    student_id: StudentId
    institution_id: InstitutionId
    grade: int
    period: Period
    home_municipality: str | None = None
    minority_programme: bool = False
    returned_emigrant: bool = False
    special_need: str | None = None
    end_reason: EndReason | None = None
    version: int = 1

    def end(self, on: date | None, reason: EndReason | None) -> "Enrolment":
        """End it on its last day. TRANSFERRED is what settles a transfer, so it is never undone silently: an ended one stays ended.

        Raises Refused if it has ended already, and Invalid unless day and reason are both given and the day is possible.
        """
        if self.period.end is not None:
            raise Refused("This enrolment has ended already.", code="enrolment-ended")
        check(_end_violations(self, on, reason))
        return replace(self, period=Period(self.period.start, on), end_reason=reason)

    def restated(self, stated: "Enrolment") -> "Enrolment":
        """What is now said of it, where only an end that is new needs a rule of its own: see `end`."""
        if (stated.period.end, stated.end_reason) == (self.period.end, self.end_reason):
            return stated
        lasting = replace(stated, period=Period(stated.period.start, self.period.end), end_reason=self.end_reason)
        return lasting.end(stated.period.end, stated.end_reason)


def _end_violations(enrolment: Enrolment, on: date | None, reason: EndReason | None) -> Iterator[Violation]:
    if on is None or reason is None:
        yield violation("/end_reason", "end-and-reason", "An ended enrolment has both a last day and a reason.")
    elif on < enrolment.period.start:
        yield violation("/to", "ends-before-start", "An enrolment cannot end before it starts.")


def check_receiving(enrolment: Enrolment) -> Enrolment:
    """Raise Refused unless a transfer to this enrolment can be confirmed: it goes to where the student is enrolled now."""
    if enrolment.period.end is not None:
        raise Refused(
            "This enrolment has ended: a transfer goes to where the student is enrolled.", code="enrolment-ended"
        )
    return enrolment


def check_enrolment(
    enrolment: Enrolment,
    *,
    institution: Institution,
    others: Iterable[Enrolment],
    geography: Geography,
    codes: CodeLists,
    today: date,
) -> Enrolment:
    """Raise Invalid unless grade, dates and codes fit the institution. `others`: the student's other enrolments at this institution.

    Enrolments elsewhere are not asked: until a transfer is settled, no answer may tell that they exist.
    """
    check(_violations(enrolment, institution, others, geography, codes, today))
    return enrolment


def _violations(
    enrolment: Enrolment,
    institution: Institution,
    others: Iterable[Enrolment],
    geography: Geography,
    codes: CodeLists,
    today: date,
) -> Iterator[Violation]:
    period = enrolment.period
    last = LAST_GRADE[institution.kind]
    if not 1 <= enrolment.grade <= last:
        yield violation(
            "/grade", "out-of-range", f"A {institution.kind.lower()} institution has grades or courses 1 to {last}."
        )
    yield from _period_violations(period, enrolment.end_reason, today)
    if not Period(period.start, period.end or period.start).within(institution.life):
        yield violation("/from", "outside-institution-life", "The institution was not open then.")
    if enrolment.home_municipality is not None:
        home = geography.municipality(enrolment.home_municipality)
        if home is None or period.start not in home.period:
            yield violation(
                "/home_municipality", "unknown-code", "No such municipality on the first day of the enrolment."
            )
    if enrolment.special_need is not None and not codes.valid("special-needs", enrolment.special_need, period.start):
        yield violation("/special_need", "unknown-code", f"No special-needs code {enrolment.special_need}.")
    if any(period.overlaps(other.period) for other in others):
        yield violation("/from", "overlap", "The student is already enrolled at this institution in these days.")


def _period_violations(period: Period, reason: EndReason | None, today: date) -> Iterator[Violation]:
    if period.end is not None and period.end < period.start:
        yield violation("/to", "ends-before-start", "An enrolment cannot end before it starts.")
    if period.start > today:
        yield violation("/from", "in-the-future", "An enrolment is recorded when it has begun.")
    if reason is EndReason.TRANSFERRED and period.end is not None and period.end > today:
        # It opens the history, and nothing would open it on the day itself. Other ends may lie ahead.
        yield violation("/to", "in-the-future", "A transfer is recorded when it has happened.")
    if (period.end is None) != (reason is None):
        yield violation("/end_reason", "end-and-reason", "An ended enrolment has both a last day and a reason.")
