"""Erasure: what of a student is destroyed, and the tombstone that is kept of it for ever."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import NotFound
from app.domain.ids import StudentId
from app.domain.restrictions import processing_restricted

ON_REQUEST = "request"


class Erasable(StrEnum):
    """PERSON: everything that tells who the student is; the records stay, of nobody. RECORDS: these too, and the student itself:
    a name without a record has no purpose here.
    """

    PERSON = "PERSON"
    RECORDS = "RECORDS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """That something was erased: by it a restored backup is brought back in line. `reason` is `request`, or `rule-` and the id of
    the retention rule; what somebody stated stands in the audit.
    """

    student_id: StudentId
    what: Erasable
    on: date
    reason: str

    @property
    def id(self) -> StudentId:
        return self.student_id


def check_erasure(what: Erasable, *, has_person: bool, is_restricted: bool) -> None:
    """Raises Refused while the processing is restricted, since somebody may need just these data for a claim of theirs (article 18(2)),
    and NotFound for a person who is erased already.
    """
    if is_restricted:
        raise processing_restricted()
    if what is Erasable.PERSON and not has_person:
        raise NotFound("person")
