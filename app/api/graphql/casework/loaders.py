"""One loader for each question that a page of records asks of all its records at once."""

from functools import partial
from uuid import UUID

from strawberry.dataloader import DataLoader

from app.api.graphql.casework.reader import Reader
from app.api.graphql.context import Context, Info
from app.db import enrolments, institutions, interventions, outcomes, plan_steps, plans, risks
from app.domain.ids import PlanId
from app.domain.interventions import Intervention


class Loaders:
    """Of one document; each answers its question for all records that ask it together, in one statement."""

    def __init__(self, context: Context) -> None:
        self.reader = Reader(context)
        many, one = self.reader.many, self.reader.one
        self.enrolments_of_student = many(enrolments.of_students, lambda each: each.student_id, noun="enrolment")
        self.risks_of_student = many(risks.of_students, lambda each: each.student_id, noun="risk")
        self.plans_of_student = many(plans.of_students, lambda each: each.student_id, noun="plan")
        self.years_of_student = many(outcomes.of_students, lambda each: each.student_id, noun="outcome")
        self.steps_of_plan = many(plan_steps.of_plans, lambda pair: pair[0])
        self.plan = one(plans.of_ids, lambda each: each.id, noun="plan")
        self.outcome_of_plan = one(outcomes.of_plans, lambda each: each.plan_id, noun="outcome")
        self.institution = one(institutions.of_ids, lambda each: each.id)
        self._slices: dict[tuple[UUID | None, int], DataLoader[PlanId, list[Intervention]]] = {}

    def interventions_of_plan(self, after: UUID | None, limit: int) -> DataLoader[PlanId, list[Intervention]]:
        """So many of each plan, from the one after `after` on. The same slice of many plans is one question."""
        if (after, limit) not in self._slices:
            fetch = partial(interventions.first_of_plans, after=after, limit=limit)
            self._slices[after, limit] = self.reader.many(fetch, lambda each: each.plan_id, noun="intervention")
        return self._slices[after, limit]


def loaders(info: Info) -> Loaders:
    return info.context.shared(Loaders)
