"""Runs: clients at work, something killed or cut in the midst of it, and then a look at what is there."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

import httpx

from app.db.statistics import upkeep
from tests.api.delivered import active_plan
from tests.crash.delivery import Delivered, deliver
from tests.crash.house import House
from tests.crash.proxy import OF_COMMIT, Cut
from tests.crash.verdict import faults, lonely
from tests.crash.work import Client
from tests.factories import Json, World, make_world

CLIENTS, PLANS = 4, 5
LATEST = 1.2
"""Seconds after which the last thing happens: by then clients that were not disturbed are done."""


async def _kill_postgres(house: House) -> None:
    await house.kill_postgres()


async def _kill_backend(house: House) -> None:
    house.kill_a_backend()


async def _kill_service(house: House) -> None:
    house.kill_service()


async def _kill_both(house: House) -> None:
    house.kill_service()
    await house.kill_postgres()


def _cut(cut: Cut) -> Callable[[House], Awaitable[None]]:
    async def arm(house: House) -> None:
        (house.wire if cut in OF_COMMIT else house.door).arm(cut, times=3)

    return arm


HARM: dict[str, Callable[[House], Awaitable[None]]] = {
    "PostgreSQL is killed": _kill_postgres,
    "a process of PostgreSQL is killed": _kill_backend,
    "the service is killed": _kill_service,
    "both are killed": _kill_both,
    **{each.value: _cut(each) for each in Cut},
}


@dataclass(slots=True)
class Summary:
    runs: int = 0
    batches: int = 0
    lost: int = 0
    lost_and_applied: int = 0
    harm: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Scene:
    house: House
    world: World
    plans: list[Json]
    known: set[str]
    summary: Summary = field(default_factory=Summary)

    async def run(self, seed: int, harm: list[str] | None = None) -> list[str]:
        """One run. What happens, and when, comes of the seed alone; which of the processes is faster does not."""
        random, name = Random(seed), f"run{seed}"
        those = harm or random.choices(sorted(HARM), k=random.choice([1, 1, 2, 3]))
        clients = [
            Client(f"c{number}", self.plans, Random(f"{seed} {number}"), gives_up=number == 0)
            for number in range(CLIENTS)
        ]
        headers = self.world.sync(self.world.school)
        at_work = [asyncio.create_task(deliver(self.house.address, headers, each, name)) for each in clients]
        for wait, each in zip(_moments(random, len(those)), those, strict=True):
            await asyncio.sleep(wait)
            await HARM[each](self.house)
            self.summary.harm[each] += 1
        await self.house.up()
        everyone = await asyncio.gather(*at_work, return_exceptions=True)
        self.house.wire.disarm()
        self.house.door.disarm()
        await self.house.up()
        found = [f"{name}: {type(each).__name__}: {each}" for each in everyone if isinstance(each, BaseException)]
        delivered = [each for each in everyone if isinstance(each, Delivered)]
        if not found:
            found = [f"{name} ({', '.join(those)}): {each}" for each in await self._look(name, delivered)]
        self.summary.runs += 1
        self.summary.faults += found
        return found

    async def _look(self, name: str, delivered: list[Delivered]) -> list[str]:
        owner = await self.house.owner()
        try:
            # What was begun for a client that gave up may still be at work.
            while await owner.fetchval(  # noqa: ASYNC110 - of another process
                "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database"
                " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
            ):
                await asyncio.sleep(0.05)
            for each in delivered:
                self.summary.seen.update(each.seen)
                self.summary.batches += len(each.acknowledged)
                if each.lost is not None:
                    self.summary.lost += 1
                    self.summary.lost_and_applied += await owner.fetchval(
                        "SELECT count(*) FROM sync_batch WHERE idempotency_key = $1", each.lost.key
                    )
            drifted = [f"statistics: {each}" for each in await upkeep.differences(self.house.owner_url())]
            return [*await faults(owner, name, delivered, self.known), *drifted]
        finally:
            await owner.close()


def _moments(random: Random, many: int) -> list[float]:
    """Seconds to wait before each of so many."""
    at = sorted(random.uniform(0, LATEST) for _ in range(many))
    return [later - earlier for earlier, later in zip([0.0, *at], at, strict=False)]


async def scene(house: House) -> Scene:
    """A school with active plans, made through the service itself."""
    owner = await house.owner()
    world = await make_world(owner, house.settings)
    async with httpx.AsyncClient(base_url=house.address, timeout=60) as http:
        plans = [await active_plan(http, world, owner) for _ in range(PLANS)]
    made = Scene(house=house, world=world, plans=plans, known=await lonely(owner))
    await owner.close()
    return made
