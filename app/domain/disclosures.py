"""Identity disclosures: who a student is, told to one person of the authority, for a stated purpose and a limited time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.code_lists import CodeLists
from app.domain.errors import Violation, check, violation
from app.domain.ids import DisclosureId, StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRequest:
    """`purpose` is a code of the list "disclosure-purposes"; `subject` is whoever asks, and alone may read what is disclosed."""

    id: DisclosureId
    student_id: StudentId
    purpose: str
    reason: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure(DisclosureRequest):
    """One that was opened. The database alone tells the time, so that no two clocks can disagree on whether it is over."""

    opened_at: datetime
    expires_at: datetime


def check_disclosure(asked: DisclosureRequest, *, codes: CodeLists, today: date) -> DisclosureRequest:
    """Raise Invalid unless purpose and reason are stated."""
    check(_violations(asked, codes, today))
    return asked


def _violations(asked: DisclosureRequest, codes: CodeLists, today: date) -> Iterator[Violation]:
    if not codes.valid("disclosure-purposes", asked.purpose, today):
        yield violation("/purpose", "unknown-code", f"No purpose {asked.purpose}.")
    if not asked.reason.strip():
        yield violation("/reason", "required", "Say why a pseudonym does not do here.")
