"""Risks: an identified risk of a student, until it is resolved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.code_lists import CodeLists
from app.domain.errors import Violation, check, violation
from app.domain.ids import InstitutionId, RiskId, StudentId


class IdentifiedBy(StrEnum):
    """Students and their parents may refer themselves to what no teacher has noticed yet."""

    TEACHER = "TEACHER"
    SPECIALIST = "SPECIALIST"
    STUDENT = "STUDENT"
    GUARDIAN = "GUARDIAN"


class Severity(StrEnum):
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """`type` is a code of the list "risks", which also tells its risk group."""

    id: RiskId
    student_id: StudentId
    institution_id: InstitutionId
    type: str
    identified_on: date
    identified_by: IdentifiedBy
    severity: Severity
    resolved_on: date | None = None
    version: int = 1


def check_risk(risk: Risk, *, codes: CodeLists, today: date) -> Risk:
    """Raise Invalid unless the type is a code of that day and the dates are possible."""
    check(_violations(risk, codes, today))
    return risk


def _violations(risk: Risk, codes: CodeLists, today: date) -> Iterator[Violation]:
    if not codes.valid("risks", risk.type, risk.identified_on):
        yield violation("/type", "unknown-code", f"No risk {risk.type} on that day.")
    if risk.identified_on > today:
        yield violation("/identified_on", "in-the-future", "A risk is recorded when it has been identified.")
    if risk.resolved_on is not None:
        if risk.resolved_on < risk.identified_on:
            yield violation("/resolved_on", "ends-before-start", "A risk is not resolved before it is identified.")
        if risk.resolved_on > today:
            yield violation("/resolved_on", "in-the-future", "A risk is resolved today or earlier.")
