"""Who may record, see and change interventions."""

import asyncpg
import httpx
import pytest

from tests.api.delivered import active_plan, consultation, recorded, seen, wrong
from tests.factories import Json, World

PATH = "/v1/interventions"


@pytest.fixture
async def plan(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    return await active_plan(http, world, owner, providers=["T-001", "T-002"])


async def test_a_provider_need_not_say_who_they_are(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    provider = world.provider(world.school)
    body = consultation(plan)
    del body["staff_member"]
    made = await recorded(http, PATH, body, provider)
    assert made["staff_member"] == "T-001"
    one = f"{PATH}/{made['id']}"
    assert (await http.patch(one, json={"hours": "2.00"}, headers=seen(provider, 1))).json()["hours"] == "2.00"
    for other in (None, "T-002"):
        answer = await http.patch(one, json={"staff_member": other}, headers=seen(provider, 2))
        assert wrong(answer) == {("/staff_member", "not-your-work")}
    assert (await http.delete(one, headers=seen(provider, 2))).status_code == 204


async def test_a_provider_does_not_record_in_anothers_name(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    body = consultation(plan, staff_member="T-002")
    answer = await http.post(PATH, json=body, headers=world.provider(world.school))
    assert wrong(answer) == {("/staff_member", "not-your-work")}


async def test_a_provider_reads_but_does_not_touch_the_work_of_others_on_the_plan(
    http: httpx.AsyncClient, world: World, plan: Json
) -> None:
    made = await recorded(http, PATH, consultation(plan, staff_member="T-002"), world.coordinator(world.school))
    one, provider = f"{PATH}/{made['id']}", world.provider(world.school)
    assert (await http.get(one, headers=provider)).json() == made
    for answer in (
        await http.patch(one, json={"hours": 1}, headers=seen(provider, 1)),
        await http.delete(one, headers=seen(provider, 1)),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-your-work")


async def test_a_provider_who_is_not_named_in_the_plan_finds_nothing(
    http: httpx.AsyncClient, world: World, plan: Json
) -> None:
    made = await recorded(http, PATH, consultation(plan), world.coordinator(world.school))
    stranger = world.provider(world.school, "T-009")
    one = f"{PATH}/{made['id']}"
    answers = [
        await http.post(PATH, json=consultation(plan, staff_member="T-009"), headers=stranger),
        await http.get(one, headers=stranger),
        await http.patch(one, json={"hours": 1}, headers=seen(stranger, 1)),
        await http.delete(one, headers=seen(stranger, 1)),
    ]
    assert [each.status_code for each in answers] == [404, 404, 404, 404]
    assert (await http.get(PATH, headers=stranger)).json() == {"items": [], "next": None}


async def test_a_provider_can_lock_a_plan_and_not_write_it(owner: asyncpg.Connection, world: World, plan: Json) -> None:
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute("SET LOCAL ROLE register_provider")
    await owner.execute(f"SET LOCAL register.institutions = '{world.school}'")
    await owner.execute("SET LOCAL register.staff_member = 'T-001'")
    locked = await owner.fetch("SELECT id FROM plan WHERE id = $1::text::uuid FOR UPDATE", plan["id"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await owner.execute("UPDATE plan SET version = version + 1 WHERE id = $1::text::uuid", plan["id"])
    await transaction.rollback()
    assert len(locked) == 1


async def test_to_another_school_there_is_no_such_plan(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    made = await recorded(http, PATH, consultation(plan), world.coordinator(world.school))
    other = world.coordinator(world.other_school)
    one = f"{PATH}/{made['id']}"
    nowhere = await http.post(PATH, json=consultation(plan, plan_id=made["id"]), headers=other)
    foreign = await http.post(PATH, json=consultation(plan), headers=other)
    assert (foreign.status_code, nowhere.status_code) == (404, 404)
    assert foreign.json()["detail"] == nowhere.json()["detail"]
    for answer in (
        await http.get(one, headers=other),
        await http.patch(one, json={"hours": 1}, headers=seen(other, 1)),
        await http.delete(one, headers=seen(other, 1)),
    ):
        assert answer.status_code == 404


async def test_the_partner_and_the_authority_read_and_do_not_record(
    http: httpx.AsyncClient, world: World, plan: Json
) -> None:
    made = await recorded(http, PATH, consultation(plan), world.coordinator(world.school))
    for reader in (world.municipality(world.madona), world.authority()):
        assert (await http.get(f"{PATH}/{made['id']}", headers=reader)).json() == made
        answer = await http.post(PATH, json=consultation(plan), headers=reader)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-may-not")
    assert (await http.get(f"{PATH}/{made['id']}", headers=world.municipality(world.riga))).status_code == 404


async def test_every_change_is_audited(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    provider = world.provider(world.school)
    made = await recorded(http, PATH, consultation(plan), provider)
    one = f"{PATH}/{made['id']}"
    await http.patch(one, json={"hours": 1}, headers=seen(provider, 1))
    await http.delete(one, headers=seen(provider, 2))
    rows = await owner.fetch(
        "SELECT action, noun, role, student_ids[1]::text FROM audit_event WHERE record_id = $1 ORDER BY id", made["id"]
    )
    assert [tuple(each) for each in rows] == [
        (action, "intervention", "SUPPORT_PROVIDER", plan["student_id"]) for action in ("CREATE", "CHANGE", "DELETE")
    ]
