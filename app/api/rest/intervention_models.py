"""What an intervention looks like over REST."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.api import amounts
from app.api.ids import InstitutionNumber
from app.api.patches import MergePatch, unchanged
from app.api.rest.support_models import Measure, Specialist, StaffMember, Subject
from app.api.texts import Line
from app.db.interventions import InterventionFilter
from app.domain.code_lists import DeliveryMode
from app.domain.errors import check, violation
from app.domain.ids import InterventionId, PlanId, RiskId, StudentId
from app.domain.interventions import Attendance, Ground, Intervention, Purpose
from app.domain.periods import Period
from app.domain.reference import ReferenceData
from app.domain.support import Support

Hours = Annotated[
    amounts.Hours,
    Field(
        description="Teaching hours of 40 minutes, at most two decimals; offered ones where it did not take place.",
        examples=["1.50"],
    ),
]
Eur = Annotated[amounts.Amount, Field(description="Of economic support, at most two decimals.", examples=[None])]


FirstDay = Annotated[date, Field(description="The day, or the first day of economic support.", examples=["2021-10-11"])]
LastDay = Annotated[date, Field(description="The last day of economic support for several days.", examples=[None])]
HeadOrder = Annotated[Line, Field(description="Number of the head's order, of remote consultations.", examples=[None])]
ConfirmedOn = Annotated[
    date, Field(description="The day on which the student confirmed a remote one.", examples=[None])
]


class InterventionFields(BaseModel, extra="forbid"):
    """What an intervention says besides what it refers to. Student and institution are those of the plan."""

    purpose: Purpose
    support_measure: Measure
    hours: Hours | None = None
    eur: Eur | None = None
    subject: Subject | None = None
    specialist: Specialist | None = None
    on: FirstDay
    to: LastDay | None = None
    attendance: Annotated[Attendance, Field(description="Whether it took place, or why not.")] = Attendance.ATTENDED
    mode: Annotated[DeliveryMode | None, Field(description="Of hours only.")] = None
    staff_member: StaffMember | None = None
    head_order: HeadOrder | None = None
    confirmed_on: ConfirmedOn | None = None

    def under(
        self, ground: Ground | Intervention, risk_id: RiskId, intervention_id: InterventionId, *, version: int = 1
    ) -> Intervention:
        """`ground`: the plan's, or another intervention under the same plan."""
        return Intervention(
            id=intervention_id,
            student_id=ground.student_id,
            institution_id=ground.institution_id,
            plan_id=ground.plan_id,
            risk_id=risk_id,
            purpose=self.purpose,
            support=Support(
                measure=self.support_measure,
                hours=self.hours,
                eur=self.eur,
                subject=self.subject,
                specialist=self.specialist,
            ),
            period=Period(self.on, self.to),
            attendance=self.attendance,
            mode=self.mode,
            staff_member=self.staff_member,
            head_order=self.head_order,
            confirmed_on=self.confirmed_on,
            version=version,
        )


class InterventionBody(InterventionFields):
    plan_id: PlanId
    risk_id: Annotated[RiskId, Field(description="The risk of the plan that it answers.")]


class InterventionNew(InterventionBody):
    """Student and institution are those of the plan. A support provider need not say who they are."""


class InterventionPatch(MergePatch):
    """Everything but the plan."""

    risk_id: RiskId = unchanged()
    purpose: Purpose = unchanged()
    support_measure: Measure = unchanged()
    hours: Hours | None = unchanged()
    eur: Eur | None = unchanged()
    subject: Subject | None = unchanged()
    specialist: Specialist | None = unchanged()
    on: FirstDay = unchanged()
    to: LastDay | None = unchanged()
    attendance: Attendance = unchanged()
    mode: DeliveryMode | None = unchanged()
    staff_member: StaffMember | None = unchanged()
    head_order: HeadOrder | None = unchanged()
    confirmed_on: ConfirmedOn | None = unchanged()

    def changed(self, each: Intervention) -> Intervention:
        changes = self.changes()
        support: dict[str, Any] = {
            name: changes.pop(name) for name in ("hours", "eur", "subject", "specialist") if name in changes
        }
        support["measure"] = changes.pop("support_measure", each.support.measure)
        period = Period(changes.pop("on", each.period.start), changes.pop("to", each.period.end))
        return replace(each, support=replace(each.support, **support), period=period, **changes)


class InterventionOut(InterventionBody):
    id: InterventionId
    student_id: StudentId
    institution_id: InstitutionNumber
    version: int

    @classmethod
    def of(cls, each: Intervention) -> "InterventionOut":
        return cls(
            id=each.id,
            student_id=each.student_id,
            institution_id=each.institution_id,
            plan_id=each.plan_id,
            risk_id=each.risk_id,
            purpose=each.purpose,
            support_measure=each.support.measure,
            hours=each.support.hours,
            eur=each.support.eur,
            subject=each.support.subject,
            specialist=each.support.specialist,
            on=each.period.start,
            to=each.period.end,
            attendance=each.attendance,
            mode=each.mode,
            staff_member=each.staff_member,
            head_order=each.head_order,
            confirmed_on=each.confirmed_on,
            version=each.version,
        )


class InterventionQuery(BaseModel):
    plan_id: PlanId | None = None
    student_id: StudentId | None = None
    institution_id: InstitutionNumber | None = None
    support_measure: Measure | None = None
    attendance: Attendance | None = None
    first: date | None = Field(default=None, alias="from", description="Those with a day on or after this one.")
    last: date | None = Field(default=None, alias="to", description="Those with a day on or before this one.")

    def filter(self, reference: ReferenceData) -> InterventionFilter:
        """Raises Invalid for a support measure that there is not."""
        measure = self.support_measure
        if measure is not None and measure not in reference.code_lists["support-measures"]:
            check([violation("/query/support_measure", "unknown-code", f"No support measure {measure}.")])
        return InterventionFilter(**self.model_dump())
