"""The life of a plan as a school system tells of it: submitted, completed, discontinued, each told as often as it likes."""

import asyncpg
import httpx
import pytest

from tests.api.delivered import active_plan
from tests.api.plan_chain import activated
from tests.factories import Json, World, a_person
from tests.sync import records
from tests.sync.batches import consultation, counted, item, sent, wrong
from tests.sync.records import up_to_a_plan

SUBMIT, COMPLETE = item("plan", "P-{}", op="submit"), item("plan", "P-{}", op="complete")
DISCONTINUE = item("plan", "P-{}", {"reason": "The family moved away."}, op="discontinue")


def step(said: Json, key: str) -> Json:
    return said | {"external_id": f"P-{key}"}


async def of(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, key: str) -> Json:
    """The plan as it is now."""
    plan_id = await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = $1", f"P-{key}")
    return dict((await http.get(f"/v1/plans/{plan_id}", headers=world.coordinator(world.school))).json())


async def in_force(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, key: str) -> Json:
    """Sent in by a batch, submitted by people, and active since 4 October."""
    await sent(http, world, up_to_a_plan(key))
    plan = await activated(http, world, await of(http, world, owner, key))
    await owner.execute("UPDATE plan SET activated_on = '2021-10-04' WHERE id = $1::text::uuid", plan["id"])
    return plan


