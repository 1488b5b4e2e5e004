"""Risks over REST."""

import json
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.delivered import recorded, seen, wrong
from tests.api.plan_chain import draft
from tests.factories import Json, World, register_student

PATH = "/v1/risks"


def risk(student_id: str, institution_id: int, **stated: Any) -> Json:
    return {
        "student_id": student_id,
        "institution_id": institution_id,
        "type": "LANGUAGE_BARRIER",
        "identified_on": "2021-09-20",
        "identified_by": "GUARDIAN",
        "severity": "MEDIUM",
        "resolved_on": None,
        **stated,
    }


@pytest.fixture
async def body(http: httpx.AsyncClient, world: World) -> Json:
    return risk(await register_student(http, world, world.school), world.school)


async def test_a_risk_from_its_record_to_its_deletion(
    http: httpx.AsyncClient, body: Json, coordinator: dict[str, str]
) -> None:
    made = await recorded(http, PATH, body, coordinator)
    assert made == {**body, "id": made["id"], "version": 1}
    one = f"{PATH}/{made['id']}"
    answer = await http.get(one, headers=coordinator)
    assert (answer.json(), answer.headers["ETag"], answer.headers["Cache-Control"]) == (made, '"1"', "no-store")
    answer = await http.patch(one, json={"resolved_on": "2021-11-15"}, headers=seen(coordinator, 1))
    assert (answer.json(), answer.headers["ETag"]) == ({**made, "resolved_on": "2021-11-15", "version": 2}, '"2"')
    answer = await http.patch(one, json={"resolved_on": None}, headers=seen(coordinator, 2))
    assert answer.json() == {**made, "version": 3}
    assert (await http.delete(one, headers=seen(coordinator, 3))).status_code == 204
    assert (await http.get(one, headers=coordinator)).status_code == 404


async def test_a_change_names_the_version_it_was_made_on(
    http: httpx.AsyncClient, body: Json, coordinator: dict[str, str]
) -> None:
    made = await recorded(http, PATH, body, coordinator)
    one = f"{PATH}/{made['id']}"
    for send in (http.build_request("PATCH", one, json={"severity": "HIGH"}), http.build_request("DELETE", one)):
        send.headers.update(coordinator)
        assert (await http.send(send)).status_code == 428
        send.headers.update(seen(coordinator, 2))
        assert (await http.send(send)).status_code == 412
    assert (await http.get(one, headers=coordinator)).json() == made


async def test_every_malformed_field_is_named_in_one_answer(
    http: httpx.AsyncClient, body: Json, coordinator: dict[str, str]
) -> None:
    broken = body | {"institution_id": 2**31, "type": "x" * 201, "identified_on": "soon", "severity": 3, "surprise": 1}
    del broken["identified_by"]
    assert {pointer for pointer, _code in wrong(await http.post(PATH, json=broken, headers=coordinator))} == {
        "/institution_id", "/type", "/identified_on", "/severity", "/surprise", "/identified_by",
    }  # fmt: skip


async def test_every_broken_rule_is_named_in_one_answer(
    http: httpx.AsyncClient, body: Json, coordinator: dict[str, str]
) -> None:
    broken = {"type": "BAD_WEATHER", "identified_on": "2021-11-17", "resolved_on": "2021-11-16"}
    expected = {
        ("/type", "unknown-code"),
        ("/identified_on", "in-the-future"),
        ("/resolved_on", "ends-before-start"),
        ("/resolved_on", "in-the-future"),
    }
    assert wrong(await http.post(PATH, json=body | broken, headers=coordinator)) == expected
    made = await recorded(http, PATH, body, coordinator)
    assert wrong(await http.patch(f"{PATH}/{made['id']}", json=broken, headers=seen(coordinator, 1))) == expected


@pytest.mark.parametrize("patch", [{}, {"severity": None}, {"student_id": "00000000-0000-4000-8000-000000000000"}, []])
async def test_patches_that_change_nothing_that_may_change_are_refused(
    http: httpx.AsyncClient, body: Json, coordinator: dict[str, str], patch: Json
) -> None:
    made = await recorded(http, PATH, body, coordinator)
    answer = await http.patch(f"{PATH}/{made['id']}", json=patch, headers=seen(coordinator, 1))
    assert {pointer for pointer, _code in wrong(answer)} == {f"/{name}" for name in patch} or {""}


