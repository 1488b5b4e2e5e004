"""What somebody did to a record: kept with the change, in the same transaction. It names records and never repeats their content."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.actors import Actor
from app.domain.ids import InstitutionId, StudentId


class Action(StrEnum):
    CREATE = "CREATE"
    CHANGE = "CHANGE"
    DELETE = "DELETE"
    DECIDE = "DECIDE"
    CONFIRM_TRANSFER = "CONFIRM_TRANSFER"
    IMPORT = "IMPORT"
    ROTATE_KEYS = "ROTATE_KEYS"
    RESTRICT = "RESTRICT"
    LIFT_RESTRICTION = "LIFT_RESTRICTION"
    ANSWER_SUBJECT = "ANSWER_SUBJECT"
    ERASE = "ERASE"
    DISCLOSE = "DISCLOSE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`record_id` is the record's own id as text; `reason` is what the actor stated, where a reason is asked for."""

    actor: Actor
    action: Action
    noun: str
    correlation_id: str
    record_id: str | None = None
    student_id: StudentId | None = None
    institution_id: InstitutionId | None = None
    reason: str | None = None
