"""Interventions: by far the most items there are, so they are looked up, judged and written many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from app.api.ids import time_ordered_id
from app.api.recording import interventions as recording
from app.api.recording.interventions import Change
from app.api.rest.intervention_models import InterventionFields
from app.api.sync.items import Item
from app.api.sync.references import Reference
from app.api.sync.run import Run
from app.db import interventions, source_keys
from app.db.grounds import Grounds
from app.db.session import savepoint
from app.domain.errors import Busy, Invalid, NotFound, Refused, RegisterError, Stale, Violation, violation
from app.domain.ids import InterventionId, PlanId, RiskId
from app.domain.interventions import Ground
from app.domain.sync import ItemType, Operation, Verdict

ATTEMPTS: Final = 3


class InterventionSaid(InterventionFields):
    """Support that was delivered under a plan, against one of its risks, or why it was not."""

    plan: Reference
    risk: Reference


_SAYS: Final = TypeAdapter(InterventionSaid)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An item with what is to be written for it; `known` is what its key meant so far."""

    item: Item
    change: Change
    known: UUID | None


class Interventions:
    def model(self, operation: Operation) -> TypeAdapter[Any] | None:
        return _SAYS if operation is Operation.UPSERT else None

    async def apply(self, run: Run, operation: Operation, items: list[Item]) -> None:
        if operation is Operation.DELETE:
            await self._delete(run, items)
            return
        await run.references.load(ItemType.PLAN, [each.data.plan for each in items])
        await run.references.load(ItemType.RISK, [each.data.risk for each in items])
        grounds = Grounds(run.tx.connection)
        for _ in range(ATTEMPTS):
            items = await self._write(run, await self._cases(run, items, grounds))
            if not items:
                return
        raise Busy

    async def _cases(self, run: Run, items: Sequence[Item], grounds: Grounds) -> list[_Case]:
        """What is to be decided on. Items that fail before are refused."""
        referred = [(item, refs) for item in items if (refs := _references(run, item)) is not None]
        found = await grounds.of_plans(PlanId(plan_id) for _, (plan_id, _) in referred)
        keys = await run.keys([item for item, _ in referred]) if referred else {}
        before = await interventions.of_ids(run.tx.connection, [InterventionId(each) for each in keys.values()])
        cases = []
        for item, (plan_id, risk_id) in referred:
            ground = found[PlanId(plan_id)]
            if isinstance(ground, RegisterError):
                run.refuse(item, _at_plan(ground))
                continue
            known = keys.get(item.external_id)
            current = None if known is None else before.get(InterventionId(known))
            if current is not None and current.plan_id != ground.plan_id:
                message = "An intervention stays under its plan: delete it, and send it anew under another id."
                run.refuse(item, Invalid([violation("/plan_id", "other-plan", message)]))
                continue
            cases.append(_Case(item=item, change=_change(item, ground, RiskId(risk_id), current), known=known))
        return cases

    async def _write(self, run: Run, cases: Sequence[_Case]) -> list[Item]:
        """Judge and write, and return the items whose keys another batch has taken at the same moment."""
        unchanged = [each for each in cases if each.change.wanted == each.change.before]
        for each in unchanged:
            run.done(each.item, Verdict.UNCHANGED)
        cases = [each for each in cases if each.change.wanted != each.change.before]
        if not cases:
            return []
        sound = []
        for each, wrong in zip(cases, await recording.judge(run.tx, [each.change for each in cases]), strict=True):
            if wrong is None:
                sound.append(each)
            else:
                run.refuse(each.item, wrong)
        taken = await self._bind(run, sound)
        missed = {each.external_id for each in taken}
        await self._save(run, [each for each in sound if each.item.external_id not in missed])
        return taken

    async def _bind(self, run: Run, cases: Sequence[_Case]) -> list[Item]:
        new = {each.item.external_id: _target(each) for each in cases if each.known is None}
        bound = await source_keys.bind(run.tx.connection, run.source, ItemType.INTERVENTION, new)
        taken = [each.item for each in cases if each.known is None and each.item.external_id not in bound]
        for each in cases:
            moves = each.known is not None and each.change.before is None
            if moves and not await run.bind(each.item, _target(each), each.known):
                taken.append(each.item)
        return taken

    async def _save(self, run: Run, cases: Sequence[_Case]) -> None:
        """All at once; where the database refuses one of them, half and half, until it is found."""
        if not cases:
            return
        try:
            async with savepoint(run.tx.connection):
                await recording.save(run.tx, [each.change for each in cases])
        except (Busy, Stale):
            raise Busy from None
        except Refused as error:
            if len(cases) > 1:
                half = len(cases) // 2
                await self._save(run, cases[:half])
                await self._save(run, cases[half:])
                return
            [case] = cases
            if case.change.before is None:
                await run.unbind(case.item, case.change.wanted.id)
            run.refuse(case.item, error)
            return
        for each in cases:
            run.done(each.item, Verdict.CREATED if each.change.before is None else Verdict.UPDATED)

    async def _delete(self, run: Run, items: list[Item]) -> None:
        keys = await run.keys(items)
        for item in items:
            known = keys.get(item.external_id)
            async with run.judge(item):
                run.done(item, Verdict.UNCHANGED if known is None else await self._gone(run, item, known))

    async def _gone(self, run: Run, item: Item, record_id: UUID) -> Verdict:
        try:
            current, _ground = await recording.locked(run.tx, InterventionId(record_id))
        except NotFound:
            await run.unbind(item, record_id)
            return Verdict.UNCHANGED
        await recording.remove(run.tx, current)
        await run.unbind(item, record_id)
        return Verdict.DELETED


def _references(run: Run, item: Item) -> tuple[UUID, UUID] | None:
    """Plan and risk; None where the item was refused, since it refers to what the source has not sent."""
    wrong: list[Violation] = []
    found: list[UUID] = []
    for item_type, said in ((ItemType.PLAN, item.data.plan), (ItemType.RISK, item.data.risk)):
        try:
            found.append(run.references.record(item_type, said, f"/{item_type}_id"))
        except Invalid as error:
            wrong.extend(error.violations)
    if wrong:
        run.refuse(item, Invalid(wrong))
        return None
    return found[0], found[1]


def _at_plan(error: RegisterError) -> Invalid:
    return Invalid([violation("/plan_id", error.code, error.message)])


def _change(item: Item, ground: Ground, risk_id: RiskId, before: Any) -> Change:  # noqa: ANN401 - an intervention, or none
    intervention_id = InterventionId(time_ordered_id()) if before is None else before.id
    version = 1 if before is None else before.version
    wanted = item.data.under(ground, risk_id, intervention_id, version=version)
    return Change(wanted=wanted, before=before, ground=ground)


def _target(each: _Case) -> source_keys.Target:
    return each.change.wanted.id, each.change.wanted.institution_id
