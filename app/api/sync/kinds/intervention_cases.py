"""What is to be decided on of interventions' items: found in the register many at a time, and judged without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from uuid import UUID

from app.api.ids import time_ordered_id
from app.api.recording import interventions as recording
from app.api.recording.interventions import Change, Hours
from app.api.sync.items import Item
from app.api.sync.run import Run
from app.db import interventions
from app.db.grounds import Grounds
from app.domain.errors import Invalid, RegisterError, Violation, violation
from app.domain.ids import InterventionId, PlanId, RiskId
from app.domain.interventions import Ground, Intervention
from app.domain.sync import ItemType, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An item with what is to be written for it; `known` is what its key meant so far."""

    item: Item
    change: Change
    known: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`hours` of the days of all of them, as they are once the sound ones are written."""

    sound: list[Case]
    refused: list[tuple[Case, Invalid]]
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class _Referring:
    """An item, and what it refers to. `before` is the intervention that its key means, if there is one; `wanted` what it shall be under
    the plan under which it is.
    """

    item: Item
    plan_id: PlanId
    risk_id: RiskId
    known: UUID | None
    before: Intervention | None
    wanted: Intervention | None

    @property
    def changes_nothing(self) -> bool:
        return self.wanted is not None and self.wanted == self.before


class Looking:
    """Looks up what items refer to and what is recorded. Those that fail here, and those that change nothing, get their verdict."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._connection = run.tx.connection
        self._grounds = Grounds(run.tx.connection)

    async def up(self, items: list[Item]) -> tuple[list[Case], Hours]:
        """What is left to be judged, and the hours of their days that are kept."""
        await self._run.references.load(ItemType.PLAN, [each.data.plan for each in items])
        await self._run.references.load(ItemType.RISK, [each.data.risk for each in items])
        referring = await self._referring(items)
        # Nothing is locked for what is not written.
        changing = [each for each in referring if not each.changes_nothing]
        unchanged = len(referring) - len(changing)
        self._run.all_done(ItemType.INTERVENTION, repeat(Verdict.UNCHANGED, unchanged))
        found = await self._grounds.of_plans(each.plan_id for each in changing)
        before = await self._as_locked([each.before for each in changing if each.before is not None])
        cases = [case for each in changing if (case := self._case(each, found[each.plan_id], before)) is not None]
        return cases, await recording.hours_of(self._run.tx, [each.change for each in cases])

    async def _referring(self, items: list[Item]) -> list[_Referring]:
        keys = await self._run.keys(items)
        before = await interventions.of_ids(self._connection, [InterventionId(each) for each in keys.values()])
        found = []
        for item in items:
            refs = _references(self._run, item)
            if refs is not None:
                known = keys.get(item.external_id)
                recorded = None if known is None else before.get(InterventionId(known))
                found.append(_referring(item, *refs, known, recorded))
        return found

    async def _as_locked(self, seen: Sequence[Intervention]) -> dict[InterventionId, Intervention]:
        """As they are now that nobody else writes under their plans: most often as they were seen before."""
        versions = await interventions.versions(self._connection, [each.id for each in seen])
        moved = [each.id for each in seen if versions.get(each.id) != each.version]
        now = {each.id: each for each in seen if versions.get(each.id) == each.version}
        return now | await interventions.of_ids(self._connection, moved)

    def _case(
        self, each: _Referring, ground: Ground | RegisterError, locked: dict[InterventionId, Intervention]
    ) -> Case | None:
        if isinstance(ground, RegisterError):
            self._run.refuse(each.item, Invalid([violation("/plan_id", ground.code, ground.message)]))
            return None
        before = None if each.before is None else locked.get(each.before.id)
        if before is not None and before.plan_id != each.plan_id:
            message = "An intervention stays under its plan: delete it, and send it anew under another id."
            self._run.refuse(each.item, Invalid([violation("/plan_id", "other-plan", message)]))
            return None
        wanted = each.wanted if before is each.before else None
        change = Change(wanted=wanted or _wanted(each, ground, before), before=before, ground=ground)
        return Case(item=each.item, change=change, known=each.known)


def judge(run: Run, cases: Sequence[Case], hours: Hours) -> Judged:
    """Asks nothing of the database, so that it may be at work for others meanwhile. `hours` are counted on."""
    wrong = recording.judged(run.tx, [each.change for each in cases], hours)
    pairs = list(zip(cases, wrong, strict=True))
    return Judged(
        sound=[case for case, found in pairs if found is None],
        refused=[(case, found) for case, found in pairs if found is not None],
        hours=hours,
    )


def _references(run: Run, item: Item) -> tuple[PlanId, RiskId] | None:
    """Plan and risk; None where the item was refused, since it refers to what the source has not sent."""
    wrong: list[Violation] = []
    found: list[UUID] = []
    for item_type, said, pointer in (
        (ItemType.PLAN, item.data.plan, "/plan_id"),
        (ItemType.RISK, item.data.risk, "/risk_id"),
    ):
        try:
            found.append(run.references.record(item_type, said, pointer))
        except Invalid as error:
            wrong.extend(error.violations)
    if wrong:
        run.refuse(item, Invalid(wrong))
        return None
    return PlanId(found[0]), RiskId(found[1])


def _referring(
    item: Item, plan_id: PlanId, risk_id: RiskId, known: UUID | None, before: Intervention | None
) -> _Referring:
    wanted = None
    if before is not None and before.plan_id == plan_id:
        wanted = item.data.under(before, risk_id, before.id, version=before.version)
    return _Referring(item=item, plan_id=plan_id, risk_id=risk_id, known=known, before=before, wanted=wanted)


def _wanted(each: _Referring, ground: Ground, before: Intervention | None) -> Intervention:
    intervention_id = InterventionId(time_ordered_id()) if before is None else before.id
    version = 1 if before is None else before.version
    wanted: Intervention = each.item.data.under(ground, each.risk_id, intervention_id, version=version)
    return wanted
