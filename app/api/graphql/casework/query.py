"""Where casework begins: one record by its id, or a page of them. What is foreign and what is absent are both null."""

from datetime import date
from uuid import UUID

import strawberry

from app.api.graphql.casework import plans
from app.api.graphql.casework.connections import USUAL, Connection, slice_of
from app.api.graphql.casework.enums import PlanState
from app.api.graphql.casework.loaders import loaders
from app.api.graphql.casework.records import Intervention
from app.api.graphql.casework.students import Student
from app.api.graphql.casework.texts import line_of, semester_of
from app.api.graphql.context import Info
from app.db import interventions as intervention_rows
from app.db import plans as plan_rows
from app.db import students as student_rows
from app.domain.errors import NotFound
from app.domain.ids import InstitutionId, PlanId, StudentId


@strawberry.input(description="All that are given must hold.")
class StudentFilter:
    institution_id: int | None = None
    enrolled_on: date | None = None


@strawberry.input(description="All that are given must hold.")
class PlanFilter:
    student_id: UUID | None = None
    institution_id: int | None = None
    semester: str | None = strawberry.field(default=None, description='Written "2021-1".')
    state: PlanState | None = None
    code: str | None = None


@strawberry.input(
    description="All that are given must hold. `from` and `to`: at least one day lies between, both included."
)
class InterventionFilter:
    plan_id: UUID | None = None
    student_id: UUID | None = None
    institution_id: int | None = None
    from_: date | None = strawberry.field(default=None, name="from")
    to: date | None = None


@strawberry.type
class CaseworkQuery:
    @strawberry.field(description="One student, or null.")
    async def student(self, info: Info, id: UUID) -> Student | None:  # noqa: A002 - the argument's name in GraphQL
        try:
            async with loaders(info).reader.transaction() as connection:
                found = await student_rows.get(connection, StudentId(id))
        except NotFound:
            info.context.missed("student", id)
            return None
        info.context.saw("student", [found])
        return Student(id=found.id, version=found.version)

    @strawberry.field(description="Students that you may see.")
    async def students(
        self, info: Info, where: StudentFilter | None = None, first: int = USUAL, after: str | None = None
    ) -> Connection[Student]:
        page, wanted = slice_of(first, after), where or StudentFilter()
        async with loaders(info).reader.transaction() as connection:
            found = await student_rows.page(
                connection,
                institution_id=_institution(wanted.institution_id),
                enrolled_on=wanted.enrolled_on,
                after=page.after,
                limit=page.limit,
            )
        info.context.saw("student", found[: page.first])
        return page.page(found, lambda each: Student(id=each.id, version=each.version))

    @strawberry.field(description="One plan, or null.")
    async def plan(self, info: Info, id: UUID) -> plans.Plan | None:  # noqa: A002 - the argument's name in GraphQL
        found = await loaders(info).plan.load(PlanId(id))
        if found is None:
            info.context.missed("plan", id)
            return None
        return plans.present(found, info.context.reference.code_lists)

    @strawberry.field(description="Plans that you may see, in the order in which they were made.")
    async def plans(
        self, info: Info, where: PlanFilter | None = None, first: int = USUAL, after: str | None = None
    ) -> Connection[plans.Plan]:
        page, wanted = slice_of(first, after), where or PlanFilter()
        asked = plan_rows.PlanFilter(
            student_id=None if wanted.student_id is None else StudentId(wanted.student_id),
            institution_id=_institution(wanted.institution_id),
            semester=None if wanted.semester is None else semester_of(wanted.semester, "/where/semester"),
            state=wanted.state,
            code=None if wanted.code is None else line_of(wanted.code, "/where/code"),
        )
        async with loaders(info).reader.transaction() as connection:
            found = await plan_rows.page(connection, asked, after=page.after, limit=page.limit)
        info.context.saw("plan", found[: page.first], asked=wanted.student_id)
        return page.page(found, lambda each: plans.present(each, info.context.reference.code_lists))

    @strawberry.field(description="Interventions that you may see, in the order in which they were recorded.")
    async def interventions(
        self, info: Info, where: InterventionFilter | None = None, first: int = USUAL, after: str | None = None
    ) -> Connection[Intervention]:
        page, wanted = slice_of(first, after), where or InterventionFilter()
        asked = intervention_rows.InterventionFilter(
            plan_id=None if wanted.plan_id is None else PlanId(wanted.plan_id),
            student_id=None if wanted.student_id is None else StudentId(wanted.student_id),
            institution_id=_institution(wanted.institution_id),
            first=wanted.from_,
            last=wanted.to,
        )
        async with loaders(info).reader.transaction() as connection:
            found = await intervention_rows.page(connection, asked, after=page.after, limit=page.limit)
        info.context.saw("intervention", found[: page.first], asked=wanted.student_id)
        return page.page(found, lambda each: Intervention.of(each, info.context.reference.code_lists))


def _institution(number: int | None) -> InstitutionId | None:
    return None if number is None else InstitutionId(number)
