"""Closing a semester over REST: what stands in its way, what it stops, and what a reopening lets go on."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from app.settings import Settings
from tests.api.closing import AFTERWARDS, AUTUMN, close, kind, reopen, service_on
from tests.api.delivered import active_plan, consultation, recorded, seen
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import draft, draft_body, moved, step
from tests.factories import Json, World
from tests.sync import batches
from tests.sync.batches import item, send

OK, CREATED, NO_CONTENT = httpx.codes.OK, httpx.codes.CREATED, httpx.codes.NO_CONTENT


@pytest.fixture(scope="module")
async def later(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with service_on(settings, AFTERWARDS) as client:
        yield client


@pytest.fixture(autouse=True)
async def open_again(owner: asyncpg.Connection) -> AsyncIterator[None]:
    yield
    await owner.execute("DELETE FROM semester_closing")
    await owner.execute("UPDATE plan SET state = 'COMPLETED', ended_on = '2021-11-15' WHERE state = 'ACTIVE'")


async def completed(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    return await moved(http, await active_plan(http, world, owner), "completion", world.coordinator(world.school))


async def tells(http: httpx.AsyncClient, world: World, semester: str = AUTUMN) -> str | None:
    """Since when the semester is closed, as everybody may read it."""
    listed = await http.get("/v1/semesters", headers=world.bearer(Role.ANALYST))
    one = await http.get(f"/v1/semesters/{semester}", headers=world.bearer(Role.ANALYST))
    [found] = [each for each in listed.json() if each["code"] == semester]
    assert found == {name: value for name, value in one.json().items() if name != "calendar"}
    return found["closed_on"]  # type: ignore[no-any-return]


async def test_a_semester_is_closed_after_its_last_day(
    http: httpx.AsyncClient, later: httpx.AsyncClient, world: World
) -> None:
    assert await tells(http, world) is None
    assert kind(await close(http, world)) == "semester-lasts"
    answer = await close(later, world)
    assert (answer.status_code, answer.json()["closed_on"]) == (OK, "2022-01-10"), answer.text
    assert await tells(http, world) == "2022-01-10"
    assert await tells(http, world, "2020-2") is None
    assert kind(await close(later, world)) == "semester-closed"
    assert (await close(later, world, "2020-3")).status_code == httpx.codes.NOT_FOUND


async def test_its_plans_have_ended_first(
    http: httpx.AsyncClient, later: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    answer = await close(later, world)
    assert kind(answer) == "plans-in-force"
    assert answer.json()["detail"].startswith("1 plans")
    await moved(later, plan, "discontinuation", world.authority(), {"reason": "Aizmirsts noslēgt."})
    assert (await close(later, world)).status_code == OK


async def test_it_is_reopened_with_a_reason(later: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    assert kind(await reopen(later, world)) == "semester-not-closed"
    await close(later, world)
    without = await later.post(f"/v1/semesters/{AUTUMN}/reopening", json={}, headers=world.authority())
    assert without.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    answer = await reopen(later, world)
    assert (answer.status_code, answer.json()["closed_on"]) == (OK, None)
    assert await tells(later, world) is None
    assert (await close(later, world)).status_code == OK
    rows = await owner.fetch(
        "SELECT action, record_id, role, reason FROM audit_event WHERE noun = 'semester' AND outcome = 'DONE'"
        " ORDER BY at DESC LIMIT 3"
    )
    assert [tuple(row) for row in reversed(rows)] == [
        ("CLOSE", AUTUMN, "PROGRAMME_AUTHORITY", None),
        ("REOPEN", AUTUMN, "PROGRAMME_AUTHORITY", "Divas skolas bija ierakstījušas cita mēneša stundas."),
        ("CLOSE", AUTUMN, "PROGRAMME_AUTHORITY", None),
    ]


async def test_why_is_told_in_latvian(later: httpx.AsyncClient, world: World) -> None:
    await close(later, world)
    headers = {**world.authority(), "Accept-Language": "lv"}
    answer = await later.post(f"/v1/semesters/{AUTUMN}/closing", headers=headers)
    assert answer.json()["detail"].startswith("Semestris ir slēgts")


@pytest.mark.parametrize("role", [Role.REGIONAL_COORDINATOR, Role.ADMINISTRATOR, Role.ANALYST, Role.SYNC_CLIENT])
async def test_nobody_else_closes_one(later: httpx.AsyncClient, world: World, role: Role) -> None:
    scope: dict[str, Any] = {}
    if role is Role.REGIONAL_COORDINATOR:
        scope = {"region_code": "PR-VIDZEME"}
    elif role is Role.SYNC_CLIENT:
        scope = {"institution_ids": frozenset({world.school})}
    headers = world.bearer(role, **scope)
    answer = await later.post(f"/v1/semesters/{AUTUMN}/closing", headers=headers)
    assert answer.status_code == httpx.codes.FORBIDDEN


async def test_what_belongs_to_it_changes_no_more_until_it_is_reopened(
    http: httpx.AsyncClient, later: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    school = world.coordinator(world.school)
    support = await recorded(http, "/v1/interventions", consultation(plan), school)
    outcome = await recorded(http, "/v1/outcomes", of_plan(plan), school)
    year = await recorded(http, "/v1/outcomes", of_year(plan["student_id"], world.school), school)
    plan = await moved(http, plan, "completion", school)
    await close(later, world)

    async def acts() -> list[httpx.Response]:
        one = seen(school, 1)
        return [
            await later.post("/v1/interventions", json=consultation(plan, on="2021-10-12"), headers=school),
            await later.patch(f"/v1/interventions/{support['id']}", json={"hours": "1.00"}, headers=one),
            await later.delete(f"/v1/interventions/{support['id']}", headers=seen(school, 2)),
            await later.patch(f"/v1/outcomes/{outcome['id']}", json={"evaluation": "Citādi."}, headers=one),
            await later.delete(f"/v1/outcomes/{outcome['id']}", headers=seen(school, 2)),
            await later.post("/v1/outcomes", json=of_plan(plan), headers=school),
        ]

    assert {kind(each) for each in await acts()} == {"semester-closed"}
    # The school year goes on.
    changed = await later.patch(
        f"/v1/outcomes/{year['id']}", json={"extended_school_year": True}, headers=seen(school, 1)
    )
    assert changed.status_code == OK
    await reopen(later, world)
    assert [each.status_code for each in await acts()] == [CREATED, OK, NO_CONTENT, OK, NO_CONTENT, CREATED]


async def test_nothing_new_is_planned_in_it(
    http: httpx.AsyncClient, later: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    school = world.coordinator(world.school)
    ended = await completed(http, world, owner)
    drafted = await draft(http, world, world.school)
    submitted = await moved(http, await draft(http, world, world.school), "submission", school)
    await close(later, world)
    enrolment, risk = {"id": ended["enrolment_id"], "from": "2021-09-01"}, {"id": ended["risk_ids"][0]}
    new = await later.post("/v1/plans", json=draft_body(enrolment, risk), headers=school)
    assert kind(new) == "semester-closed"
    edited = await later.patch(f"/v1/plans/{drafted['id']}", json={"providers": []}, headers=seen(school, 1))
    assert kind(edited) == "semester-closed"
    assert kind(await step(later, drafted, "submission", school)) == "semester-closed"
    assert kind(await step(later, submitted, "approval", world.head(world.school))) == "semester-closed"
    # What was never in force counts nowhere, and stands in nobody's way.
    assert (await later.delete(f"/v1/plans/{drafted['id']}", headers=seen(school, 1))).status_code == NO_CONTENT
    gone = await step(later, submitted, "discontinuation", school, {"reason": "Vairs nav vajadzīgs."})
    assert gone.status_code == OK, gone.text


async def test_what_its_figures_are_counted_by_stays(
    http: httpx.AsyncClient, later: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await completed(http, world, owner)
    school = world.coordinator(world.school)
    enrolment, risk = f"/v1/enrolments/{plan['enrolment_id']}", f"/v1/risks/{plan['risk_ids'][0]}"
    await close(later, world)
    assert kind(await later.patch(enrolment, json={"grade": 8}, headers=seen(school, 1))) == "semester-closed"
    assert kind(await later.patch(risk, json={"type": "LANGUAGE_BARRIER"}, headers=seen(school, 1))) == (
        "semester-closed"
    )
    resolved = await later.patch(risk, json={"resolved_on": "2022-01-10"}, headers=seen(school, 1))
    assert resolved.status_code == OK, resolved.text
    left = {"to": "2022-01-10", "end_reason": "LEFT"}
    assert (await later.patch(enrolment, json=left, headers=seen(school, 1))).status_code == OK


async def test_batches_are_told_the_same(
    http: httpx.AsyncClient, later: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await active_plan(http, world, owner)
    items = [
        item("intervention", "I-1", batches.consultation(plan)),
        item("intervention", "I-2", batches.consultation(plan, on="2021-10-12")),
    ]
    assert (await send(http, world, items)).json()["rejected"] == []
    await moved(http, plan, "completion", world.coordinator(world.school))
    await close(later, world)
    again = [
        items[0],
        item("intervention", "I-2", op="delete"),
        item("intervention", "I-3", batches.consultation(plan, on="2021-10-13")),
    ]
    report = (await send(later, world, again)).json()
    assert report["counts"]["intervention"] | {"unchanged": 1, "rejected": 2} == report["counts"]["intervention"]
    codes = {each["external_id"]: each["violations"][0]["code"] for each in report["rejected"]}
    assert codes == {"I-2": "semester-closed", "I-3": "semester-closed"}


async def test_the_year_is_final_with_its_second_semester(
    http: httpx.AsyncClient, settings: Settings, world: World, owner: asyncpg.Connection
) -> None:
    plan = await completed(http, world, owner)
    school = world.coordinator(world.school)
    year = of_year(plan["student_id"], world.school)
    async with service_on(settings, date(2022, 9, 1)) as autumn:
        await close(autumn, world, "2021-2")
        assert kind(await autumn.post("/v1/outcomes", json=year, headers=school)) == "semester-closed"
        await reopen(autumn, world, "2021-2")
        made = await recorded(autumn, "/v1/outcomes", year, school)
        await close(autumn, world, "2021-2")
        gone = await autumn.delete(f"/v1/outcomes/{made['id']}", headers=seen(school, 1))
        assert kind(gone) == "semester-closed"
