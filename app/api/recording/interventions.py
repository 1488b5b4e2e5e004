"""Interventions, one or many: judged by the rules one after the other, and written together."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.api.transactions import Transaction
from app.db import grounds, interventions
from app.db.grounds import Day
from app.domain.deeds import Action
from app.domain.errors import Invalid, RegisterError
from app.domain.ids import InterventionId, PlanId
from app.domain.interventions import (
    NO_HOURS,
    Delivery,
    Ground,
    Intervention,
    adds_hours,
    check_intervention,
    demand_own_work,
    provider_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an intervention shall be, and what it was; `before` is None of a new one."""

    wanted: Intervention
    before: Intervention | None
    ground: Ground


async def ground(tx: Transaction, plan_id: PlanId) -> Ground:
    """The plan is locked, so that hours of a day are counted one by one. Raises what a plan that is not to be had raises."""
    found = (await grounds.Grounds(tx.connection).of_plans([plan_id]))[plan_id]
    if isinstance(found, RegisterError):
        raise found
    return found


async def locked(tx: Transaction, intervention_id: InterventionId) -> tuple[Intervention, Ground]:
    """The plan before its record: whoever takes both takes them in this order. An intervention never changes its plan."""
    seen = await interventions.get(tx.connection, intervention_id)
    under = await ground(tx, seen.plan_id)
    return await interventions.get(tx.connection, intervention_id, lock=True), under


async def record(tx: Transaction, change: Change) -> Intervention:
    """One intervention, new or changed, as it is now kept. Raises Invalid where it breaks a rule, and Stale where somebody was faster."""
    [refused] = await judge(tx, [change])
    if refused is not None:
        raise refused
    await save(tx, [change])
    return change.wanted if change.before is None else replace(change.wanted, version=change.wanted.version + 1)


Hours = dict[Day, Decimal]
"""Teaching hours that students attend on days."""


async def judge(tx: Transaction, changes: Sequence[Change]) -> list[Invalid | None]:
    """What is wrong with each, in their order: the hours of a day are counted as if they were recorded one after the other."""
    days = {
        _day(each.wanted)
        for each in changes
        if adds_hours(each.wanted.period.start, each.wanted.attended_hours, each.before)
    }
    return judged(tx, changes, await hours_of(tx, days))


async def hours_of(tx: Transaction, days: Collection[Day]) -> Hours:
    """Those that are kept of these days."""
    return await grounds.hours_of_days(tx.connection, days)


def judged(tx: Transaction, changes: Sequence[Change], hours: Hours) -> list[Invalid | None]:
    """`judge`, where the hours of days that get more of them are known: they are counted on. Asks nothing of the database, and may be done
    in a thread.
    """
    return list(_judged(tx, changes, hours))


def _judged(tx: Transaction, changes: Sequence[Change], hours: Hours) -> Iterator[Invalid | None]:
    provider = provider_of(tx.actor)
    for each in changes:
        day = _day(each.wanted)
        already = hours.get(day, NO_HOURS)
        if each.before is not None and _day(each.before) == day:
            already -= each.before.attended_hours
        delivery = Delivery(
            ground=each.ground,
            programme=tx.reference.programmes[each.ground.programme],
            hours_that_day=already,
            codes=tx.reference.code_lists,
            today=tx.today,
            provider=provider,
        )
        try:
            check_intervention(each.wanted, delivery)
        except Invalid as error:
            yield error
            continue
        hours[day] = already + each.wanted.attended_hours
        if each.before is not None and (left := _day(each.before)) != day and left in hours:
            hours[left] -= each.before.attended_hours
        yield None


def _day(each: Intervention) -> Day:
    return each.student_id, each.period.start


async def save(tx: Transaction, changes: Sequence[Change]) -> None:
    """Write what has been judged. Raises Stale where somebody was faster."""
    added = [each.wanted for each in changes if each.before is None]
    changed = [each.wanted for each in changes if each.before is not None]
    deeds = [
        tx.deed(action, "intervention", *those)
        for action, those in ((Action.CREATE, added), (Action.CHANGE, changed))
        if those
    ]
    await interventions.save(tx.connection, added, changed, deeds)


async def remove(tx: Transaction, intervention: Intervention) -> None:
    """The intervention is locked."""
    demand_own_work(intervention, tx.actor)
    await interventions.remove(tx.connection, intervention, tx.deed(Action.DELETE, "intervention", intervention))
