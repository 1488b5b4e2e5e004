"""What role, scope and row-level security add to a transaction: against the same one under a role that is past every policy.

The limit runs the same statements after the same BEGIN and SET: one record by its id, and the figures of the institutions in scope.
Nothing is audited on either side.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from app.db import plans, reach
from app.db.reference import packaged
from app.db.scopes import DatabaseRole, Scope
from app.db.session import Database
from app.db.statistics.answers import answer
from app.demo.register import TODAY
from app.domain.actors import Actor, Role
from app.domain.ids import PlanId
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query
from bench.house import Bench
from bench.measure import Result, paired

AT_MOST = 1.2
READS = 1_000
"""Rounds."""
ASKED_FOR = 8
"""Seconds for which each side is asked for its figures, in 20 rounds at least."""

BYPASS = cast("DatabaseRole", "register_bench")
"""A role of the benchmark alone: what the authority may read, and no policy."""
MAKE_BYPASS = """DO $$ BEGIN
    CREATE ROLE register_bench NOLOGIN BYPASSRLS IN ROLE register_authority;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$"""
SOME_PLANS = """
SELECT id FROM plan WHERE cardinality($1::int[]) = 0 OR institution_id = ANY ($1) ORDER BY md5(id::text) LIMIT 100
"""

REGION_SEMESTER = Query(
    by=(Dimension.REGION, Dimension.SEMESTER),
    measures=frozenset({Measure.STUDENTS, Measure.PLANS, Measure.DELIVERED_HOURS, Measure.CONSULTATIONS, Measure.EUR}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One connection each: the runtime login's, and the owner's, who may take the role that bypasses."""

    bench: Bench
    service: Database
    bypass: Database


async def scope_cost(bench: Bench) -> list[Result]:
    examples = bench.house.examples
    actors = {
        "school": Actor(subject="b", role=Role.SCHOOL_HEAD, institution_ids=frozenset({examples.school})),
        "provider": Actor(
            subject="b",
            role=Role.SUPPORT_PROVIDER,
            institution_ids=frozenset({examples.school}),
            staff_member=examples.staff_member,
        ),
        "partner": Actor(subject="b", role=Role.MUNICIPALITY_COORDINATOR, partner_id=examples.partner),
        "region": Actor(subject="b", role=Role.REGIONAL_COORDINATOR, region_code=examples.region),
        "authority": Actor(subject="b", role=Role.PROGRAMME_AUTHORITY),
    }
    async with _sides(bench) as sides:
        reads = [await _record_read(sides, name, actor) for name, actor in actors.items()]
        del actors["provider"]  # its figures are the school's
        return reads + [await _region_semester(sides, name, actor) for name, actor in actors.items()]


@asynccontextmanager
async def _sides(bench: Bench) -> AsyncIterator[Sides]:
    await bench.owner.execute(MAKE_BYPASS)
    service = Database(bench.house.settings.database_url.get_secret_value(), pool_size=1)
    bypass = Database(bench.owner_url, pool_size=1)
    yield Sides(bench=bench, service=service, bypass=bypass)
    await service.close()
    await bypass.close()


async def _record_read(sides: Sides, name: str, actor: Actor) -> Result:
    scope = await reach.for_records(sides.service, actor, geography=packaged().geography, today=TODAY)
    found = await sides.bench.owner.fetch(SOME_PLANS, list(scope.institution_ids))
    plan_ids = [each["id"] for each in found if await _visible(sides, scope, each["id"])]
    assert plan_ids

    def read(database: Database, within: Scope) -> Callable[[], Awaitable[None]]:
        turns = iter(plan_ids * (READS + 1))

        async def one() -> None:
            plan_id = PlanId(next(turns))
            async with database.transaction(within, read_only=True) as connection:
                assert (await plans.get(connection, plan_id)).id == plan_id

        return one

    limit = replace(scope, role=BYPASS)
    times = await paired(read(sides.service, scope), read(sides.bypass, limit), rounds=READS)
    return _result(f"record read, {name}", times, scope)


async def _visible(sides: Sides, scope: Scope, plan_id: UUID) -> bool:
    """A provider is named in some of its institution's plans."""
    async with sides.service.transaction(scope, read_only=True) as connection:
        return bool(await plans.of_ids(connection, [PlanId(plan_id)]))


async def _region_semester(sides: Sides, name: str, actor: Actor) -> Result:
    reference = packaged()
    scope = await reach.for_statistics(sides.service, actor, geography=reference.geography, today=TODAY)

    def ask(database: Database, within: Scope) -> Callable[[], Awaitable[object]]:
        async def one() -> object:
            async with database.transaction(within, read_only=True, snapshot=True) as connection:
                return await answer(connection, REGION_SEMESTER, reference=reference, scope=scope, today=TODAY)

        return one

    # Both name the institutions in scope; the limit has nothing else that keeps it to them.
    ours, limit = ask(sides.service, scope), ask(sides.bypass, replace(scope, role=BYPASS))
    assert await ours() == await limit(), "what is faster and wrong is not faster"
    started = time.perf_counter()
    await limit()
    rounds = max(20, int(ASKED_FOR / (time.perf_counter() - started)))
    return _result(f"region x semester, {name}", await paired(ours, limit, rounds=rounds), scope)


def _result(name: str, times: tuple[float, float], scope: Scope) -> Result:
    ours, limit = times
    width = len(scope.institution_ids) or "all"
    return Result(
        name=f"scope-cost: {name}",
        ours=ours * 1000,
        limit=limit * 1000,
        unit="ms",
        at_most=AT_MOST,
        note=f"one transaction as {scope.role} ({width} institutions), against the same under a role that bypasses row-level security",
    )
