"""What somebody did, read or tried: kept in the audit. It names records and never repeats their content.

A change is kept in the change's own transaction; a read, and an attempt that failed, in one of its own before the answer is sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.domain.actors import Actor
from app.domain.ids import InstitutionId, StudentId


class Action(StrEnum):
    CREATE = "CREATE"
    CHANGE = "CHANGE"
    DELETE = "DELETE"
    DECIDE = "DECIDE"
    CONFIRM_TRANSFER = "CONFIRM_TRANSFER"
    OPEN_HISTORY = "OPEN_HISTORY"
    CLOSE_HISTORY = "CLOSE_HISTORY"
    IMPORT = "IMPORT"
    SEND_BATCH = "SEND_BATCH"
    ROTATE_KEYS = "ROTATE_KEYS"
    RESTRICT = "RESTRICT"
    LIFT_RESTRICTION = "LIFT_RESTRICTION"
    ANSWER_SUBJECT = "ANSWER_SUBJECT"
    ERASE = "ERASE"
    CLOSE = "CLOSE"
    REOPEN = "REOPEN"
    SEAL = "SEAL"
    DISCLOSE = "DISCLOSE"
    MERGE = "MERGE"
    READ = "READ"
    LIST = "LIST"
    ATTEMPT = "ATTEMPT"
    ISSUE_TOKEN = "ISSUE_TOKEN"  # noqa: S105 - the name of a deed
    REVOKE = "REVOKE"
    GRANT = "GRANT"
    WITHDRAW = "WITHDRAW"


class DeedOutcome(StrEnum):
    """What came of it. The other three are refusals: the role may not, it is absent or foreign, the register's state forbids it."""

    DONE = "DONE"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`record_id` is the record's own id as text, where it is one record. `student_ids` are the students whom it is about,
    `institution_ids` the institutions whose records it touched. `reason` is what the actor stated, where a reason is asked for;
    of an attempt, what was asked and the code of the refusal.
    """

    actor: Actor
    action: Action
    noun: str
    correlation_id: str
    record_id: str | None = None
    student_ids: tuple[StudentId, ...] = ()
    institution_ids: tuple[InstitutionId, ...] = ()
    reason: str | None = None
    outcome: DeedOutcome = DeedOutcome.DONE


Id = TypeVar("Id")


def distinct(ids: Iterable[Id | None]) -> tuple[Id, ...]:
    """Each id once, in the order in which it came; those that are none are left out."""
    return tuple(dict.fromkeys(each for each in ids if each is not None))
