"""A closed semester with a few students, and releases of it."""

from collections.abc import Sequence
from decimal import Decimal

import asyncpg
import httpx
import pytest

from app import noise
from tests.api.delivered import active_plan, consultation, meals, recorded
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import moved
from tests.factories import Json, World

AUTUMN = "2021-1"
CLOSED = "INSERT INTO semester_closing (semester, closed_on) VALUES ('2021-1', '2022-01-10') ON CONFLICT DO NOTHING"


def no_noise(numbers: Sequence[int], deviation: float) -> list[int]:
    """Figures as they are: to see that they are the right ones."""
    assert deviation > 0
    return list(numbers)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noise, "discrete_gaussian", no_noise)


async def supported(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    """A plan of grade 7 that has ended, with 1.5 hours and 22.50 EUR, its result, and how the school year ended."""
    plan = await active_plan(http, world, owner)
    school = world.coordinator(world.school)
    await recorded(http, "/v1/interventions", consultation(plan), school)
    await recorded(http, "/v1/interventions", consultation(plan, on="2021-10-12", attendance="ILL"), school)
    await recorded(http, "/v1/interventions", meals(plan), school)
    await recorded(http, "/v1/outcomes", of_plan(plan), school)
    await recorded(http, "/v1/outcomes", of_year(plan["student_id"], world.school), school)
    return await moved(http, plan, "completion", school)


async def seal(http: httpx.AsyncClient, world: World, semester: str = AUTUMN) -> httpx.Response:
    return await http.post("/v1/releases", json={"semester": semester}, headers=world.authority())


async def sealed(http: httpx.AsyncClient, world: World) -> Json:
    answer = await seal(http, world)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


async def closed_again(owner: asyncpg.Connection) -> None:
    """Reopened meanwhile, so that there may be something to correct."""
    await owner.execute("UPDATE semester_closing SET reopened_on = closed_on WHERE semester = '2021-1'")
    await owner.execute(CLOSED)


async def figures(
    owner: asyncpg.Connection, release: Json, figure: str, level: str, attributes: str
) -> dict[tuple[str | None, ...], Decimal]:
    """Values by place and codes, as they are kept; those that are zero are left out."""
    rows = await owner.fetch(
        "SELECT coalesce(municipality, region) AS place, codes, value FROM release_cell"
        " WHERE release_id = $1::text::uuid AND figure = $2 AND level = $3 AND attributes = $4 AND value <> 0",
        release["id"],
        figure,
        level,
        attributes,
    )
    return {(row["place"], *row["codes"]): row["value"] for row in rows}
