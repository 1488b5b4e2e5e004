"""POST /v1/sync/batches: what is recorded once, what is left out, and what is answered."""

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from tests.api.delivered import active_plan
from tests.factories import Json, World
from tests.sync.batches import consultation, item, ndjson, send, sent, wrong, zipped


@pytest.fixture(scope="module")
async def plan(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    return await active_plan(http, world, owner)


async def kept(owner: asyncpg.Connection, plan: Json) -> list[tuple[str, str]]:
    rows = await owner.fetch(
        "SELECT valid_from, hours FROM intervention WHERE plan_id = $1::text::uuid ORDER BY valid_from, id", plan["id"]
    )
    return [(str(row["valid_from"]), str(row["hours"])) for row in rows]


async def test_created_unchanged_updated_deleted(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    first, second = (item("intervention", f"A-{day}", consultation(plan, on=f"2021-10-{day}")) for day in ("11", "12"))
    report = await sent(http, world, [first, second])
    assert report["state"] == "APPLIED"
    assert report["counts"] == {
        "intervention": {"created": 2, "updated": 0, "unchanged": 0, "deleted": 0, "rejected": 0}
    }
    first["data"]["hours"] = "2.00"
    report = await sent(http, world, [first, second])
    assert (report["counts"]["intervention"]["updated"], report["counts"]["intervention"]["unchanged"]) == (1, 1)
    assert await kept(owner, plan) == [("2021-10-11", "2.00"), ("2021-10-12", "1.50")]
    report = await sent(http, world, [item("intervention", "A-11", op="delete")] * 1)
    assert report["counts"]["intervention"]["deleted"] == 1
    assert await kept(owner, plan) == [("2021-10-12", "1.50")]
    again = await sent(http, world, [item("intervention", "A-11", op="delete")])
    assert again["counts"]["intervention"]["unchanged"] == 1


async def test_a_wrong_item_is_left_out_and_told(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    report = await sent(
        http,
        world,
        [
            item("intervention", "B-1", consultation(plan, on="2021-10-13", hours="9")),
            item("intervention", "B-2", consultation(plan, on="2021-10-13")),
            item("intervention", "B-3", consultation(plan, on="2021-10-14", plan="P-unknown", risk="R-unknown")),
            item("intervention", "B-4", consultation(plan, on="someday")),
        ],
    )
    assert wrong(report) == [
        (1, "/data/hours", "too-long"),
        (1, "/data/hours", "too-many-hours"),
        (3, "/data/plan", "unknown-reference"),
        (3, "/data/risk", "unknown-reference"),
        (4, "/data/on", "date-from-datetime-parsing"),
    ]
    assert report["counts"]["intervention"] == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "deleted": 0,
        "rejected": 3,
    }
    assert report["more_rejected"] is None


async def test_all_or_nothing(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    plan = await active_plan(http, world, owner)
    items = [
        item("intervention", "C-1", consultation(plan)),
        item("intervention", "C-2", consultation(plan, on="2021-10-12", hours="9")),
    ]
    answer = await send(http, world, items, atomic="all")
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    problem = answer.json()
    assert problem["type"] == "/problems/batch-refused"
    assert problem["batch"]["state"] == "REFUSED"
    assert {each["line"] for each in problem["batch"]["rejected"]} == {2}
    assert await kept(owner, plan) == []


async def test_validation_keeps_nothing_and_answers_the_same(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    items = [
        item("intervention", "D-1", consultation(plan)),
        item("intervention", "D-2", consultation(plan, on="2021-10-12", hours="9")),
    ]
    tried = await sent(http, world, items, mode="validate")
    assert tried["state"] == "VALIDATED"
    assert await kept(owner, plan) == []
    done = await sent(http, world, items)
    assert (tried["counts"], wrong(tried)) == (done["counts"], wrong(done))


async def test_the_same_key_is_answered_the_same(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    items = [item("intervention", "E-1", consultation(plan))]
    first = await send(http, world, items, key="night-1")
    await owner.execute("DELETE FROM intervention WHERE plan_id = $1::text::uuid", plan["id"])
    await owner.execute("SELECT statistics_rebuild()")
    again = await send(http, world, items, key="night-1")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert await kept(owner, plan) == []  # answered, not applied once more
    other = await send(http, world, [item("intervention", "E-2", consultation(plan))], key="night-1")
    assert other.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    otherwise = await send(http, world, items, key="night-1", mode="validate")
    assert otherwise.json()["type"] == "/problems/idempotency-key-reused"


async def test_compressed_or_not_is_the_same_batch(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    items = [item("intervention", "F-1", consultation(plan, on="2021-10-18"))]
    compressed = await sent(http, world, zipped(items), key="night-2", headers={"Content-Encoding": "gzip"})
    assert compressed["counts"]["intervention"]["created"] == 1
    again = await send(http, world, items, key="night-2")
    assert again.json() == compressed


async def test_an_array_is_a_batch_too(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    items = ndjson([item("intervention", "G-1", consultation(plan, on="2021-10-19"))])
    for body in (b'{"items": [' + items + b"]}", b"[" + items + b"]"):
        report = await sent(http, world, body, headers={"Content-Type": "application/json"})
        assert report["items"] == 1
    assert report["counts"]["intervention"]["unchanged"] == 1


async def test_reports_stay_and_are_the_sources_own(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    bad = [item("intervention", f"H-{number}", consultation(plan, hours="9")) for number in range(3)]
    report = await sent(http, world, bad)
    mine, stranger = (
        world.sync(world.school),
        world.named("another-system", Role.SYNC_CLIENT, institution_ids=frozenset({world.school})),
    )
    path = f"/v1/sync/batches/{report['id']}"
    found = await http.get(path, headers=mine)
    assert found.json() == report
    page = await http.get(f"{path}/rejections", params={"limit": 2}, headers=mine)
    assert [each["line"] for each in page.json()["items"]] == [1, 2]
    rest = await http.get(f"{path}/rejections", params={"after": page.json()["next"]}, headers=mine)
    assert [each["line"] for each in rest.json()["items"]] == [3]
    assert rest.json()["next"] is None
    listed = await http.get("/v1/sync/batches", params={"limit": 1}, headers=mine)
    assert listed.json()["items"][0]["id"] == report["id"]
    for foreign in (path, f"{path}/rejections"):
        assert (await http.get(foreign, headers=stranger)).status_code == httpx.codes.NOT_FOUND
    assert (await http.get("/v1/sync/batches", headers=stranger)).json()["items"] == []


async def test_in_latvian(http: httpx.AsyncClient, world: World, plan: Json) -> None:
    items = [item("intervention", "I-1", consultation(plan, hours="9"))]
    report = await sent(http, world, items, headers={"Accept-Language": "lv"})
    english = await sent(http, world, items)
    told, original = (
        next(wrong for wrong in each["rejected"][0]["violations"] if wrong["code"] == "too-many-hours")
        for each in (report, english)
    )
    assert told["message"] == "Izglītojamajam vienā dienā ir vairāk mācību stundu, nekā atļauts."
    assert told["detail"] == original["message"] == "At most 8 teaching hours per student and day."
    assert "detail" not in original


async def test_a_problem_in_latvian(http: httpx.AsyncClient, world: World) -> None:
    mine = world.sync(world.school)
    latvian = await http.get("/v1/sync/batches?limit=0", headers={**mine, "Accept-Language": "lv"})
    english = await http.get("/v1/sync/batches?limit=0", headers=mine)
    [told], [original] = latvian.json()["violations"], english.json()["violations"]
    assert told["message"] == "Vērtība ir mazāka, nekā atļauts."
    assert told["detail"] == original["message"] == "Input should be greater than or equal to 1"
    assert "detail" not in original


async def test_what_a_model_finds_is_told_plainly(http: httpx.AsyncClient, world: World) -> None:
    said = item("intervention", "I-1", {"on": "32.09.2021", "colour": "red"})
    report = await sent(http, world, [said])
    told = {each["pointer"]: each["message"] for each in report["rejected"][0]["violations"]}
    assert told["/data/on"] == "A date is written like 2021-09-30."
    assert told["/data/plan"] == "This field is required."
    assert told["/data/colour"] == "There is no such field here."


async def test_hours_of_a_day_are_counted_within_the_batch(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    hours = [item("intervention", f"J-{number}", consultation(plan, hours="2.00")) for number in range(9)]
    report = await sent(http, world, hours)
    taken = report["counts"]["intervention"]["created"]
    assert 0 < taken < len(hours)
    assert {code for _, _, code in wrong(report)} == {"too-many-hours"}
    assert len(await kept(owner, plan)) == taken
    # One of them gives way: what it leaves is there for another.
    moved = item("intervention", "J-0", consultation(plan, hours="2.00", on="2021-10-12"))
    report = await sent(http, world, [moved, hours[-1]])
    assert report["counts"]["intervention"] | {"unchanged": 0} == {
        "created": 1,
        "updated": 1,
        "unchanged": 0,
        "deleted": 0,
        "rejected": 0,
    }
