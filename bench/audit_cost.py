"""What the audit of reads adds to a record read over HTTP: against the same service, on the same database, that keeps nothing of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from unittest.mock import patch

import httpx

from app.db import audit
from app.db.session import Database
from app.domain.deeds import Deed
from app.main import create_app
from bench.house import Bench, client_of, head_of, serving
from bench.measure import Result, paired

AT_MOST = 1.5
TIMES, ROUNDS = 20, 30


class _Unaudited(Database):
    """Marks the pool of the service that keeps nothing."""


async def audit_cost(bench: Bench) -> list[Result]:
    settings = bench.house.settings
    without = create_app(settings)
    database = _Unaudited(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    without.state.register = replace(without.state.register, database=database)
    append = audit.append

    async def append_unless_unaudited(where: Database, deeds: Sequence[Deed]) -> None:
        if not isinstance(where, _Unaudited):
            await append(where, deeds)

    with patch.object(audit, "append", append_unless_unaudited):
        async with (
            serving(without) as url,
            client_of(bench.house, url, head_of(bench.house)) as client,
        ):
            results = [await _record_read(bench, client)]
    await database.close()
    return results


async def _record_read(bench: Bench, without: httpx.AsyncClient) -> Result:
    plan_id = await bench.owner.fetchval(
        "SELECT id FROM plan WHERE institution_id = $1 LIMIT 1", bench.house.examples.school
    )

    def reading(client: httpx.AsyncClient) -> Callable[[], Awaitable[None]]:
        async def some() -> None:
            for _ in range(TIMES):
                assert (await client.get(f"/v1/plans/{plan_id}")).is_success

        return some

    before = await _entries(bench)
    ours, limit = await paired(reading(bench.school), reading(without), rounds=ROUNDS)
    assert await _entries(bench) - before == TIMES * (ROUNDS + 1), "one side is audited, and the other is not"
    return Result(
        name="audit-cost: record read",
        ours=ours / TIMES * 1000,
        limit=limit / TIMES * 1000,
        unit="ms",
        at_most=AT_MOST,
        note="GET /v1/plans/{id} as a school, each read committed to the audit first, against a service that does not",
    )


async def _entries(bench: Bench) -> int:
    return int(await bench.owner.fetchval("SELECT count(*) FROM audit_event"))
