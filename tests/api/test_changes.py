"""The feed of changes: everything once, then what becomes of it, for as long as anybody asks."""

from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from app.settings import Settings
from tests.api.delivered import active_plan, consultation, seen, wrong
from tests.api.replica import Expired, Json, Replica, is_equal, view
from tests.api.serving import serving
from tests.factories import World, enrol, identify_risk, register_student

PARTNERS = {Role.MUNICIPALITY_COORDINATOR, Role.VOCATIONAL_COORDINATOR}
FOLLOWERS = {
    Role.SCHOOL_HEAD,
    Role.SCHOOL_COORDINATOR,
    Role.SYNC_CLIENT,
    *PARTNERS,
    Role.REGIONAL_COORDINATOR,
    Role.PROGRAMME_AUTHORITY,
}


@pytest.fixture(scope="module", autouse=True)
async def some(http: httpx.AsyncClient, world: World) -> list[str]:
    """Students of two schools, each with an enrolment and a risk."""
    students = []
    for institution_id in (world.school, world.school, world.school, world.other_school):
        students.append(await register_student(http, world, institution_id))
        await enrol(http, world, students[-1], institution_id)
        await identify_risk(http, world, students[-1], institution_id)
    return students


@pytest.fixture
def replica(http: httpx.AsyncClient, world: World) -> Replica:
    return Replica(http=http, headers=world.head(world.school))


def spoken_of(items: list[Json]) -> list[tuple[Any, ...]]:
    return [(item["op"], item.get("type"), item.get("id")) for item in items]


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
async def test_a_load_sends_everything_in_pages_of_whole_students(replica: Replica, limit: int) -> None:
    replica.limit = limit
    ops: list[str] = []
    while await replica.page():
        ops += [item["op"] for item in replica.items]
        loaded = {item["student_id"] for item in replica.items if item["op"] == "upsert"}
        for student_id in loaded:
            of_student = [item["type"] for item in replica.items if item.get("student_id") == student_id]
            assert of_student == ["student", "enrolment", "risk"]
    ops += [item["op"] for item in replica.items]
    assert (ops[0], ops[-1], set(ops[1:-1])) == ("load-begins", "load-ends", {"upsert"})
    assert await is_equal(replica)


async def test_what_was_acknowledged_is_there_at_once(http: httpx.AsyncClient, world: World, replica: Replica) -> None:
    await replica.follow()
    student_id = await register_student(http, world, world.school)
    await replica.page()
    assert spoken_of(replica.items) == [("upsert", "student", student_id)]
    risk = await identify_risk(http, world, student_id, world.school)
    enrolment = await enrol(http, world, student_id, world.school)
    await replica.page()
    assert spoken_of(replica.items) == [("upsert", "enrolment", enrolment["id"]), ("upsert", "risk", risk["id"])]
    assert not await replica.page()
    assert replica.items == []


async def test_several_changes_of_one_record_are_one_item(
    http: httpx.AsyncClient, world: World, replica: Replica, some: list[str]
) -> None:
    await replica.follow()
    headers = world.coordinator(world.school)
    risk = await identify_risk(http, world, some[0], world.school)
    for version, severity in enumerate(("HIGH", "LOW", "HIGH"), start=1):
        path = f"/v1/risks/{risk['id']}"
        assert (await http.patch(path, json={"severity": severity}, headers=seen(headers, version))).is_success
    await replica.page()
    assert [(item["id"], item["version"], item["data"]["severity"]) for item in replica.items] == [
        (risk["id"], 4, "HIGH")
    ]


async def test_what_is_gone_is_told(http: httpx.AsyncClient, world: World, replica: Replica, some: list[str]) -> None:
    risk = await identify_risk(http, world, some[0], world.school)
    await replica.follow()
    await http.delete(f"/v1/risks/{risk['id']}", headers=seen(world.coordinator(world.school), 1))
    await replica.page()
    gone = {"type": "risk", "id": risk["id"], "student_id": some[0], "institution_id": world.school}
    assert replica.items == [{"op": "delete", **gone}]
    assert await is_equal(replica)


