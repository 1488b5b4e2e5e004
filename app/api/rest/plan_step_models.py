"""What a step in the history of a plan looks like over REST."""

from datetime import date

from pydantic import BaseModel, Field

from app.domain.actors import Role
from app.domain.plan_steps import Step, StepTaken
from app.domain.plans import PlanState


class PlanStepOut(BaseModel, from_attributes=True):
    step: Step
    revision_number: int
    from_state: PlanState
    to_state: PlanState
    on: date
    role: Role
    reason: str | None = Field(description="Why it was returned or discontinued.")

    @classmethod
    def of(cls, each: StepTaken) -> "PlanStepOut":
        return cls.model_validate(each)
