"""What has been acknowledged is in the next answer, however many ask for it meanwhile and whatever is kept."""

import asyncio
from datetime import date, timedelta

import asyncpg
import httpx

from tests.api.delivered import active_plan, consultation, recorded
from tests.factories import World

QUESTION = {"query": "{ statistics { totals { consultations deliveredHours } } }"}


async def consultations(http: httpx.AsyncClient, headers: dict[str, str]) -> int:
    answer = (await http.post("/graphql", json=QUESTION, headers=headers)).json()
    return int(answer["data"]["statistics"]["totals"]["consultations"])


async def test_a_statistic_contains_what_was_acknowledged_before_it_was_asked(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    school, state = world.head(world.school), world.authority()
    elsewhere = world.head(world.other_school)
    acknowledged, over = await consultations(http, state), False

    async def ask_all_the_time(headers: dict[str, str]) -> int:
        asked = 0
        while not over:
            least = acknowledged
            assert await consultations(http, headers) >= least
            asked += 1
        return asked

    readers = [asyncio.create_task(ask_all_the_time(headers)) for headers in (school, state) * 4]
    for day in range(20):
        body = consultation(plan, on=str(date(2021, 10, 11) + timedelta(days=day)), hours="1.00")
        await recorded(http, "/v1/interventions", body, world.coordinator(world.school))
        acknowledged += 1
        assert [await consultations(http, headers) for headers in (school, state)] == [acknowledged] * 2
    over = True
    assert min(await asyncio.gather(*readers)) > 3
    assert await consultations(http, elsewhere) == 0
