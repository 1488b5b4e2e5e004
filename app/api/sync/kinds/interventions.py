"""Interventions: by far the most items there are, so they are looked up, judged and written many at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from app.api.recording import interventions as recording
from app.api.rest.intervention_models import InterventionFields
from app.api.sync.items import Item
from app.api.sync.kinds.intervention_cases import Case, Judged, Looking, judge
from app.api.sync.references import Reference
from app.api.sync.run import Run
from app.db import source_keys
from app.db.session import savepoint
from app.domain.errors import Busy, NotFound, Refused, Stale
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
        """Each part is looked up, judged and written; the next one is looked up while one is judged, and judged while that is written.

        The items are returned whose keys another batch has taken at the same moment.
        """
        looking, again = Looking(run), []
        judging: asyncio.Future[Judged] | None = None
        try:
            async for items in parts:
                cases, hours = await looking.up(items)
                done = None if judging is None else await judging
                # Of the days of the part before, which is not written yet, its own count is the later one.
                known = {} if done is None else done.hours
                hours.update((day, known[day]) for day in hours.keys() & known.keys())
                judging = asyncio.ensure_future(asyncio.to_thread(judge, run, cases, hours))
                if done is not None:
                    again += await self._write(run, done)
            if judging is not None:
                again += await self._write(run, await judging)
        finally:
            if judging is not None:
                await asyncio.wait([judging])
        return again

    async def _write(self, run: Run, judged: Judged) -> list[Item]:
        for case, wrong in judged.refused:
            run.refuse(case.item, wrong)
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
