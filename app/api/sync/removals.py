"""What is missing in a snapshot is ended, each type in its own way: a fact that was true once ends, a mistaken entry goes."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from app.api import recording
from app.api.recording import interventions as recorded_interventions
from app.api.sync.body import Received
from app.api.sync.items import Item
from app.api.sync.run import Run
from app.api.transactions import Transaction
from app.db import snapshots
from app.domain.ids import EnrolmentId, InterventionId, OutcomeId, PlanId, RiskId
from app.domain.plan_steps import Step
from app.domain.snapshots import REASON, left, resolved, was_never_submitted
from app.domain.sync import ItemType, ManyRemovals, Operation, SnapshotOf, Verdict, demand_confirmed

TOLD: Final = 1_000
"""Ids that a refusal names."""


async def remove_missing(run: Run, of: SnapshotOf, received: Received) -> int:
    """End what the source has sent before and this set does not name; return how many. Raises ManyRemovals.

    What cannot be ended is rejected, under lines that follow the last one of the body.
    """
    there = await snapshots.sent(run.tx.connection, of.type, of.institution_id, of.semester)
    phase = (Operation.UPSERT, of.type)
    missing = {key: record_id for key, record_id in there.items() if not received.spool.names(phase, key)}
    try:
        demand_confirmed(len(missing), len(there), of.confirmed)
    except ManyRemovals as error:
        error.removals = tuple(missing)[:TOLD]
        raise
    end, gone = ENDINGS[of.type], 0
    for line, (external_id, record_id) in enumerate(missing.items(), start=received.lines + 1):
        item = Item(line=line, operation=Operation.DELETE, type=of.type, external_id=external_id, data=None)
        async with run.judge(item):
            stays = await end(run.tx, record_id)
            if not stays:
                await run.unbind(item, record_id)
            run.done(item, Verdict.UPDATED if stays else Verdict.DELETED)
            gone += 1
    return gone


async def _enrolment(tx: Transaction, record_id: UUID) -> bool:
    current = await recording.enrolments.locked(tx, EnrolmentId(record_id))
    await recording.enrolments.change(tx, current, left(current, tx.today))
    return True


async def _risk(tx: Transaction, record_id: UUID) -> bool:
    await recording.risks.change(tx, resolved(await recording.risks.locked(tx, RiskId(record_id)), tx.today))
    return True


async def _plan(tx: Transaction, record_id: UUID) -> bool:
    current = await recording.plans.locked(tx, PlanId(record_id))
    if was_never_submitted(current):
        await recording.plans.remove(tx, current)
        return False
    await recording.plan_steps.take(tx, current, Step.DISCONTINUE, REASON)
    return True


async def _intervention(tx: Transaction, record_id: UUID) -> bool:
    current, _ground = await recorded_interventions.locked(tx, InterventionId(record_id))
    await recorded_interventions.remove(tx, current)
    return False


async def _outcome(tx: Transaction, record_id: UUID) -> bool:
    current, _plan_of_it = await recording.outcomes.locked(tx, OutcomeId(record_id))
    await recording.outcomes.remove(tx, current)
    return False


ENDINGS: Final[dict[ItemType, Callable[[Transaction, UUID], Awaitable[bool]]]] = {
    ItemType.ENROLMENT: _enrolment,
    ItemType.RISK: _risk,
    ItemType.PLAN: _plan,
    ItemType.INTERVENTION: _intervention,
    ItemType.OUTCOME: _outcome,
}
"""Each tells whether the record stays, ended."""
