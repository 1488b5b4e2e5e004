"""Restriction of processing (GDPR, article 18): what an institution wrote of a student is kept, and neither used nor changed.

A school's head restricts what the own institution wrote; the authority what every institution has written that has registered the
student by then. The two are told apart, since a school does not lift what the authority has set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.actors import Actor, Level
from app.domain.errors import Refused
from app.domain.ids import InstitutionId, StudentId


class RestrictedBy(StrEnum):
    INSTITUTION = "INSTITUTION"
    AUTHORITY = "AUTHORITY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Of what one institution wrote of one student. Why stands in the audit: the authority's reason may speak of other institutions."""

    student_id: StudentId
    institution_id: InstitutionId
    by: RestrictedBy
    since: date

    @property
    def id(self) -> StudentId:
        return self.student_id


def restricting(actor: Actor) -> RestrictedBy:
    """In whose name this actor restricts."""
    return RestrictedBy.AUTHORITY if actor.level is Level.STATE else RestrictedBy.INSTITUTION


def check_lifting(standing: Sequence[Restriction], by: RestrictedBy) -> None:
    """Raises Refused where nothing is restricted, or where the authority has restricted it and a school would lift it."""
    if not standing:
        raise Refused("The processing of this student's records is not restricted.", code="not-restricted")
    if by is RestrictedBy.INSTITUTION and any(each.by is RestrictedBy.AUTHORITY for each in standing):
        raise Refused("The authority has restricted this: it alone lifts it.", code="restricted-by-authority")


def processing_restricted() -> Refused:
    """What everybody is told who would change or add records that are restricted."""
    return Refused(
        "The processing of these records is restricted: they are kept, and neither changed nor added to.",
        code="processing-restricted",
    )
