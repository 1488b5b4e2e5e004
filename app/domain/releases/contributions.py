"""What one student gives to a release: one contribution in a semester, bounded by the student's own record alone.

One plan counts. Of the student's plans of the semester that were ever activated it is the one with the earliest first day, and of those
the one with the least id. Risks, marks, what was delivered and what came of it are that plan's.

Bounds: at most MAX_RISKS risks in tables by risk, and at most BOUNDS of hours, consultations and EUR. A bound that looked at other students would
tell of them; so what is cut off follows from the contribution, and from nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from app.domain.releases.attributes import Figure
from app.domain.releases.tables import BOUNDS, MAX_RISKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Of attended interventions: hundredths of a teaching hour, consultations, cents. None is negative."""

    centihours: int = 0
    consultations: int = 0
    cents: int = 0

    def of(self, figure: Figure) -> int:
        """In the unit of BOUNDS."""
        match figure:
            case Figure.HOURS:
                return self.centihours
            case Figure.CONSULTATIONS:
                return self.consultations
            case Figure.EUR:
                return self.cents
            case Figure.STUDENTS:
                raise ValueError("Students are no sum.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """`municipality`: where the institution lay on the plan's first day, if anywhere. `risks`: every risk of the plan, with its result if
    there is one. `delivered` by risk group and support measure, of all its risks.
    """

    student_id: UUID
    municipality: str | None
    institution_kind: str
    grade: int
    continued: bool
    school_year_result: str | None
    minority_programme: bool
    special_need: str | None
    returned_emigrant: bool
    risks: Mapping[str, str | None]
    delivered: Mapping[tuple[str, str], Sums]


def counted_risks(contribution: Contribution) -> dict[str, str | None]:
    """At most MAX_RISKS of the student's risks, with their results.

    Which of more is settled by a hash of student and risk: no risk is preferred, so all of them lose the same share.
    """
    chosen = sorted(contribution.risks, key=lambda risk: _lot(contribution.student_id, risk))[:MAX_RISKS]
    return {risk: contribution.risks[risk] for risk in chosen}


def bounded_parts(parts: Mapping[tuple[str, str], Sums], figure: Figure) -> dict[tuple[str, str], int]:
    """What counts of each part. Where their sum is above the bound, each is lowered in proportion, and rounded down."""
    amounts = {part: sums.of(figure) for part, sums in parts.items()}
    if any(amount < 0 for amount in amounts.values()):
        raise ValueError("An amount below zero would lift others above the bound.")
    total, bound = sum(amounts.values()), BOUNDS[figure]
    return amounts if total <= bound else {part: amount * bound // total for part, amount in amounts.items()}


def _lot(student_id: UUID, risk: str) -> bytes:
    return sha256(student_id.bytes + risk.encode()).digest()
