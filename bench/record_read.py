"""A school reads one plan over HTTP, against the same rows read from PostgreSQL without service, scope or policy."""

from bench.house import Bench
from bench.measure import Result, paired

TIMES = 100
LIMIT = """
SELECT plan.*, ARRAY(SELECT risk_id FROM plan_risk AS r WHERE r.plan_id = plan.id ORDER BY r.position),
    ARRAY(SELECT json_build_array(m.risk_id, m.support_measure, m.hours, m.eur) FROM planned_measure AS m WHERE m.plan_id = plan.id),
    ARRAY(SELECT staff_member FROM plan_provider AS p WHERE p.plan_id = plan.id)
FROM plan WHERE id = $1
"""


async def record_read(bench: Bench) -> Result:
    plan_id = await bench.owner.fetchval(
        "SELECT id FROM plan WHERE institution_id = $1 LIMIT 1", bench.house.examples.school
    )

    async def over_http() -> None:
        for _ in range(TIMES):
            answer = await bench.school.get(f"/v1/plans/{plan_id}")
            assert answer.is_success

    async def straight() -> None:
        for _ in range(TIMES):
            assert await bench.owner.fetchrow(LIMIT, plan_id) is not None

    ours, limit = await paired(over_http, straight, rounds=7)
    return Result(
        name="record-read",
        ours=TIMES / ours,
        limit=TIMES / limit,
        unit="reads/s",
        note="one connection; GET /v1/plans/{id} as a school, against the same SELECT through asyncpg as the owner",
    )
