"""POST /v1/sync/snapshots: what is not in the set is ended, and a set that is half empty is refused."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.delivered import active_plan
from tests.factories import Json, World
from tests.sync import records
from tests.sync.batches import consultation, item, ndjson, sent


async def snapshot(
    http: httpx.AsyncClient, world: World, items: list[Json] | bytes, key: str, **query: Any
) -> httpx.Response:
    return await http.post(
        "/v1/sync/snapshots",
        content=items if isinstance(items, bytes) else ndjson(items),
        params={"institution": world.school, "semester": "2021-1", **query},
        headers={**world.sync(world.school), "Content-Type": "application/x-ndjson", "Idempotency-Key": key},
    )


def days(plan: Json, number: int, prefix: str) -> list[Json]:
    return [
        item("intervention", f"{prefix}-{day}", consultation(plan, on=f"2021-10-{day}"))
        for day in range(11, 11 + number)
    ]


async def kept(http: httpx.AsyncClient, world: World, noun: str, **query: Any) -> list[Json]:
    answer = await http.get(f"/v1/{noun}", params={"limit": 200, **query}, headers=world.sync(world.school))
    assert answer.status_code == httpx.codes.OK, answer.text
    return list(answer.json()["items"])


async def test_what_is_missing_is_deleted(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    plan = await active_plan(http, world, owner)
    items = days(plan, 6, "A")
    by_hand = consultation(plan, on="2021-10-25") | {"plan_id": plan["id"], "risk_id": plan["risk_ids"][0]}
    del by_hand["plan"], by_hand["risk"]
    typed = await http.post("/v1/interventions", json=by_hand, headers=world.coordinator(world.school))
    assert typed.status_code == httpx.codes.CREATED
    await sent(http, world, items)
    answer = await snapshot(http, world, items[:4], "a", type="intervention")
    report = answer.json()
    assert (report["removed"], report["counts"]["intervention"]["deleted"]) == (2, 2)
    assert report["counts"]["intervention"]["unchanged"] == 4
    # What somebody typed in is not the system's, and stays.
    found = await kept(http, world, "interventions", plan_id=plan["id"])
    assert sorted(each["on"] for each in found) == [*(f"2021-10-{day}" for day in (11, 12, 13, 14)), "2021-10-25"]
    again = await snapshot(http, world, items[:4], "a", type="intervention")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (report, "true")


async def test_a_half_empty_set_is_refused_until_its_number_is_confirmed(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    items = days(plan, 12, "B")
    await sent(http, world, items)
    there = len(await kept(http, world, "interventions"))
    answer = await snapshot(http, world, items[:5], "b", type="intervention")
    assert answer.status_code == httpx.codes.CONFLICT
    problem = answer.json()
    assert problem["type"] == "/problems/many-removals"
    assert {f"B-{day}" for day in range(16, 23)} <= set(problem["removals"])
    assert problem["count"] == len(problem["removals"])
    assert len(await kept(http, world, "interventions")) == there
    wrong = await snapshot(http, world, items[:5], "b", type="intervention", confirm_removals=problem["count"] - 1)
    assert wrong.status_code == httpx.codes.CONFLICT
    done = await snapshot(http, world, items[:5], "b", type="intervention", confirm_removals=problem["count"])
    assert done.json()["removed"] == problem["count"]
    found = await kept(http, world, "interventions", plan_id=plan["id"])
    assert {each["on"] for each in found} == {f"2021-10-{day}" for day in range(11, 16)}


async def test_facts_end_and_drafts_go(http: httpx.AsyncClient, world: World) -> None:
    for key in ("C1", "C2"):
        await sent(http, world, records.up_to_a_plan(key))
    year = [records.year_outcome(key) for key in ("C1", "C2")]
    await sent(http, world, year)
    one = {
        "outcome": year[0],
        "plan": records.plan("C1"),
        "risk": records.risk("C1"),
        "enrolment": records.enrolment("C1"),
    }
    removed = {}
    for item_type, rest in one.items():
        answer = await snapshot(http, world, [rest], f"c-{item_type}", type=item_type)
        assert answer.status_code == httpx.codes.OK, answer.text
        removed[item_type] = answer.json()["removed"]
    assert removed == {"outcome": 1, "plan": 1, "risk": 1, "enrolment": 1}
    resolved = [each["resolved_on"] for each in await kept(http, world, "risks", type="LEARNING_DIFFICULTY")]
    assert "2021-11-15" in resolved
    ended = [(each["to"], each["end_reason"]) for each in await kept(http, world, "enrolments")]
    assert ("2021-11-15", "LEFT") in ended
    # It is ended: once more, there is nothing to end.
    again = await snapshot(http, world, [one["risk"]], "c-again", type="risk")
    assert again.json()["removed"] == 0


async def test_nothing_is_ended_for_what_could_not_be_read(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    items = days(plan, 3, "D")
    await sent(http, world, items)
    answer = await snapshot(
        http, world, ndjson(items[:2]) + b'{"type": "intervention", "external_id": \n', "d", type="intervention"
    )
    assert answer.json()["removed"] is None
    assert len(await kept(http, world, "interventions", plan_id=plan["id"])) == 3


async def test_what_cannot_be_ended_is_told(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    plan = await active_plan(http, world, owner)
    await sent(http, world, days(plan, 2, "E"))
    await owner.execute(
        "UPDATE student_access SET restricted_on = '2021-11-01', restricted_by = 'INSTITUTION' WHERE student_id = $1::text::uuid",
        plan["student_id"],
    )
    there = await kept(http, world, "interventions")
    others = [each for each in there if each["plan_id"] != plan["id"]]
    answer = await snapshot(http, world, b"", "e", type="intervention", confirm_removals=len(there), mode="validate")
    if answer.status_code == httpx.codes.CONFLICT:  # those that were typed in are not counted
        count = answer.json()["count"]
        answer = await snapshot(http, world, b"", "e", type="intervention", confirm_removals=count, mode="validate")
    report = answer.json()
    assert [each["violations"][0]["code"] for each in report["rejected"]] == ["processing-restricted"] * 2
    assert [each["line"] for each in report["rejected"]] == sorted(each["line"] for each in report["rejected"])
    assert report["removed"] <= len(others)


@pytest.mark.parametrize("query", [{"type": "student"}, {"type": "risk", "semester": "2021-3"}, {"type": "nothing"}])
async def test_sets_there_are_none_of(http: httpx.AsyncClient, world: World, query: Json) -> None:
    answer = await snapshot(http, world, b"", "f", **query)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY


async def test_a_set_of_an_institution_of_others(http: httpx.AsyncClient, world: World) -> None:
    answer = await snapshot(http, world, b"", "g", type="risk", institution=world.other_school)
    assert answer.status_code == httpx.codes.FORBIDDEN


async def test_items_of_another_type_are_rejected(http: httpx.AsyncClient, world: World) -> None:
    answer = await snapshot(http, world, [records.enrolment("X")], "h", type="risk")
    assert answer.json()["rejected"][0]["violations"][0]["code"] == "other-type"
    assert answer.json()["removed"] is None
