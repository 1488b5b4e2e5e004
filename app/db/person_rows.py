"""Rows of persons: every field sealed on its own, in its own place."""

from typing import Any

from app.db.sealing import Sealer
from app.domain.ids import InstitutionId, StudentId
from app.domain.students import Person


def place(student_id: StudentId, institution_id: InstitutionId, field: str) -> str:
    """What a sealed field is bound to: in another row or column it does not open."""
    return f"person/{student_id}/{institution_id}/{field}"


def values(person: Person, sealer: Sealer) -> dict[str, Any]:
    """The row of a person, by column."""

    def sealed(field: str, value: str) -> bytes:
        return sealer.seal(value, place(person.student_id, person.institution_id, field))

    return {
        "student_id": person.student_id,
        "institution_id": person.institution_id,
        "key_id": sealer.key_id,
        "given_names": sealed("given_names", person.given_names),
        "family_name": sealed("family_name", person.family_name),
        "birth_date": sealed("birth_date", person.birth_date.isoformat()),
        "personal_code": None if person.personal_code is None else sealed("personal_code", person.personal_code),
        "version": person.version,
    }
