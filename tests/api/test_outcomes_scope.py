"""Who may read and record outcomes, and what hangs on them."""

import asyncpg
import httpx
import pytest

from tests.api.delivered import recorded, seen
from tests.api.outcomes import of_plan, of_year
from tests.factories import Json, World, register_student

PATH = "/v1/outcomes"


@pytest.fixture
async def year(http: httpx.AsyncClient, world: World) -> Json:
    """What is to be recorded of a student of the school."""
    return of_year(await register_student(http, world, world.school), world.school)


async def test_to_another_school_there_is_no_such_outcome(
    http: httpx.AsyncClient, world: World, plan: Json, year: Json, coordinator: dict[str, str]
) -> None:
    other = world.coordinator(world.other_school)
    for body in (of_plan(plan), year):
        assert (await http.post(PATH, json=body, headers=other)).status_code == 404
        one = f"{PATH}/{(await recorded(http, PATH, body, coordinator))['id']}"
        assert (await http.get(one, headers=other)).status_code == 404
        patch = {"recorded_on": "2021-11-15"}
        assert (await http.patch(one, json=patch, headers=seen(other, 1))).status_code == 404
        assert (await http.delete(one, headers=seen(other, 1))).status_code == 404
    claimed = year | {"institution_id": world.other_school}
    assert (await http.post(PATH, json=claimed, headers=other)).status_code == 404
    assert (await http.get(PATH, headers=other)).json()["items"] == []


async def test_a_receiving_school_reads_the_past_and_does_not_change_it(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json, coordinator: dict[str, str]
) -> None:
    made = await recorded(http, PATH, of_plan(plan), coordinator)
    await owner.execute(
        "INSERT INTO student_access (student_id, owner_id, institution_id, reason, valid_from)"
        " VALUES ($1::text::uuid, $2, $3, 'TRANSFER', '2021-11-01')",
        plan["student_id"],
        world.school,
        world.other_school,
    )
    receiving, one = world.coordinator(world.other_school), f"{PATH}/{made['id']}"
    assert (await http.get(one, headers=receiving)).json() == made
    answer = await http.patch(one, json={"next_step": "END"}, headers=seen(receiving, 1))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-the-author")


async def test_providers_and_partners_read_and_do_not_record(
    http: httpx.AsyncClient, world: World, plan: Json, coordinator: dict[str, str]
) -> None:
    made = await recorded(http, PATH, of_plan(plan), coordinator)
    for reader in (world.provider(world.school), world.municipality(world.madona), world.authority()):
        assert (await http.get(f"{PATH}/{made['id']}", headers=reader)).json() == made
        assert (await http.post(PATH, json=of_plan(plan), headers=reader)).status_code == 403
    assert (await http.get(f"{PATH}/{made['id']}", headers=world.provider(world.school, "T-9"))).status_code == 404


async def test_a_risk_that_an_outcome_speaks_of_stays(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    await recorded(http, PATH, of_plan(plan), coordinator)
    answer = await http.delete(f"/v1/risks/{plan['risk_ids'][0]}", headers=seen(coordinator, 1))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/risk-in-use")
