"""Outcomes: of a plan, or of a student's school year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter

from app.api import recording
from app.api.ids import time_ordered_id
from app.api.rest.outcome_models import PlanOutcomeFields, YearOutcomeFields
from app.api.sync.kinds.naming import Naming, fixed, said_at
from app.api.sync.kinds.one_by_one import OneByOne
from app.api.sync.references import InstitutionReference, Reference
from app.api.sync.run import Run
from app.db import outcomes, plans
from app.domain.calendar import SchoolYear
from app.domain.errors import Invalid
from app.domain.ids import InstitutionId, OutcomeId, PlanId, RiskId, StudentId
from app.domain.outcomes import Outcome, PlanOutcome, Result, RiskResult, YearOutcome
from app.domain.sync import ItemType


class RiskResultSaid(BaseModel, extra="forbid"):
    risk: Reference
    result: Result


class PlanOutcomeSaid(PlanOutcomeFields):
    """What came of a plan that is or was in force, with a result for each of its risks."""

    plan: Reference
    results: Annotated[list[RiskResultSaid], Field(max_length=50)]


class YearOutcomeSaid(YearOutcomeFields):
    """How a student's school year ended."""

    student: Reference
    institution: InstitutionReference = None


OutcomeSaid = Annotated[PlanOutcomeSaid | YearOutcomeSaid, Field(discriminator="of")]
Said = PlanOutcomeSaid | YearOutcomeSaid


class Outcomes(OneByOne[Said, Outcome]):
    says: ClassVar[TypeAdapter[Said]] = TypeAdapter(OutcomeSaid)

    async def refer(self, run: Run, said: Sequence[Said]) -> None:
        of_plans = [each for each in said if isinstance(each, PlanOutcomeSaid)]
        of_years = [each for each in said if isinstance(each, YearOutcomeSaid)]
        await run.references.load(ItemType.PLAN, [each.plan for each in of_plans])
        await run.references.load(ItemType.RISK, [result.risk for each in of_plans for result in each.results])
        await run.references.load_places(of_years)

    async def current(self, run: Run, ids: Sequence[UUID]) -> Mapping[UUID, Outcome]:
        return {each.id: each for each in await outcomes.of_ids(run.tx.connection, [OutcomeId(one) for one in ids])}

    async def counterpart(self, run: Run, said: Said) -> Outcome | None:
        """Of a plan, or of a student's school year at an institution, there is one."""
        if isinstance(said, YearOutcomeSaid):
            year = SchoolYear.parse(said.school_year)
            return await outcomes.of_school_year(run.tx.connection, *_place(run, said), year)
        plan_id = PlanId(Naming(run).record(ItemType.PLAN, said.plan, "/plan_id"))
        found = await outcomes.of_plans(run.tx.connection, [plan_id])
        own = run.tx.actor.institution_ids
        return next((each for each in found if each.institution_id in own), None)

    async def wanted(self, run: Run, said: Said, current: Outcome | None) -> Outcome:
        if isinstance(said, YearOutcomeSaid):
            return _of_year(run, said, current)
        naming = Naming(run)
        plan_id = PlanId(naming.record(ItemType.PLAN, said.plan, "/plan_id"))
        results = _results(naming, said)
        if current is None:
            naming.check()
            with said_at(plan="/plan_id"):
                plan = await recording.plans.locked(run.tx, plan_id)
            return said.of_plan(plan, results, OutcomeId(time_ordered_id()))
        if isinstance(current, YearOutcome):
            raise Invalid([fixed("/of")])
        naming.same(current.plan_id, plan_id, "/plan_id")
        naming.check()
        # Results have no order: those that are the same are not said anew for standing in another one.
        same = set(results) == set(current.results) and len(results) == len(current.results)
        return replace(
            current,
            recorded_on=said.recorded_on,
            results=current.results if same else results,
            next_step=said.next_step,
            improvements=tuple(said.improvements),
            evaluation=said.evaluation,
        )

    async def create(self, run: Run, wanted: Outcome) -> Outcome:
        if isinstance(wanted, PlanOutcome):
            plan = await plans.get(run.tx.connection, wanted.plan_id)
            return await recording.outcomes.add_of_plan(run.tx, wanted, plan)
        with said_at(student="/student_id"):
            return await recording.outcomes.add_of_year(run.tx, wanted)

    async def locked(self, run: Run, record_id: UUID) -> Outcome:
        return (await recording.outcomes.locked(run.tx, OutcomeId(record_id)))[0]

    async def change(self, run: Run, current: Outcome, wanted: Outcome) -> Outcome:
        plan = await plans.get(run.tx.connection, current.plan_id) if isinstance(current, PlanOutcome) else None
        return await recording.outcomes.change(run.tx, wanted, plan)

    async def remove(self, run: Run, current: Outcome) -> None:
        await recording.outcomes.remove(run.tx, current)


def _results(naming: Naming, said: PlanOutcomeSaid) -> tuple[RiskResult, ...]:
    return tuple(
        RiskResult(
            risk_id=RiskId(naming.record(ItemType.RISK, each.risk, f"/results/{index}/risk_id")), result=each.result
        )
        for index, each in enumerate(said.results)
    )


def _of_year(run: Run, said: YearOutcomeSaid, current: Outcome | None) -> YearOutcome:
    if current is None:
        return said.of_student(*_place(run, said), OutcomeId(time_ordered_id()))
    return replace(said.of_student(*_place(run, said, current), current.id), version=current.version)


def _place(run: Run, said: YearOutcomeSaid, current: Outcome | None = None) -> tuple[StudentId, InstitutionId]:
    """Whose school year it was, and where; neither changes, nor does the year."""
    naming = Naming(run)
    if isinstance(current, PlanOutcome):
        raise Invalid([fixed("/of")])
    place = naming.place(said, current)
    if current is not None:
        naming.same(str(current.school_year), said.school_year, "/school_year")
    naming.check()
    return place
