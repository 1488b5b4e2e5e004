"""Plans in GraphQL, with all that hangs on them."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from app.api.graphql.casework.connections import USUAL, Connection, slice_of
from app.api.graphql.casework.enums import PlanState, Signatory, Step
from app.api.graphql.casework.loaders import loaders
from app.api.graphql.casework.records import Enrolment, Intervention, PlanOutcome, Risk, label, label_or_none
from app.api.graphql.context import Info
from app.api.graphql.labels import InstitutionLabel, Label, Semester, semester
from app.domain import plans
from app.domain.code_lists import CodeLists
from app.domain.plan_steps import StepTaken


@strawberry.type(description="So many hours, or so many EUR, in answer to one risk of the plan.")
class PlannedMeasure:
    risk_id: UUID
    support_measure: Label
    hours: Decimal | None = strawberry.field(description="Teaching hours of 40 minutes.")
    eur: Decimal | None
    subject: Label | None
    specialist: Label | None

    @classmethod
    def of(cls, each: plans.PlannedMeasure, codes: CodeLists) -> "PlannedMeasure":
        support = each.support
        return cls(
            risk_id=each.risk_id,
            support_measure=label(codes, "support-measures", support.measure),
            hours=support.hours,
            eur=support.eur,
            subject=label_or_none(codes, "subjects", support.subject),
            specialist=label_or_none(codes, "specialists", support.specialist),
        )


@strawberry.type(description="The signed application, and the days on which guardian and student agreed.")
class Consent:
    application_signed_on: date | None
    application_signed_by: Signatory | None
    guardian_agreed_on: date | None
    student_agreed_on: date | None


@strawberry.type(description="A change of an active plan on its way through the chain.")
class PlanRevision:
    number: int
    state: PlanState
    reason: str
    risk_ids: list[UUID]
    planned_measures: list[PlannedMeasure]


@strawberry.type(description="One step in the life of a plan or its revision.")
class PlanStep:
    step: Step
    revision_number: int
    from_state: PlanState
    to_state: PlanState
    on: date
    role: str
    reason: str | None

    @classmethod
    def of(cls, each: StepTaken) -> "PlanStep":
        return cls(
            step=each.step,
            revision_number=each.revision_number,
            from_state=each.from_state,
            to_state=each.to_state,
            on=each.on,
            role=each.role.value,
            reason=each.reason,
        )


@strawberry.type(description="An individual support plan: one student, one institution, one semester.")
class Plan:
    record: strawberry.Private[plans.Plan]
    id: UUID
    code: str = strawberry.field(description="Stands for the student's name in orders and forms.")
    student_id: UUID
    programme: str
    semester: Semester
    from_: date = strawberry.field(name="from")
    to: date | None
    state: PlanState
    consent: Consent
    providers: list[str] = strawberry.field(description="Pseudonymous references of who delivers it, and may see it.")
    planned_measures: list[PlannedMeasure]
    revision_number: int
    revision: PlanRevision | None
    activated_on: date | None
    ended_on: date | None
    end_reason: str | None
    version: int

    @strawberry.field(description="Where it was made.")
    async def institution(self, info: Info) -> InstitutionLabel | None:
        found = await loaders(info).institution.load(self.record.institution_id)
        return None if found is None else InstitutionLabel(id=found.id, name=found.name, kind=found.kind)

    @strawberry.field(description="The enrolment it stands on: grade and marks.")
    async def enrolment(self, info: Info) -> Enrolment | None:
        known = await loaders(info).enrolments_of_student.load(self.record.student_id)
        found = next((each for each in known if each.id == self.record.enrolment_id), None)
        return None if found is None else Enrolment.of(found, info.context.reference.code_lists)

    @strawberry.field(description="The risks it answers.")
    async def risks(self, info: Info) -> list[Risk]:
        known = {each.id: each for each in await loaders(info).risks_of_student.load(self.record.student_id)}
        codes = info.context.reference.code_lists
        return [Risk.of(known[each], codes) for each in self.record.content.risk_ids if each in known]

    @strawberry.field(description="Support delivered under it.")
    async def interventions(self, info: Info, first: int = USUAL, after: str | None = None) -> Connection[Intervention]:
        wanted, codes = slice_of(first, after), info.context.reference.code_lists
        found = await loaders(info).interventions_of_plan(wanted.after, wanted.limit).load(self.record.id)
        return wanted.page(found, lambda each: Intervention.of(each, codes))

    @strawberry.field(description="What came of it.")
    async def outcome(self, info: Info) -> PlanOutcome | None:
        found = await loaders(info).outcome_of_plan.load(self.record.id)
        return None if found is None else PlanOutcome.of(found, info.context.reference.code_lists)

    @strawberry.field(description="The earlier plan that it continues, where you may see it.")
    async def continues(
        self, info: Info
    ) -> Annotated["Plan", strawberry.lazy("app.api.graphql.casework.plans")] | None:
        if self.record.continues is None:
            return None
        found = await loaders(info).plan.load(self.record.continues)
        return None if found is None else present(found, info.context.reference.code_lists)

    @strawberry.field(description="Every step it has taken, the first one first.")
    async def steps(self, info: Info) -> list[PlanStep]:
        return [PlanStep.of(step) for _, step in await loaders(info).steps_of_plan.load(self.record.id)]


def present(each: plans.Plan, codes: CodeLists) -> Plan:
    revision, consent = each.revision, each.consent
    return Plan(
        record=each,
        id=each.id,
        code=each.code,
        student_id=each.student_id,
        programme=each.programme,
        semester=semester(each.semester),
        from_=each.period.start,
        to=each.period.end,
        state=each.state,
        consent=Consent(
            application_signed_on=consent.application_signed_on,
            application_signed_by=consent.application_signed_by,
            guardian_agreed_on=consent.guardian_agreed_on,
            student_agreed_on=consent.student_agreed_on,
        ),
        providers=list(each.providers),
        planned_measures=[PlannedMeasure.of(measure, codes) for measure in each.content.planned_measures],
        revision_number=each.revision_number,
        revision=None if revision is None else _revision(revision, codes),
        activated_on=each.activated_on,
        ended_on=each.ended_on,
        end_reason=each.end_reason,
        version=each.version,
    )


def _revision(each: plans.Revision, codes: CodeLists) -> PlanRevision:
    return PlanRevision(
        number=each.number,
        state=each.state,
        reason=each.reason,
        risk_ids=list(each.content.risk_ids),
        planned_measures=[PlannedMeasure.of(measure, codes) for measure in each.content.planned_measures],
    )
