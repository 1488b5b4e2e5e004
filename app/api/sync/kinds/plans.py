"""Plans: drafts as items say them, and the steps that a school system tells of: submitted, completed, discontinued."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import Field, TypeAdapter

from app.api import recording
from app.api.ids import time_ordered_id
from app.api.rest.plans.models import PlanFields, PlannedMeasureFields, Reason, each_once
from app.api.sync.items import Item
from app.api.sync.kinds.naming import Naming, said_at
from app.api.sync.kinds.one_by_one import OneByOne
from app.api.sync.references import Reference
from app.api.sync.run import Run
from app.db import enrolments, plans
from app.domain.calendar import Semester
from app.domain.errors import Invalid
from app.domain.ids import EnrolmentId, PlanId, RiskId
from app.domain.plan_steps import Step
from app.domain.plans import Content, Plan, PlanState
from app.domain.sync import ItemType, Operation, Verdict


class PlannedMeasureSaid(PlannedMeasureFields):
    risk: Reference


class PlanSaid(PlanFields):
    """A draft: what is planned for the student of an enrolment, in one semester."""

    enrolment: Reference
    risks: list[Reference] = Field(default=[], max_length=20)
    planned_measures: list[PlannedMeasureSaid] = Field(default=[], max_length=100)
    continues: Reference | None = Field(default=None, description="An earlier plan of the student.")


STEPS: Final = {
    Operation.SUBMIT: Step.SUBMIT,
    Operation.COMPLETE: Step.COMPLETE,
    Operation.DISCONTINUE: Step.DISCONTINUE,
}
TAKEN: Final = {
    Operation.SUBMIT: frozenset(PlanState) - {PlanState.DRAFT},
    Operation.COMPLETE: frozenset({PlanState.COMPLETED}),
    Operation.DISCONTINUE: frozenset({PlanState.DISCONTINUED}),
}
"""Where the step has been taken already. What has gone on since it was submitted was submitted; its revisions are for people."""

_REASON: Final = TypeAdapter(Reason)


class Plans(OneByOne[PlanSaid, Plan]):
    says: ClassVar[TypeAdapter[PlanSaid]] = TypeAdapter(PlanSaid)

    def model(self, operation: Operation) -> TypeAdapter[Any] | None:
        return _REASON if operation is Operation.DISCONTINUE else super().model(operation)

    async def _apply(self, run: Run, operation: Operation, items: list[Item]) -> None:
        if operation in STEPS:
            await self._take(run, operation, items)
        else:
            await super()._apply(run, operation, items)

    def place(self, said: PlanSaid) -> date:
        """What a plan continues has begun before it."""
        if said.first_day is not None:
            return said.first_day
        try:
            return Semester.parse(said.semester).start
        except Invalid:
            return date.min

    async def refer(self, run: Run, said: Sequence[PlanSaid]) -> None:
        await run.references.load(ItemType.ENROLMENT, [each.enrolment for each in said])
        named = [risk for each in said for risk in (*each.risks, *(one.risk for one in each.planned_measures))]
        await run.references.load(ItemType.RISK, named)
        await run.references.load(ItemType.PLAN, [each.continues for each in said])

    async def current(self, run: Run, ids: Sequence[UUID]) -> Mapping[UUID, Plan]:
        return {each.id: each for each in await plans.of_ids(run.tx.connection, [PlanId(one) for one in ids])}

    async def counterpart(self, run: Run, said: PlanSaid) -> Plan | None:
        """The plan of the same semester, if it is one of the client's own."""
        enrolment_id = EnrolmentId(Naming(run).record(ItemType.ENROLMENT, said.enrolment, "/enrolment_id"))
        found = await plans.of_semester(run.tx.connection, enrolment_id, said.semester)
        return found if found is not None and found.institution_id in run.tx.actor.institution_ids else None

    async def wanted(self, run: Run, said: PlanSaid, current: Plan | None) -> Plan:
        naming = Naming(run)
        enrolment_id = EnrolmentId(naming.record(ItemType.ENROLMENT, said.enrolment, "/enrolment_id"))
        content = _content(naming, said)
        continues = None
        if said.continues is not None:
            continues = PlanId(naming.record(ItemType.PLAN, said.continues, "/continues"))
        if current is None:
            naming.check()
            with said_at(enrolment="/enrolment_id"):
                enrolment = await enrolments.get(run.tx.connection, enrolment_id, lock=True)
            semester = recording.plans.demand_known(run.tx, programme=said.programme, semester=said.semester)
            return said.draft(PlanId(time_ordered_id()), enrolment, semester, content, continues)
        naming.same(current.enrolment_id, enrolment_id, "/enrolment_id")
        naming.same(current.programme, said.programme, "/programme")
        naming.same(str(current.semester), said.semester, "/semester")
        naming.check()
        return replace(
            current,
            period=said.period(current.semester),
            content=content,
            consent=said.consent.consent(),
            providers=each_once(said.providers),
            continues=continues,
        )

    async def create(self, run: Run, wanted: Plan) -> Plan:
        with said_at(plan="/continues"):
            return await recording.plans.draft(run.tx, wanted)

    async def locked(self, run: Run, record_id: UUID) -> Plan:
        return await recording.plans.locked(run.tx, PlanId(record_id))

    async def change(self, run: Run, current: Plan, wanted: Plan) -> Plan:
        with said_at(plan="/continues"):
            return await recording.plans.edit(run.tx, current, wanted)

    async def remove(self, run: Run, current: Plan) -> None:
        await recording.plans.remove(run.tx, current)

    async def _take(self, run: Run, operation: Operation, items: list[Item]) -> None:
        keys = await run.keys(items)
        current = await self.current(run, list(keys.values()))
        for item in sorted(items, key=attrgetter("external_id")):
            known = keys.get(item.external_id)
            found = None if known is None else current.get(known)
            if found is None:
                run.refuse_unknown(item)
            elif found.state in TAKEN[operation]:
                run.done(item, Verdict.UNCHANGED)
            else:
                async with run.judge(item):
                    run.done(item, await self._step(run, item, found))

    async def _step(self, run: Run, item: Item, found: Plan) -> Verdict:
        plan = await self.locked(run, found.id)
        if plan.state in TAKEN[item.operation]:
            return Verdict.UNCHANGED
        reason = None if item.data is None else item.data.reason
        await recording.plan_steps.take(run.tx, plan, STEPS[item.operation], reason)
        return Verdict.UPDATED


def _content(naming: Naming, said: PlanSaid) -> Content:
    risk_ids = [
        RiskId(naming.record(ItemType.RISK, each, f"/risk_ids/{index}")) for index, each in enumerate(said.risks)
    ]
    measures = [
        each.against(RiskId(naming.record(ItemType.RISK, each.risk, f"/planned_measures/{index}/risk_id")))
        for index, each in enumerate(said.planned_measures)
    ]
    return Content(risk_ids=tuple(risk_ids), planned_measures=tuple(measures))
