"""Plans and the end of their enrolment (rule 1): nothing is planned on what has ended, in whichever order the two arrive."""

import asyncio
from datetime import date

import asyncpg
import httpx
import pytest

from tests.api.plan_chain import activated, draft, draft_body, moved, record_risk, step
from tests.factories import Json, World, end_enrolment, enrol, register_student

END = {"to": "2021-10-29", "end_reason": "TRANSFERRED"}


async def test_a_plan_is_not_drafted_on_an_ended_enrolment(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    risk = await record_risk(http, world, student_id, world.school)
    enrolment = await end_enrolment(http, world, await enrol(http, world, student_id, world.school))
    answer = await http.post(
        "/v1/plans", json=draft_body(enrolment, risk), headers=world.coordinator(enrolment["institution_id"])
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enrolment-ended")


async def test_nor_on_one_that_will_end(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    ahead = {"to": "2021-12-17", "end_reason": "EMIGRATED"}
    enrolment = await enrol(http, world, student_id, world.school, **ahead)
    body = {"enrolment_id": enrolment["id"], "semester": "2021-1"}
    answer = await http.post("/v1/plans", json=body, headers=world.coordinator(world.school))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enrolment-ended")


async def test_a_plan_left_open_goes_no_further_and_can_be_ended(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """As they were left behind before the enrolment's end was asked for."""
    made = await draft(http, world, world.school)
    submitted = await moved(http, await draft(http, world, world.school), "submission", world.head(world.school))
    active = await activated(http, world, await draft(http, world, world.school))
    for each in (made, submitted, active):
        await _end_past_the_service(owner, each)
    patched = await http.patch(
        f"/v1/plans/{made['id']}",
        json={"from": "2021-09-20"},
        headers={**world.head(world.school), "If-Match": f'"{made["version"]}"'},
    )
    answers = [
        patched,
        await step(http, made, "submission", world.head(world.school)),
        await step(http, submitted, "approval", world.head(world.school)),
    ]
    assert {(each.status_code, each.json()["type"]) for each in answers} == {(409, "/problems/enrolment-ended")}
    assert (await moved(http, active, "completion", world.head(world.school)))["state"] == "COMPLETED"
    ended = await moved(http, submitted, "discontinuation", world.head(world.school), {"reason": "Pārcēlās."})
    assert ended["state"] == "DISCONTINUED"


async def test_the_authority_does_not_activate_it_either(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await moved(http, await draft(http, world, world.school), "submission", world.coordinator(world.school))
    plan = await moved(http, plan, "approval", world.head(world.school))
    plan = await moved(http, plan, "approval", world.municipality(world.madona))
    await _end_past_the_service(owner, plan)
    answer = await step(http, plan, "activation", world.authority())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enrolment-ended")


@pytest.mark.parametrize("head_start", [0.0, 0.002, 0.005])
async def test_no_plan_stays_open_however_an_end_and_a_draft_meet(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, head_start: float
) -> None:
    coordinator = world.coordinator(world.school)

    async def drafted(enrolment: Json, wait: float) -> httpx.Response:
        await asyncio.sleep(wait)
        body = {"enrolment_id": enrolment["id"], "semester": "2021-1"}
        return await http.post("/v1/plans", json=body, headers=coordinator)

    async def ended(enrolment: Json, wait: float) -> httpx.Response:
        await asyncio.sleep(wait)
        headers = {**coordinator, "If-Match": '"1"'}
        return await http.patch(f"/v1/enrolments/{enrolment['id']}", json=END, headers=headers)

    ids = []
    for waits in ((0, head_start), (head_start, 0)) * 4:
        enrolment = await enrol(http, world, await register_student(http, world, world.school), world.school)
        made, end = await asyncio.gather(drafted(enrolment, waits[0]), ended(enrolment, waits[1]))
        assert (made.status_code in (201, 409), end.status_code) == (True, 200), (made.text, end.text)
        ids.append(enrolment["id"])
    left = (
        "SELECT count(*) FROM plan WHERE enrolment_id = ANY ($1::uuid[]) AND state NOT IN ('COMPLETED', 'DISCONTINUED')"
    )
    assert await owner.fetchval(left, ids) == 0


async def _end_past_the_service(owner: asyncpg.Connection, plan: Json) -> None:
    statement = "UPDATE enrolment SET valid_to = $2, end_reason = 'LEFT' WHERE id = $1"
    await owner.execute(statement, plan["enrolment_id"], date(2021, 10, 29))
