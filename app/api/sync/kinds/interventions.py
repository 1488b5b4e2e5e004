"""Interventions: by far the most items there are, so they are looked up, judged and written many at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import repeat
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from app.api.recording import interventions as recording
from app.api.rest.intervention_models import InterventionFields
from app.api.sync.items import Item
from app.api.sync.kinds.intervention_cases import Case, Judged, Locked, Looking, Refused, Sorted, judge, sort
from app.api.sync.references import Reference
from app.api.sync.run import Run
from app.db import source_keys
from app.db.session import savepoint
from app.domain import errors
from app.domain.errors import Busy, NotFound, Stale
from app.domain.ids import InterventionId
from app.domain.sync import ItemType, Operation, Verdict

ATTEMPTS: Final = 3


class InterventionSaid(InterventionFields):
    """Support that was delivered under a plan, against one of its risks, or why it was not."""

    plan: Reference
    risk: Reference


_SAYS: Final = TypeAdapter(InterventionSaid)


async def _alone(items: list[Item]) -> AsyncIterator[list[Item]]:
    yield items


class Interventions:
    def model(self, operation: Operation) -> TypeAdapter[Any] | None:
        return _SAYS if operation is Operation.UPSERT else None

    async def apply(self, run: Run, operation: Operation, parts: AsyncIterator[list[Item]]) -> None:
        if operation is Operation.DELETE:
            async for items in parts:
                await self._delete(run, items)
            return
        again = await self._upsert(run, parts)
        for _ in range(ATTEMPTS):
            if not again:
                return
            again = await self._upsert(run, _alone(again))
        raise Busy

    async def _upsert(self, run: Run, parts: AsyncIterator[list[Item]]) -> list[Item]:
        """Each part is looked up, sorted out, judged and written. What asks nothing of the database is done aside: one part is judged while
        the next one is looked up, and that is sorted out while the one before is written.

        The items are returned whose keys another batch has taken at the same moment, or whose interventions it has changed.
        """
        looking, again = Looking(run), []
        judging: asyncio.Future[Judged] | None = None
        async for items in parts:
            found = await looking.up(items)
            sorting = run.aside(sort, run.references, found)
            if judging is not None:
                again += await self._write(run, await judging)
            locked = await self._lock(run, looking, await sorting)
            again += locked.again
            judging = run.aside(judge, run.tx, locked)
        if judging is not None:
            again += await self._write(run, await judging)
        return again

    async def _lock(self, run: Run, looking: Looking, those: Sorted) -> Locked:
        _refuse(run, those.refused)
        run.all_done(ItemType.INTERVENTION, repeat(Verdict.UNCHANGED, those.unchanged))
        return await looking.locked(those.changing)

    async def _write(self, run: Run, judged: Judged) -> list[Item]:
        _refuse(run, judged.refused)
        taken = await self._bind(run, judged.sound)
        missed = {each.external_id for each in taken}
        await self._save(run, [each for each in judged.sound if each.item.external_id not in missed])
        return taken

    async def _bind(self, run: Run, cases: Sequence[Case]) -> list[Item]:
        new = {each.item.external_id: _target(each) for each in cases if each.known is None}
        bound = await source_keys.bind(run.tx.connection, run.source, ItemType.INTERVENTION, new)
        taken = [each.item for each in cases if each.known is None and each.item.external_id not in bound]
        for each in cases:
            moves = each.known is not None and each.change.before is None
            if moves and not await run.bind(each.item, _target(each), each.known):
                taken.append(each.item)
        return taken

    async def _save(self, run: Run, cases: Sequence[Case]) -> None:
        """All at once; where the database refuses one of them, half and half, until it is found."""
        if not cases:
            return
        try:
            async with savepoint(run.tx.connection):
                await recording.save(run.tx, [each.change for each in cases])
        except (Busy, Stale):
            raise Busy from None
        except errors.Refused as error:
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
        written = (Verdict.CREATED if each.change.before is None else Verdict.UPDATED for each in cases)
        run.all_done(ItemType.INTERVENTION, written)

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


def _target(each: Case) -> source_keys.Target:
    return each.change.wanted.id, each.change.wanted.institution_id


def _refuse(run: Run, refused: Refused) -> None:
    for item, error in refused:
        run.refuse(item, error)
