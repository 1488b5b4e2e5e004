"""The row of a person and the person: sealed on the way in, opened on the way out."""

from datetime import date
from typing import Any

from sqlalchemy import Row

from app.db.sealing import Sealer
from app.domain.duplicates import likeness
from app.domain.ids import InstitutionId, StudentId
from app.domain.students import Person

SEALED = ("given_names", "family_name", "birth_date", "personal_code")
"""The columns that tell who somebody is."""

KEYED = ("key_id", *SEALED, "likeness_hash")
"""The columns that depend on a key: what a change of keys writes anew, and nothing else."""


def _place(column: str, student_id: StudentId, institution_id: InstitutionId) -> str:
    return f"person.person/{column}/{student_id}/{institution_id}"


def person_of(row: Row[Any], sealer: Sealer) -> Person:
    """Raises what `Sealer.open` raises."""
    student_id, institution_id = StudentId(row.student_id), InstitutionId(row.institution_id)

    def opened(column: str) -> str:
        sealed: bytes = getattr(row, column)
        return sealer.open(sealed, _place(column, student_id, institution_id), row.key_id)

    return Person(
        student_id=student_id,
        institution_id=institution_id,
        given_names=opened("given_names"),
        family_name=opened("family_name"),
        birth_date=date.fromisoformat(opened("birth_date")),
        personal_code=None if row.personal_code is None else opened("personal_code"),
        version=row.version,
    )


def values(each: Person, sealer: Sealer) -> dict[str, Any]:
    """The row of a person, by column. Sealing draws a new nonce, so no two rows of the same person are alike."""

    def sealed(column: str, value: str) -> bytes:
        return sealer.seal(value, _place(column, each.student_id, each.institution_id))

    return {
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "key_id": sealer.key_id,
        "given_names": sealed("given_names", each.given_names),
        "family_name": sealed("family_name", each.family_name),
        "birth_date": sealed("birth_date", each.birth_date.isoformat()),
        "personal_code": None if each.personal_code is None else sealed("personal_code", each.personal_code),
        "likeness_hash": sealer.likeness_hash(likeness(each)),
        "version": each.version,
    }
