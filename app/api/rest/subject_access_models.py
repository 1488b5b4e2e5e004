"""The document that answers a request for access: every section in the words of the routes that show its records one by one."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from app.api.rest.enrolment_models import EnrolmentOut
from app.api.rest.intervention_models import InterventionOut
from app.api.rest.outcome_models import OutcomeOut
from app.api.rest.persons import PersonOut
from app.api.rest.plans.models import PlanOut, PlanStepOut
from app.api.rest.restrictions import RestrictionOut
from app.api.rest.risks import RiskOut
from app.api.texts import Paragraph
from app.domain.code_lists import Code
from app.domain.erasures import Erasable
from app.domain.ids import InstitutionId, StudentId
from app.domain.subject_access import AccessRequest, Requester

RequestedBy = Annotated[Requester, Field(description="From 18 the student alone.")]
RequestedOn = Annotated[date, Field(description="The day on which it was asked.", examples=["2021-11-02"])]


class SubjectAccessNew(BaseModel, extra="forbid"):
    requested_by: RequestedBy
    requested_on: RequestedOn
    reason: Annotated[Paragraph, Field(description="Kept in the audit.", examples=["Application 14 of 2021-11-02"])]

    def request(self) -> AccessRequest:
        return AccessRequest(by=self.requested_by, on=self.requested_on)


class NamedCode(BaseModel):
    list: Annotated[str, Field(description="The code list, or `municipalities`.", examples=["risks"])]
    code: str
    name_lv: str
    name_en: str

    @classmethod
    def of(cls, each: Code) -> "NamedCode":
        return cls(list=each.list, code=each.code, name_lv=each.name_lv, name_en=each.name_en)


class NamedInstitution(BaseModel):
    id: InstitutionId
    name: str


class RetentionRuleOut(BaseModel):
    """A rule that applies to the student."""

    rule: Annotated[str, Field(examples=["rule-1"])]
    name_lv: str
    name_en: str
    source: Annotated[str, Field(description="The law, or that it is an assumption of the data controller.")]


class RetentionOut(BaseModel):
    """Of several rules the one that keeps longest decides. `first_day` is null while the student is enrolled or a plan is open."""

    what: Erasable
    first_day: Annotated[
        date | None,
        Field(description="Erased on this day at the earliest, as far as whoever answers can tell."),
    ]
    rules: list[RetentionRuleOut]


class PlanWithSteps(BaseModel):
    plan: PlanOut
    steps: list[PlanStepOut]


class SubjectAccessOut(BaseModel):
    """What the register holds of a student and this institution, or the authority, may hand out."""

    student_id: StudentId
    requested_by: RequestedBy
    requested_on: RequestedOn
    answered_on: date
    purposes: list[NamedCode]
    recipients: Annotated[list[NamedCode], Field(description="Categories. Who really looked is in the access log.")]
    retention: list[RetentionOut]
    restrictions: list[RestrictionOut]
    persons: Annotated[list[PersonOut], Field(description="Empty for the authority, which works with pseudonyms.")]
    institutions: Annotated[list[NamedInstitution], Field(description="Who wrote it.")]
    enrolments: list[EnrolmentOut]
    risks: list[RiskOut]
    plans: list[PlanWithSteps]
    interventions: list[InterventionOut]
    outcomes: list[OutcomeOut]
    codes: Annotated[list[NamedCode], Field(description="Every code that occurs above, in both languages.")]
