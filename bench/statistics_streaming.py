"""Statistics that nobody has asked before while batches stream in at full speed, against the same questions while nothing else happens.

One process of the service takes both, on the processors of the database: the hardest case there is.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from statistics import median

import httpx

from app.domain.actors import Actor, Role
from bench.batches import largest_institutions, send, turns
from bench.house import Bench, client_of, serving_apart, the_authority
from bench.measure import Result
from bench.sent_items import SYSTEM, body, drawn, keyed
from bench.statistics_cold import CASES, Case, asked

ITEMS, BATCHES = 20_000, 20
AT_MOST = 2
ALONE, TOGETHER = 3, 10
"""Seconds for which each question is asked: a batch and its settling fall into the longer ones."""
PAUSE = 0.05


async def statistics_streaming(bench: Bench) -> list[Result]:
    await keyed(bench.owner)
    institutions = await largest_institutions(bench.owner)
    # Others in each batch, or their days would get fuller and fuller.
    those = await drawn(bench.owner, institutions, BATCHES * ITEMS)
    parts = cycle([those[at : at + ITEMS] for at in range(0, len(those), ITEMS)])
    actor = Actor(subject=SYSTEM, role=Role.SYNC_CLIENT, institution_ids=frozenset(institutions))
    async with (
        serving_apart(bench.house) as url,
        client_of(bench.house, url, actor) as system,
        client_of(bench.house, url, the_authority()) as authority,
    ):

        @asynccontextmanager
        async def streaming() -> AsyncIterator[None]:
            ended = asyncio.Event()

            async def sent() -> None:
                while not ended.is_set():
                    await send(system, body(next(parts), next(turns)))

            task = asyncio.create_task(sent())
            await asyncio.sleep(ALONE)  # until the first one is being applied
            yield
            ended.set()
            await task

        await send(system, body(next(parts), next(turns)))
        results = []
        for case in CASES:
            limit = await _asked_for(authority, case, ALONE)
            async with streaming():
                ours = await _asked_for(authority, case, TOGETHER)
            results.append(_result(case, ours, limit))
        return results


async def _asked_for(authority: httpx.AsyncClient, case: Case, seconds: float) -> float:
    """Median seconds of an answer."""
    await asked(authority, case)
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.perf_counter()
        await asked(authority, case)
        times.append(time.perf_counter() - started)
        await asyncio.sleep(PAUSE)
    return median(times)


def _result(case: Case, ours: float, limit: float) -> Result:
    return Result(
        name=f"streaming: {case.name}",
        ours=ours * 1000,
        limit=limit * 1000,
        unit="ms",
        note=f"as the authority over HTTP, nothing kept, while batches of {ITEMS} interventions are applied, against the same alone",
        at_most=AT_MOST,
    )