@pytest.mark.parametrize("code", ["\x00", "\ud800"])
async def test_text_that_the_database_could_not_keep_is_refused(
    http: httpx.AsyncClient, body: Json, coordinator: dict[str, str], code: str
) -> None:
    text = json.dumps(body | {"type": code})
    answer = await http.post(PATH, content=text, headers={**coordinator, "Content-Type": "application/json"})
    assert {pointer for pointer, _code in wrong(answer)} == {"/type"}
    answer = await http.get(PATH, params={"type": "\x00"}, headers=coordinator)
    assert {pointer for pointer, _code in wrong(answer)} == {"/query/type"}


async def test_a_risk_that_a_plan_answers_stays(
    http: httpx.AsyncClient, world: World, coordinator: dict[str, str]
) -> None:
    plan = await draft(http, world, world.school)
    answer = await http.delete(f"{PATH}/{plan['risk_ids'][0]}", headers=seen(coordinator, 1))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/risk-in-use")
    assert "resolved_on" in answer.json()["detail"]


async def test_lists_hold_what_was_asked_for(http: httpx.AsyncClient, body: Json, coordinator: dict[str, str]) -> None:
    language = await recorded(http, PATH, body, coordinator)
    conflict = await recorded(
        http, PATH, body | {"type": "CONFLICT_AT_SCHOOL", "resolved_on": "2021-10-01"}, coordinator
    )
    both = [language, conflict]

    async def listed(**asked: str | int) -> list[Json]:
        answer = await http.get(PATH, params={"student_id": body["student_id"], **asked}, headers=coordinator)
        assert answer.status_code == 200, answer.text
        return sorted(answer.json()["items"], key=both.index)

    assert await listed() == await listed(institution_id=body["institution_id"]) == both
    assert await listed(open_only="true") == await listed(type="LANGUAGE_BARRIER") == [language]
    assert await listed(institution_id=2_147_483_647) == await listed(student_id=language["id"]) == []
    assert wrong(await http.get(PATH, params={"institution_id": 2**31}, headers=coordinator)) == {
        ("/query/institution_id", "less-than-equal")
    }
    first = (await http.get(PATH, params={"student_id": body["student_id"], "limit": 1}, headers=coordinator)).json()
    assert sorted([*first["items"], *await listed(cursor=first["next"])], key=both.index) == both


async def test_to_another_school_there_is_no_such_risk(
    http: httpx.AsyncClient, world: World, body: Json, coordinator: dict[str, str]
) -> None:
    other = world.coordinator(world.other_school)
    one = f"{PATH}/{(await recorded(http, PATH, body, coordinator))['id']}"
    for claimed in (body, body | {"institution_id": world.other_school}):
        assert (await http.post(PATH, json=claimed, headers=other)).status_code == 404
    assert (await http.get(one, headers=other)).status_code == 404
    assert (await http.patch(one, json={"severity": "LOW"}, headers=seen(other, 1))).status_code == 404
    assert (await http.delete(one, headers=seen(other, 1))).status_code == 404
    assert (await http.get(PATH, headers=other)).json()["items"] == []


async def test_a_receiving_school_reads_the_past_and_does_not_change_it(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, body: Json, coordinator: dict[str, str]
) -> None:
    made = await recorded(http, PATH, body, coordinator)
    await owner.execute(
        "INSERT INTO student_access (student_id, owner_id, institution_id, reason, valid_from)"
        " VALUES ($1::text::uuid, $2, $3, 'TRANSFER', '2021-11-01')",
        body["student_id"],
        world.school,
        world.college,
    )
    receiving, one = world.coordinator(world.college), f"{PATH}/{made['id']}"
    assert (await http.get(one, headers=receiving)).json() == made
    for answer in (
        await http.patch(one, json={"severity": "LOW"}, headers=seen(receiving, 1)),
        await http.delete(one, headers=seen(receiving, 1)),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-the-author")


async def test_a_provider_reads_the_risks_of_its_plans_alone(http: httpx.AsyncClient, world: World, body: Json) -> None:
    plan = await draft(http, world, world.school)
    other = await recorded(http, PATH, body, world.coordinator(world.school))
    provider = world.provider(world.school)
    assert (await http.get(f"{PATH}/{plan['risk_ids'][0]}", headers=provider)).status_code == 200
    assert (await http.get(f"{PATH}/{other['id']}", headers=provider)).status_code == 404
    assert (await http.post(PATH, json=body, headers=provider)).status_code == 403