async def test_a_load_that_is_interrupted_goes_on_and_misses_nothing(
    http: httpx.AsyncClient, world: World, replica: Replica, some: list[str]
) -> None:
    replica.limit = 1
    await replica.page()
    risk = await identify_risk(http, world, some[0], world.school)
    student_id = await register_student(http, world, world.school)
    await replica.follow()
    assert ("risk", risk["id"]) in replica.kept
    assert ("student", student_id) in replica.kept
    assert await is_equal(replica)


async def test_a_school_is_told_of_its_own_alone(http: httpx.AsyncClient, world: World, replica: Replica) -> None:
    await replica.follow()
    other = await register_student(http, world, world.other_school)
    risk = await identify_risk(http, world, other, world.other_school)
    headers = world.coordinator(world.other_school)
    assert (await http.delete(f"/v1/risks/{risk['id']}", headers=seen(headers, 1))).is_success
    await replica.page()
    assert replica.items == []


async def test_a_system_is_told_its_own_ids(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    plan = await active_plan(http, world, owner)
    data = consultation({"id": {"id": plan["id"]}, "risk_ids": [{"id": plan["risk_ids"][0]}]})
    data |= {"plan": data.pop("plan_id"), "risk": data.pop("risk_id")}
    sent = [{"type": "intervention", "external_id": 'I "17"', "data": data}]
    mine, other = (
        world.named(name, Role.SYNC_CLIENT, institution_ids=frozenset({world.school})) for name in ("one", "other")
    )
    answer = await http.post("/v1/sync/batches", json=sent, headers={**mine, "Idempotency-Key": "its-own-ids"})
    assert answer.json()["counts"]["intervention"]["created"] == 1, answer.text
    keyed = []
    for headers in (mine, other, world.head(world.school), world.authority()):
        replica = await Replica(http=http, headers=headers).follow()
        keyed.append([item["external_id"] for item in replica.kept.values() if item["external_id"] is not None])
        assert [noun for noun, _ in replica.kept].count("intervention") == 1
    assert keyed == [['I "17"'], [], [], []]


@pytest.mark.parametrize("types", [["risk"], ["plan", "enrolment"], ["student"]])
async def test_types_are_chosen(http: httpx.AsyncClient, world: World, replica: Replica, types: list[str]) -> None:
    replica.filters = {"type": types}
    await replica.follow()
    student_id = await register_student(http, world, world.school)
    await enrol(http, world, student_id, world.school)
    risk = await identify_risk(http, world, student_id, world.school)
    await replica.follow()
    shown = await view(http, replica.headers)
    assert replica.data == {key: each for key, each in shown.items() if key[0] in types}
    await http.delete(f"/v1/risks/{risk['id']}", headers=seen(world.coordinator(world.school), 1))
    await replica.page()
    assert spoken_of(replica.items) == ([("delete", "risk", risk["id"])] if "risk" in types else [])


async def test_institutions_are_chosen(http: httpx.AsyncClient, world: World) -> None:
    replica = Replica(http=http, headers=world.authority(), filters={"institution_id": [world.other_school]})
    await replica.follow()
    mine = await register_student(http, world, world.school)
    await identify_risk(http, world, mine, world.school)
    other = await register_student(http, world, world.other_school)
    risk = await identify_risk(http, world, other, world.other_school)
    await replica.follow()
    shown = await view(http, world.head(world.other_school))
    records = {key: each for key, each in shown.items() if key[0] != "student"}
    assert {key: each for key, each in replica.data.items() if key[0] != "student"} == records
    assert ("risk", risk["id"]) in replica.kept
    assert ("student", other) in replica.kept


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"cursor": "garbage"}, ("/query/cursor", "cursor")),
        ({"cursor": "eJyLjgUAARUAuQ"}, ("/query/cursor", "cursor")),
        ({"cursor": "ž"}, ("/query/cursor", "cursor")),
        ({"cursor": "A" * 8_001}, ("/query/cursor", "string-too-long")),
        ({"limit": 0}, ("/query/limit", "greater-than-equal")),
        ({"limit": 10_001}, ("/query/limit", "less-than-equal")),
        ({"wait": 61}, ("/query/wait", "less-than-equal")),
        ({"type": "person"}, ("/query/type/0", "literal-error")),
        ({"institution_id": "x"}, ("/query/institution_id/0", "int-parsing")),
    ],
)
async def test_what_is_asked_wrongly_is_told(
    http: httpx.AsyncClient, world: World, query: Json, expected: tuple[str, str]
) -> None:
    answer = await http.get("/v1/changes", params=query, headers=world.head(world.school))
    assert wrong(answer) == {expected}