async def test_drafted_and_submitted_in_one_batch_and_again_every_night(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    night = [step(SUBMIT, "A"), *up_to_a_plan("A")]
    assert counted(await sent(http, world, night))["plan"] == {"created": 1, "updated": 1}
    assert (await of(http, world, owner, "A"))["state"] == "SUBMITTED"
    assert counted(await sent(http, world, night))["plan"] == {"unchanged": 2}
    changed = await sent(http, world, [records.plan("A", to="2021-12-10"), step(SUBMIT, "A")])
    assert wrong(changed) == [(1, "", "plan-not-draft")]
    assert counted(changed)["plan"] == {"unchanged": 1, "rejected": 1}


async def test_what_is_in_force_stays_so_and_is_completed_once(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    await in_force(http, world, owner, "B")
    night = [*up_to_a_plan("B"), step(SUBMIT, "B"), records.plan_outcome("B")]
    report = await sent(http, world, [each for each in night if each["type"] in ("plan", "outcome")])
    assert counted(report) == {"plan": {"unchanged": 2}, "outcome": {"created": 1}}
    for told in ({"updated": 1}, {"unchanged": 1}):
        assert counted(await sent(http, world, [step(COMPLETE, "B")]))["plan"] == told
    plan = await of(http, world, owner, "B")
    assert (plan["state"], plan["ended_on"]) == ("COMPLETED", "2021-11-15")
    steps = await http.get(f"/v1/plans/{plan['id']}/steps", headers=world.coordinator(world.school))
    assert [each["step"] for each in steps.json()][-1] == "COMPLETE"
    assert steps.json()[-1]["role"] == "SYNC_CLIENT"
    assert wrong(await sent(http, world, [step(DISCONTINUE, "B")])) == [(1, "", "step-not-possible")]


async def test_delivered_completed_and_judged_in_one_batch(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await in_force(http, world, owner, "C")
    items = [
        step(COMPLETE, "C"),
        records.plan_outcome("C"),
        item("intervention", "I-C", consultation(plan, plan="P-C", risk="R-C")),
    ]
    report = await sent(http, world, items)
    assert counted(report) == {"plan": {"updated": 1}, "intervention": {"created": 1}, "outcome": {"created": 1}}


async def test_results_have_no_order(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    """However they are sent, and in whichever order they are kept."""
    risks = [records.risk("H") | {"external_id": f"R-H{number}"} for number in range(4)]
    named = [each["external_id"] for each in risks]
    drafted = records.plan("H", risks=named, planned_measures=[records.plan("H1")["data"]["planned_measures"][0]])
    await sent(http, world, [each for each in up_to_a_plan("H") if each["type"] != "plan"] + risks + [drafted])
    submitted = await sent(http, world, [step(SUBMIT, "H")])
    assert submitted["rejected"] == []
    await owner.execute(
        "UPDATE plan SET state = 'ACTIVE', activated_on = '2021-10-04'"
        " WHERE id = (SELECT record_id FROM source_key WHERE external_id = 'P-H')"
    )
    results = [{"risk": each, "result": "REDUCED"} for each in named]
    for order, told in ((results, {"created": 1}), (results[::-1], {"unchanged": 1}), (results, {"unchanged": 1})):
        assert counted(await sent(http, world, [records.plan_outcome("H", results=order)])) == {"outcome": told}
    results[0] = {"risk": named[0], "result": "RESOLVED"}
    assert counted(await sent(http, world, [records.plan_outcome("H", results=results)])) == {"outcome": {"updated": 1}}


async def test_discontinued_with_the_reason(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    await in_force(http, world, owner, "D")
    for told in ({"updated": 1}, {"unchanged": 1}):
        assert counted(await sent(http, world, [step(DISCONTINUE, "D")]))["plan"] == told
    plan = await of(http, world, owner, "D")
    assert (plan["state"], plan["end_reason"]) == ("DISCONTINUED", "The family moved away.")


async def test_a_revision_under_way_is_not_submitted_by_the_night(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    await in_force(http, world, owner, "E")
    plan = await of(http, world, owner, "E")
    revised = await http.post(
        f"/v1/plans/{plan['id']}/revision",
        json={"risk_ids": plan["risk_ids"], "planned_measures": [], "reason": "Fewer hours."},
        headers={**world.coordinator(world.school), "If-Match": f'"{plan["version"]}"'},
    )
    assert revised.status_code == httpx.codes.OK, revised.text
    assert counted(await sent(http, world, [step(SUBMIT, "E")]))["plan"] == {"unchanged": 1}
    assert (await of(http, world, owner, "E"))["revision"]["state"] == "DRAFT"


async def test_a_plan_continues_one_that_stands_further_down_in_the_batch(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """At one institution, a student has one open plan: so the earlier one is at another school of the same system."""
    person, school, other = a_person(), {"institution": world.school}, {"institution": world.other_school}
    items = [
        records.plan("F", enrolment="E-F2", continues="P-F", **{"from": "2021-10-01"}) | {"external_id": "P-00"},
        records.plan("F"),
        records.risk("F", **school),
        records.enrolment("F", **other) | {"external_id": "E-F2"},
        records.enrolment("F", **school),
        records.student("F", person, **other) | {"external_id": "S-F2"},
        records.student("F", person, **school),
    ]
    report = await sent(http, world, items, institutions=(world.school, world.other_school))
    assert report["rejected"] == []
    assert counted(report)["plan"] == {"created": 2}
    keys = {row["external_id"]: row["record_id"] for row in await owner.fetch("SELECT * FROM source_key")}
    later = await http.get(f"/v1/plans/{keys['P-00']}", headers=world.coordinator(world.other_school))
    assert later.json()["continues"] == str(keys["P-F"])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["one", "other"])
async def test_two_plans_do_not_continue_each_other(
    http: httpx.AsyncClient, world: World, order: tuple[int, ...]
) -> None:
    key = f"G{order[0]}"
    base = [each for each in up_to_a_plan(key) if each["type"] != "plan"]
    circle = [
        records.plan(key, semester="2021-1", continues=f"P-{key}-b") | {"external_id": f"P-{key}-a"},
        records.plan(key, semester="2021-2", continues=f"P-{key}-a") | {"external_id": f"P-{key}-b"},
    ]
    report = await sent(http, world, [*base, *(circle[at] for at in order)])
    assert counted(report)["plan"] == {"rejected": 2}
    assert {(pointer, code) for _, pointer, code in wrong(report)} == {("/data/continues", "unknown-reference")}


async def test_a_plan_of_people_is_none_of_the_sources(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """A step names the source's own plan; what it has not sent, or adopted, it does not know."""
    plan = await active_plan(http, world, owner)
    report = await sent(http, world, [item("plan", plan["id"], op="complete")])
    assert wrong(report) == [(1, "/external_id", "unknown-reference")]


async def test_a_step_of_a_plan_that_was_rejected_is_told_so(http: httpx.AsyncClient, world: World) -> None:
    items = [*up_to_a_plan("Z")[1:], records.plan("Z", semester="2021-9"), step(SUBMIT, "Z")]
    report = await sent(http, world, items)
    assert wrong(report) == [(4, "/data/semester", "string-pattern-mismatch"), (5, "/external_id", "unknown-reference")]
    told = report["rejected"][1]["violations"][0]["message"]
    assert told == "You have sent no plan with this id, or it was rejected."
