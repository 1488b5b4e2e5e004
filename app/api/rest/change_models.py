"""What the feed sends: for the description of the service alone, since items are made by PostgreSQL (`app/db/feed_texts.py`)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.ids import InstitutionNumber
from app.api.rest.enrolment_models import EnrolmentOut
from app.api.rest.intervention_models import InterventionOut
from app.api.rest.outcome_models import PlanOutcomeOut, YearOutcomeOut
from app.api.rest.plans.models import PlanOut
from app.api.rest.risks import RiskOut
from app.api.rest.students import StudentOut
from app.domain.ids import StudentId

Type = Literal["student", "enrolment", "risk", "plan", "intervention", "outcome"]
Data = StudentOut | EnrolmentOut | RiskOut | PlanOut | InterventionOut | PlanOutcomeOut | YearOutcomeOut
Writer = Annotated[InstitutionNumber, Field(description="The institution that wrote it.")]


class ChangeUpsert(BaseModel):
    """A record as it is now: keep it, unless you have a newer version."""

    op: Literal["upsert"]
    type: Type
    id: UUID
    student_id: StudentId
    institution_id: InstitutionNumber | None = Field(description="The institution that wrote it; null of a student.")
    version: int
    external_id: str | None = Field(description="Your own id of it, where you are the one who sent it.")
    data: Data = Field(description="What the record's own address answers.")


class ChangeDelete(BaseModel):
    """Gone, or no longer yours to see: forget it; a student with all its records."""

    op: Literal["delete"]
    type: Type
    id: UUID
    student_id: StudentId
    institution_id: InstitutionNumber | None


class ChangeMerge(BaseModel):
    """Two students were one person: forget everything of `id`. Its records follow under `into`."""

    op: Literal["merge"]
    type: Literal["student"]
    id: StudentId
    into: StudentId


class ChangeClose(BaseModel):
    """What this institution wrote of the student is no longer open to you: forget it. What is open again follows."""

    op: Literal["close"]
    student_id: StudentId
    institution_id: Writer


class Handed(BaseModel):
    student_id: StudentId
    institution_id: Writer


class ChangeScope(BaseModel):
    """Your institutions are others than before. Forget each record that is neither of one of `institution_ids` nor in `handed`, and each
    student that has none left then: those whom you still see follow, and so does what you have gained.
    """

    op: Literal["scope"]
    institution_ids: list[InstitutionNumber] | None = Field(description="Null: all there are.")
    handed: list[Handed] = Field(description="What other institutions wrote and is open to you.")


class ChangeLoad(BaseModel):
    """Everything that you may see is sent between the two: at the end forget what has not been sent since the beginning."""

    op: Literal["load-begins", "load-ends"]


Change = Annotated[
    ChangeUpsert | ChangeDelete | ChangeMerge | ChangeClose | ChangeScope | ChangeLoad, Field(discriminator="op")
]


class ChangePage(BaseModel):
    items: list[Change]
    cursor: str = Field(description="Send it with the next request.")
    more: bool = Field(description="Whether there is more to be had at once.")


_EXAMPLE = (
    '{"op":"delete","type":"risk","id":"0197a3f0-5b1c-7c43-8a2e-5d1f0c9b7e21","student_id":"5f0c1d7e-3b0a-4a52-9c38-7d1f4e6a2b90",'
    '"institution_id":12}\n{"cursor":"eNqLVtBSMFKI1Y...","more":false}\n'
)
ANSWERS: dict[str, Any] = {
    "model": ChangePage,
    "description": "Items in the order in which they apply. As `application/x-ndjson` one a line, and last of all cursor and more.",
    "content": {"application/x-ndjson": {"schema": {"type": "string"}, "example": _EXAMPLE}},
}
