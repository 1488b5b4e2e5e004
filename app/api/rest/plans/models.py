"""What a plan looks like over REST."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from app.api.amounts import Amount, Hours
from app.api.ids import InstitutionNumber
from app.api.patches import MergePatch, unchanged
from app.api.rest.support_models import Measure, Specialist, StaffMember, Subject
from app.api.texts import Line, Paragraph
from app.db.plans import PlanFilter
from app.domain.actors import Role
from app.domain.calendar import Semester
from app.domain.enrolments import Enrolment
from app.domain.ids import EnrolmentId, InstitutionId, PlanId, RiskId, StudentId
from app.domain.periods import Period
from app.domain.plan_steps import Step, StepTaken
from app.domain.plans import Consent, Content, Plan, PlannedMeasure, PlanState, Revision, Signatory
from app.domain.support import Support

SemesterCode = Annotated[
    str, Field(pattern=r"^\d{4}-[12]$", description="School year's first year and semester.", examples=["2021-1"])
]


def each_once(providers: Iterable[str]) -> tuple[str, ...]:
    """Whom a plan names to deliver it is a set: in the order of the references."""
    return tuple(sorted(set(providers)))


class PlannedMeasureFields(BaseModel, extra="forbid"):
    """So many teaching hours of 40 minutes, or so many EUR, whatever they answer."""

    support_measure: Measure
    hours: Hours | None = None
    eur: Amount | None = None
    subject: Subject | None = None
    specialist: Specialist | None = None

    def against(self, risk_id: RiskId) -> PlannedMeasure:
        support = Support(
            measure=self.support_measure,
            hours=self.hours,
            eur=self.eur,
            subject=self.subject,
            specialist=self.specialist,
        )
        return PlannedMeasure(risk_id=risk_id, support=support)


class PlannedMeasureBody(PlannedMeasureFields):
    """So many teaching hours of 40 minutes, or so many EUR, in answer to one risk of the plan."""

    risk_id: RiskId

    def measure(self) -> PlannedMeasure:
        return self.against(self.risk_id)

    @classmethod
    def of(cls, each: PlannedMeasure) -> "PlannedMeasureBody":
        support = each.support
        return cls(
            risk_id=each.risk_id,
            support_measure=support.measure,
            hours=support.hours,
            eur=support.eur,
            subject=support.subject,
            specialist=support.specialist,
        )


class ConsentBody(BaseModel, extra="forbid", from_attributes=True):
    """The signed application, and the days on which guardian and student agreed with the plan. A change replaces all of it."""

    application_signed_on: date | None = None
    application_signed_by: Signatory | None = None
    guardian_agreed_on: date | None = None
    student_agreed_on: date | None = None

    def consent(self) -> Consent:
        return Consent(**self.model_dump())


class ContentBody(BaseModel, extra="forbid"):
    """The risks that the plan answers, and what is planned against each."""

    risk_ids: list[RiskId] = Field(default=[], max_length=20)
    planned_measures: list[PlannedMeasureBody] = Field(default=[], max_length=100)

    def content(self) -> Content:
        return Content(
            risk_ids=tuple(self.risk_ids), planned_measures=tuple(each.measure() for each in self.planned_measures)
        )


class PlanFields(BaseModel, extra="forbid"):
    """What a draft says besides its content and what it refers to. Student and institution are those of the enrolment."""

    programme: Line = "PUMPURS"
    semester: SemesterCode
    first_day: date | None = Field(default=None, alias="from", description="The semester's first day, unless given.")
    last_day: date | None = Field(default=None, alias="to", description="The semester's last day, unless given.")
    consent: ConsentBody = ConsentBody()
    providers: list[StaffMember] = Field(default=[], max_length=50, description="Who delivers it, and may see it.")

    def period(self, semester: Semester) -> Period:
        return Period(self.first_day or semester.start, self.last_day or semester.end)

    def draft(
        self, plan_id: PlanId, enrolment: Enrolment, semester: Semester, content: Content, continues: PlanId | None
    ) -> Plan:
        return Plan(
            id=plan_id,
            student_id=enrolment.student_id,
            institution_id=enrolment.institution_id,
            enrolment_id=enrolment.id,
            programme=self.programme,
            semester=semester,
            period=self.period(semester),
            content=content,
            consent=self.consent.consent(),
            providers=each_once(self.providers),
            continues=continues,
        )


class PlanNew(PlanFields, ContentBody):
    """A draft. Student and institution are those of the enrolment."""

    enrolment_id: EnrolmentId
    continues: PlanId | None = Field(default=None, description="An earlier plan of the student.")

    def plan(self, plan_id: PlanId, enrolment: Enrolment, semester: Semester) -> Plan:
        return self.draft(plan_id, enrolment, semester, self.content(), self.continues)


class PlanPatch(MergePatch):
    risk_ids: list[RiskId] = unchanged()
    planned_measures: list[PlannedMeasureBody] = unchanged()
    first_day: date = unchanged("from")
    last_day: date = unchanged("to")
    consent: ConsentBody = unchanged()
    providers: list[StaffMember] = unchanged()
    continues: PlanId | None = unchanged()

    def stated(self, plan: Plan) -> Plan:
        """The plan as the patch would have it, whether or not it may be changed."""
        sent = self.model_fields_set
        measures = [each.measure() for each in self.planned_measures or []]
        return replace(
            plan,
            content=Content(
                risk_ids=tuple(self.risk_ids) if "risk_ids" in sent else plan.content.risk_ids,
                planned_measures=tuple(measures) if "planned_measures" in sent else plan.content.planned_measures,
            ),
            consent=self.consent.consent() if "consent" in sent else plan.consent,
            providers=each_once(self.providers) if "providers" in sent else plan.providers,
            period=Period(
                self.first_day if "first_day" in sent else plan.period.start,
                self.last_day if "last_day" in sent else plan.period.end,
            ),
            continues=self.continues if "continues" in sent else plan.continues,
        )


class RevisionNew(ContentBody):
    """What the plan shall contain instead. It replaces risks and planned measures whole, once it has passed the chain."""

    reason: Paragraph


class Reason(BaseModel, extra="forbid"):
    reason: Paragraph


class RevisionOut(ContentBody):
    number: int
    state: PlanState
    reason: str

    @classmethod
    def of(cls, each: Revision) -> "RevisionOut":
        return cls.model_validate(
            content_fields(each.content) | {"number": each.number, "state": each.state, "reason": each.reason}
        )


class PlanOut(ContentBody):
    id: PlanId
    code: str = Field(
        description="Stands for the student's name in orders and forms.", examples=["IAP-2021-1-4QX7ZK2M"]
    )
    student_id: StudentId
    institution_id: InstitutionId
    enrolment_id: EnrolmentId
    programme: str
    semester: SemesterCode
    first_day: date = Field(alias="from")
    last_day: date = Field(alias="to")
    consent: ConsentBody
    providers: list[StaffMember]
    continues: PlanId | None
    state: PlanState
    revision_number: int
    revision: RevisionOut | None = Field(
        description="A change on its way through the chain; what is shown above stays in force."
    )
    activated_on: date | None
    ended_on: date | None
    end_reason: str | None
    version: int

    @classmethod
    def of(cls, each: Plan) -> "PlanOut":
        return cls.model_validate(
            content_fields(each.content)
            | {
                "id": each.id,
                "code": each.code,
                "student_id": each.student_id,
                "institution_id": each.institution_id,
                "enrolment_id": each.enrolment_id,
                "programme": each.programme,
                "semester": str(each.semester),
                "from": each.period.start,
                "to": each.period.end,
                "consent": ConsentBody.model_validate(each.consent),
                "providers": each.providers,
                "continues": each.continues,
                "state": each.state,
                "revision_number": each.revision_number,
                "revision": None if each.revision is None else RevisionOut.of(each.revision),
                "activated_on": each.activated_on,
                "ended_on": each.ended_on,
                "end_reason": each.end_reason,
                "version": each.version,
            }
        )


def content_fields(content: Content) -> dict[str, object]:
    measures = [PlannedMeasureBody.of(each) for each in content.planned_measures]
    return {"risk_ids": list(content.risk_ids), "planned_measures": measures}


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


class PlanQuery(BaseModel):
    student_id: StudentId | None = None
    institution_id: InstitutionNumber | None = None
    semester: SemesterCode | None = None
    state: PlanState | None = None
    code: Line | None = Field(default=None, examples=["IAP-2021-1-4QX7ZK2M"])

    def filter(self) -> PlanFilter:
        return PlanFilter(**self.model_dump())
