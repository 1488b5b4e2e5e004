"""48 groups with 8 fields out of rows that lie in memory: our resolvers and executor, against strawberry's own with plain types."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, cast

import orjson

from app.api.graphql.context import new_context
from app.api.graphql.schema import schema
from app.db.statistics import Snapshot
from app.domain.statistics.answer import Answer
from app.domain.statistics.query import Query
from app.main import register_from
from bench.house import Bench, the_authority
from bench.measure import Result, paired
from bench.plain_graphql import schema as plain_schema

GROUPS, TIMES, AT_MOST = 48, 50, 0.50
SELECTION = "groups { key { municipality { code } semester { code } } students plans interventions consultations deliveredHours eur }"
OURS = f"{{ statistics(by: [MUNICIPALITY, SEMESTER], first: {GROUPS}) {{ {SELECTION} }} }}"
PLAIN = f"{{ statistics {{ {SELECTION} }} }}"


@dataclass(slots=True)
class _Rows:
    """Read by the first who asks, and held for all others."""

    snapshot: Snapshot
    read: Answer | None = field(default=None)

    async def answer(self, query: Query) -> Answer:
        if self.read is None:
            self.read = await self.snapshot.answer(query)
        return self.read


async def graphql_answers(bench: Bench) -> Result:
    register = register_from(bench.house.settings)
    context = new_context(register, the_authority(), "bench")
    context = replace(context, statistics=cast("Snapshot", _Rows(context.statistics)))
    told = orjson.loads(await _answer(schema, OURS, context))
    rows = [_exact(row) for row in told["statistics"]["groups"]]
    assert len(rows) == GROUPS
    assert orjson.loads(await _answer(plain_schema, PLAIN, rows)) == told

    async def ours() -> None:
        for _ in range(TIMES):
            await _answer(schema, OURS, context)

    async def plain() -> None:
        for _ in range(TIMES):
            await _answer(plain_schema, PLAIN, rows)

    taken, limit = await paired(ours, plain, rounds=9)
    await register.database.close()
    return Result(
        name="graphql-answers",
        ours=taken / TIMES * 1_000,
        limit=limit / TIMES * 1_000,
        unit="ms",
        note=f"{GROUPS} groups x 8 fields of rows in memory, to JSON; documents of both are parsed and validated already",
        at_most=AT_MOST,
    )


async def _answer(asked: Any, document: str, context: object) -> bytes:  # noqa: ANN401 - ours or strawberry's
    result = await asked.execute(document, context_value=context)
    assert not result.errors, result.errors
    return orjson.dumps(result.data)


def _exact(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: Decimal(row[name]) for name in ("deliveredHours", "eur")}