async def test_a_cursor_keeps_its_filter(http: httpx.AsyncClient, replica: Replica) -> None:
    replica.filters = {"type": ["risk", "plan"]}
    await replica.follow()
    query: Json = {"cursor": replica.cursor, "type": ["plan", "risk"]}
    assert (await http.get("/v1/changes", params=query, headers=replica.headers)).is_success
    answer = await http.get("/v1/changes", params={**query, "type": ["plan"]}, headers=replica.headers)
    assert wrong(answer) == {("/query/cursor", "other-filter")}


def speaking(world: World, role: Role) -> dict[str, str]:
    """Of the school, its partner or its region."""
    if role in PARTNERS:
        return world.bearer(role, partner_id=world.madona)
    if role is Role.REGIONAL_COORDINATOR:
        return world.bearer(role, region_code="PR-VIDZEME")
    if role is Role.PROGRAMME_AUTHORITY:
        return world.authority()
    return world.bearer(role, institution_ids=frozenset({world.school}), staff_member="T-001")


@pytest.mark.parametrize("role", Role)
async def test_who_may_follow(http: httpx.AsyncClient, world: World, role: Role) -> None:
    answer = await http.get("/v1/changes", headers=speaking(world, role))
    assert answer.status_code == (200 if role in FOLLOWERS else 403)


@pytest.mark.parametrize("role", sorted(FOLLOWERS))
async def test_each_follower_has_what_it_sees(http: httpx.AsyncClient, world: World, role: Role) -> None:
    replica = await Replica(http=http, headers=speaking(world, role), limit=3).follow()
    assert await is_equal(replica)
    for institution_id in (world.school, world.other_school):
        student_id = await register_student(http, world, institution_id)
        await identify_risk(http, world, student_id, institution_id)
    assert await is_equal(replica)


async def test_the_cursor_of_another_role_has_expired(world: World, replica: Replica) -> None:
    await replica.follow()
    replica.headers = world.municipality(world.madona)
    with pytest.raises(Expired):
        await replica.page()


async def test_the_key_of_tokens_seals_cursors(settings: Settings, world: World, replica: Replica) -> None:
    await replica.follow()
    assert replica.cursor is not None
    broken = replica.cursor[:-2] + ("AA" if not replica.cursor.endswith("AA") else "BB")
    answer = await replica.http.get("/v1/changes", params={"cursor": broken}, headers=replica.headers)
    assert wrong(answer) == {("/query/cursor", "cursor")}
    another = settings.model_copy(update={"token_key": settings.token_key[::-1]})
    async with serving(another) as client:
        headers = replace(world, settings=another).head(world.school)
        answer = await client.get("/v1/changes", params={"cursor": replica.cursor}, headers=headers)
    assert answer.status_code == 410


async def test_what_is_no_longer_kept_cannot_be_told(
    http: httpx.AsyncClient, world: World, replica: Replica, owner: asyncpg.Connection
) -> None:
    await replica.follow()
    await register_student(http, world, world.school)
    await Replica(http=http, headers=world.authority()).follow()
    await owner.execute("UPDATE change_head SET floor = position")
    answer = await replica.ask()
    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems/cursor-expired"
    assert "without a cursor" in answer.json()["detail"]
    replica.cursor = None
    assert await is_equal(replica)


async def test_a_page_is_a_list_in_the_audit(
    http: httpx.AsyncClient, world: World, replica: Replica, owner: asyncpg.Connection, some: list[str]
) -> None:
    await replica.follow()
    await owner.execute("TRUNCATE audit_inbox")
    await replica.page(wait=0)
    assert await owner.fetchval("SELECT count(*) FROM audit_inbox") == 0
    await identify_risk(http, world, some[1], world.school)
    await owner.execute("TRUNCATE audit_inbox")
    await replica.page()
    kept = await owner.fetch("SELECT action, noun, student_ids, institution_ids FROM audit_inbox")
    assert [(row["action"], row["noun"], [*map(str, row["student_ids"])], row["institution_ids"]) for row in kept] == [
        ("LIST", "change", [some[1]], [world.school])
    ]
