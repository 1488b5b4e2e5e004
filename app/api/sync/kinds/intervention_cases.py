"""What is to be decided on of interventions' items: found in the register many at a time, and sorted out and judged without it.

Whatever asks nothing of the database is a function of its own, to be done in a thread while PostgreSQL is at work for other items.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.api.ids import time_ordered_ids
from app.api.recording import interventions as recording
from app.api.recording.interventions import Change, Hours
from app.api.sync.items import Item
from app.api.sync.references import References
from app.api.sync.run import Run
from app.api.transactions import Transaction
from app.db import interventions
from app.db.grounds import Day, Grounds
from app.domain.errors import Busy, Invalid, RegisterError, Violation, violation
from app.domain.ids import InterventionId, PlanId, RiskId, StudentId
from app.domain.interventions import Ground, Intervention, adds_hours, attended_hours
from app.domain.sync import ItemType

Refused = list[tuple[Item, Invalid]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Items, which records their keys mean, and these records, as they are while nothing is locked."""

    items: Sequence[Item]
    keys: Mapping[str, UUID]
    recorded: Mapping[InterventionId, Intervention]


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """An item, and what it refers to. `known` is what its key means, `before` the intervention that this is, if there is one, and
    `wanted` what it shall be if it stays under its plan.
    """

    item: Item
    plan_id: PlanId
    risk_id: RiskId
    known: UUID | None
    before: Intervention | None
    wanted: Intervention | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    changing: list[Referring]
    unchanged: int
    refused: Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Items under plans that are locked, and the hours of days that get more. `again`: those to be looked at again."""

    changing: list[Referring]
    again: list[Item]
    grounds: Mapping[PlanId, Ground | RegisterError]
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An item with what is to be written for it; `known` is what its key meant so far."""

    item: Item
    change: Change
    known: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    sound: list[Case]
    refused: Refused


class Looking:
    """Looks up what items refer to and what is recorded."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._connection = run.tx.connection
        self._grounds = Grounds(run.tx.connection)

    async def up(self, items: list[Item]) -> Found:
        await self._run.references.load(ItemType.PLAN, [each.data.plan for each in items])
        await self._run.references.load(ItemType.RISK, [each.data.risk for each in items])
        keys = await self._run.keys(items)
        recorded = await interventions.of_ids(self._connection, [InterventionId(each) for each in keys.values()])
        return Found(items=items, keys=keys, recorded=recorded)

    async def locked(self, changing: list[Referring]) -> Locked:
        """Their plans are locked, and nobody else writes under them: what was seen before is true, but for what has been changed since. All
        that changes something of these students is looked at again, in its order: they share the hours of their days.
        """
        grounds = await self._grounds.of_plans(each.plan_id for each in changing)
        for ground in grounds.values():
            if isinstance(ground, Busy):
                raise ground  # of the whole batch, which is run again
        moved = await self._moved([each.before for each in changing if each.before is not None])
        again, fresh = [], changing
        if moved:
            again = [each.item for each in changing if _student(grounds[each.plan_id]) in moved]
            fresh = [each for each in changing if _student(grounds[each.plan_id]) not in moved]
        hours = await recording.hours_of(self._run.tx, set(_days(fresh, grounds)))
        return Locked(changing=fresh, again=again, grounds=grounds, hours=hours)

    async def _moved(self, seen: Sequence[Intervention]) -> set[StudentId]:
        """Students of whom somebody else has changed an intervention since it was seen."""
        versions = await interventions.versions(self._connection, [each.id for each in seen])
        return {each.student_id for each in seen if versions.get(each.id) != each.version}


def _student(ground: Ground | RegisterError) -> StudentId | None:
    return ground.student_id if isinstance(ground, Ground) else None


def _days(changing: list[Referring], grounds: Mapping[PlanId, Ground | RegisterError]) -> Iterator[Day]:
    """Those that get more hours."""
    for each in changing:
        said, ground = each.item.data, grounds[each.plan_id]
        hours = attended_hours(said.attendance, said.hours)
        if isinstance(ground, Ground) and adds_hours(said.on, hours, each.before):
            yield ground.student_id, said.on


def sort(references: References, found: Found) -> Sorted:
    """Which items change something: nothing is locked for what is not written."""
    changing, refused, unchanged = [], [], 0
    for item in found.items:
        each = _referring(references, item, found)
        if isinstance(each, Invalid):
            refused.append((item, each))
        elif each.wanted is not None and each.wanted == each.before:
            unchanged += 1
        else:
            changing.append(each)
    return Sorted(changing=changing, unchanged=unchanged, refused=refused)


def judge(tx: Transaction, locked: Locked) -> Judged:
    cases, refused = [], []
    new_ids = time_ordered_ids()
    for each in locked.changing:
        case = _case(each, locked, new_ids)
        if isinstance(case, Invalid):
            refused.append((each.item, case))
        else:
            cases.append(case)
    sound = []
    for case, wrong in zip(cases, recording.judged(tx, [case.change for case in cases], locked.hours), strict=True):
        if wrong is None:
            sound.append(case)
        else:
            refused.append((case.item, wrong))
    return Judged(sound=sound, refused=refused)


def _referring(references: References, item: Item, found: Found) -> Referring | Invalid:
    """Invalid where it refers to what the source has not sent: not raised, since thousands are kept, and each would hold what was at hand."""
    wrong: list[Violation] = []
    ids: list[UUID] = []
    for item_type, said, pointer in (
        (ItemType.PLAN, item.data.plan, "/plan_id"),
        (ItemType.RISK, item.data.risk, "/risk_id"),
    ):
        try:
            ids.append(references.record(item_type, said, pointer))
        except Invalid as error:
            wrong.extend(error.violations)
    if wrong:
        return Invalid(wrong)
    plan_id, risk_id = PlanId(ids[0]), RiskId(ids[1])
    known = found.keys.get(item.external_id)
    before = None if known is None else found.recorded.get(InterventionId(known))
    wanted = None
    if before is not None and before.plan_id == plan_id:
        wanted = item.data.under(before, risk_id, before.id, version=before.version)
    return Referring(item=item, plan_id=plan_id, risk_id=risk_id, known=known, before=before, wanted=wanted)


def _case(each: Referring, locked: Locked, new_ids: Iterator[UUID]) -> Case | Invalid:
    """Invalid where nothing is recorded under the plan, or nothing of this intervention."""
    ground = locked.grounds[each.plan_id]
    if isinstance(ground, RegisterError):
        return Invalid([violation("/plan_id", ground.code, ground.message)])
    before, wanted = each.before, each.wanted
    if before is not None and before.plan_id != each.plan_id:
        message = "An intervention stays under its plan: delete it, and send it anew under another id."
        return Invalid([violation("/plan_id", "other-plan", message)])
    if wanted is None:
        wanted = each.item.data.under(ground, each.risk_id, InterventionId(next(new_ids)))
    return Case(item=each.item, change=Change(wanted=wanted, before=before, ground=ground), known=each.known)
