"""Statistics over GraphQL that nobody has asked before, against hand-written SQL over the plain tables, which knows no policies.

Each time the same question is asked with another size of its page, so that no answer that was kept can be given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from httpx import AsyncClient

from bench import live_statistics as live
from bench.house import Bench
from bench.measure import Result, paired

MEASURES = ("students", "plans", "deliveredHours", "consultations", "eur")
ROUNDS = 7
_pages = count(5_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`keys`: the paths of a group's key; `at_most`: of the time that `limit` takes."""

    name: str
    arguments: str
    selection: str
    keys: tuple[tuple[str, ...], ...]
    measures: tuple[str, ...]
    limit: str
    at_most: float

    @property
    def document(self) -> str:
        groups = f"groups {{ key {{ {self.selection} }} {' '.join(self.measures)} }}"
        return f"query ($first: Int) {{ statistics({self.arguments}, first: $first) {{ {groups} }} }}"


_REGION, _SEMESTER, _YEAR = ("region", "code"), ("semester", "code"), ("schoolYear",)
CASES = (
    Case(
        name="region x semester",
        arguments="by: [REGION, SEMESTER]",
        selection="region { code } semester { code }",
        keys=(_REGION, _SEMESTER),
        measures=MEASURES,
        limit=live.REGION_SEMESTER,
        at_most=1 / 25,
    ),
    Case(
        name="risk group x semester",
        arguments="by: [RISK_GROUP, SEMESTER]",
        selection="riskGroup { code } semester { code }",
        keys=(("riskGroup", "code"), _SEMESTER),
        measures=MEASURES,
        limit=live.RISK_GROUP_SEMESTER,
        at_most=1 / 25,
    ),
    Case(
        name="municipality x semester",
        arguments='by: [MUNICIPALITY, SEMESTER], where: {regions: ["PR-VIDZEME"]}',
        selection="municipality { code } semester { code }",
        keys=(("municipality", "code"), _SEMESTER),
        measures=MEASURES,
        limit=live.MUNICIPALITY_SEMESTER,
        at_most=1 / 10,
    ),
    Case(
        name="subject x school year",
        arguments="by: [SUBJECT, SCHOOL_YEAR]",
        selection="subject { code } schoolYear",
        keys=(("subject", "code"), _YEAR),
        measures=MEASURES,
        limit=live.SUBJECT_SCHOOL_YEAR,
        at_most=1 / 10,
    ),
    Case(
        name="students by region",
        arguments="by: [REGION]",
        selection="region { code }",
        keys=(_REGION,),
        measures=("students",),
        limit=live.REGION,
        at_most=1,
    ),
)


async def statistics_cold(bench: Bench) -> list[Result]:
    attended = await bench.owner.fetchval("SELECT id FROM code WHERE list = 'attendances' AND code = 'ATTENDED'")
    return [await _measured(bench, case, attended) for case in CASES]


async def _measured(bench: Bench, case: Case, attended: int) -> Result:
    async def straight() -> Any:  # noqa: ANN401 - rows of the driver
        return await bench.owner.fetch(case.limit, attended)

    # What is faster and wrong is not faster.
    assert as_rows(case, await asked(bench.authority, case)) == {tuple(row) for row in await straight()}
    ours, limit = await paired(lambda: asked(bench.authority, case), straight, rounds=ROUNDS)
    return Result(
        name=f"cold: {case.name}",
        ours=ours * 1000,
        limit=limit * 1000,
        unit="ms",
        note=f"{', '.join(case.measures)} as the authority over HTTP, nothing kept, against one hand-written statement as the owner",
        at_most=case.at_most,
    )


async def asked(client: AsyncClient, case: Case) -> list[Any]:
    body = {"query": case.document, "variables": {"first": next(_pages)}}
    answer = (await client.post("/graphql", json=body)).json()
    groups: list[Any] = answer["data"]["statistics"]["groups"]
    return groups


def as_rows(case: Case, groups: list[Any]) -> set[tuple[Any, ...]]:
    values: list[Callable[[Any], Any]] = [
        Decimal if name in ("deliveredHours", "eur") else int for name in case.measures
    ]
    return {
        (
            *(_at(group["key"], path) for path in case.keys),
            *(read(group[name]) for name, read in zip(case.measures, values, strict=True)),
        )
        for group in groups
    }


def _at(key: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    for name in path:
        key = None if key is None else key[name]
    return key
