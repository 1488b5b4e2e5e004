"""Students and the persons behind them. Everything in the register speaks of the student; the person lives apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.errors import Invalid, Refused, Violation, check, violation
from app.domain.ids import InstitutionId, StudentId
from app.domain.personal_codes import birth_date_of, normalise_personal_code

OLDEST, YOUNGEST = 60, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """A pseudonym. It says nothing of the person, of where it was first registered, or when. Nothing changes it, a merge neither, so
    that its version is always the first.
    """

    id: StudentId
    version: int = 1

    @property
    def student_id(self) -> StudentId:
        """A student is about itself, as every record of one is."""
        return self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What one institution states of the person behind a student: its own record, which no other institution reads or changes
    before a transfer is settled. A person from abroad may have no Latvian personal code.
    """

    student_id: StudentId
    institution_id: InstitutionId
    given_names: str = field(repr=False)
    family_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    personal_code: str | None = field(default=None, repr=False)
    version: int = 1

    @property
    def id(self) -> StudentId:
        """An institution states one person behind a student, so the student's id finds its statement."""
        return self.student_id

    def age_on(self, day: date) -> int:
        """Completed years of age on that day."""
        return day.year - self.birth_date.year - ((day.month, day.day) < (self.birth_date.month, self.birth_date.day))


def not_deletable() -> Refused:
    return Refused(
        "A student with records is not deleted. End the enrolment instead, or delete single records that were entered by"
        " mistake; erasure is a decision of its own.",
        code="student-not-deletable",
    )


def check_person(person: Person, *, today: date, allow_test_codes: bool, pointer: str = "") -> Person:
    """The person, with the personal code normalised. Raises Invalid unless names, birth date and personal code are possible
    and agree with one another; `pointer` is where the person stands in the data as it was sent.
    """
    check(_violations(person, today, allow_test_codes=allow_test_codes, pointer=pointer))
    if person.personal_code is None:
        return person
    return replace(
        person, personal_code=normalise_personal_code(person.personal_code, allow_test_codes=allow_test_codes)
    )


def _violations(person: Person, today: date, *, allow_test_codes: bool, pointer: str) -> Iterator[Violation]:
    for field_pointer, name in (
        (f"{pointer}/given_names", person.given_names),
        (f"{pointer}/family_name", person.family_name),
    ):
        if not name.strip():
            yield violation(field_pointer, "empty", "A name is not empty.")
        elif any(not (char.isalpha() or char in " -'\u2019.") for char in name):
            yield violation(field_pointer, "format", "A name has letters, spaces, hyphens and apostrophes.")
    if person.birth_date > today:
        yield violation(f"{pointer}/birth_date", "in-the-future", "The birth date lies in the future.")
    elif not YOUNGEST <= person.age_on(today) <= OLDEST:
        yield violation(
            f"{pointer}/birth_date", "implausible-age", f"A student is between {YOUNGEST} and {OLDEST} years old."
        )
    if person.personal_code is None:
        return
    code_pointer = f"{pointer}/personal_code"
    try:
        code = normalise_personal_code(person.personal_code, allow_test_codes=allow_test_codes, pointer=code_pointer)
    except Invalid as invalid:
        yield from invalid.violations
        return
    told = birth_date_of(code)
    if told is not None and told != person.birth_date:
        yield violation(code_pointer, "birth-date-differs", "The personal code tells another birth date.")
