"""Two students that are likely one person, and what makes them alike. Whether they are one is for people to decide."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from app.domain.ids import InstitutionId, StudentId
from app.domain.students import Person


class Likeness(StrEnum):
    """SAME_CODE: an institution states the personal code of the one for the other. Twins share neither it nor their names."""

    SAME_CODE = "SAME_CODE"
    SAME_NAME_AND_BIRTH_DATE = "SAME_NAME_AND_BIRTH_DATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A student, and which institutions state who it is."""

    student_id: StudentId
    institution_ids: tuple[InstitutionId, ...]

    @property
    def id(self) -> StudentId:
        return self.student_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """The two in the order of their ids, which is no order of anything. A student may be in several pairs."""

    students: tuple[Candidate, Candidate]
    reasons: tuple[Likeness, ...]


def likeness(person: Person) -> str:
    """What two statements of one person have in common however they are typed: names without case, marks, hyphens and
    apostrophes, since school systems differ in all four, and the birth date.
    """
    return "\n".join([_plain(person.family_name), _plain(person.given_names), person.birth_date.isoformat()])


def _plain(name: str) -> str:
    # Twice: what is taken apart may have a case of its own, and what has lost its case may be taken apart further.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = "".join(each if each.isalpha() else " " for each in apart if not unicodedata.combining(each))
    return " ".join(letters.split())
