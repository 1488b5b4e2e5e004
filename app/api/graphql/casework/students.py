"""Students in GraphQL: a pseudonym, and what hangs on it. Who the person is, GraphQL never says."""

from uuid import UUID

import strawberry

from app.api.graphql.casework import plans
from app.api.graphql.casework.loaders import loaders
from app.api.graphql.casework.records import Enrolment, Risk, YearOutcome
from app.api.graphql.context import Info
from app.domain.ids import StudentId


@strawberry.type(description="A student, by pseudonym. The person behind it is never told here.")
class Student:
    id: UUID
    version: int

    @strawberry.field(description="Where the student is and was enrolled, as far as you may see it.")
    async def enrolments(self, info: Info) -> list[Enrolment]:
        found = await loaders(info).enrolments_of_student.load(StudentId(self.id))
        return [Enrolment.of(each, info.context.reference.code_lists) for each in found]

    @strawberry.field(description="Identified risks, resolved ones included.")
    async def risks(self, info: Info) -> list[Risk]:
        found = await loaders(info).risks_of_student.load(StudentId(self.id))
        return [Risk.of(each, info.context.reference.code_lists) for each in found]

    @strawberry.field(description="Support plans, in the order in which they were made.")
    async def plans(self, info: Info) -> list[plans.Plan]:
        found = await loaders(info).plans_of_student.load(StudentId(self.id))
        return [plans.present(each, info.context.reference.code_lists) for each in found]

    @strawberry.field(description="How the student's school years ended.")
    async def year_outcomes(self, info: Info) -> list[YearOutcome]:
        found = await loaders(info).years_of_student.load(StudentId(self.id))
        return [YearOutcome.of(each, info.context.reference.code_lists) for each in found]
