"""The domain's enumerations of casework, as GraphQL knows them. Import them from here."""

import strawberry

from app.api.graphql.enums import Result, YearResult
from app.domain.enrolments import EndReason
from app.domain.interventions import Attendance, Purpose
from app.domain.outcomes import NextStep
from app.domain.plan_steps import Step
from app.domain.plans import PlanState, Signatory
from app.domain.risks import IdentifiedBy, Severity

__all__ = [
    "Attendance",
    "EndReason",
    "IdentifiedBy",
    "NextStep",
    "PlanState",
    "Purpose",
    "Result",
    "Severity",
    "Signatory",
    "Step",
    "YearResult",
]

strawberry.enum(EndReason, name="EnrolmentEndReason", description="Why an enrolment ended.")
strawberry.enum(Attendance, description="Whether support took place, and if not, why.")
strawberry.enum(Purpose, description="What support is for.")
strawberry.enum(NextStep, description="What follows a plan.")
strawberry.enum(Step, name="PlanStepKind", description="A step in the life of a plan.")
strawberry.enum(PlanState, description="Where a plan stands.")
strawberry.enum(Signatory, description="Who signs the application: the guardian, or from 18 the student alone.")
strawberry.enum(IdentifiedBy, description="Who noticed a risk.")
strawberry.enum(Severity, description="How grave a risk is.")
