"""Interventions over REST. Who may record whose work: `test_interventions_of_providers`."""

import asyncio

import asyncpg
import httpx
import pytest

from tests.api.delivered import consultation, meals, recorded, seen, wrong
from tests.api.plan_chain import draft, moved
from tests.factories import Json, World

PATH = "/v1/interventions"


async def test_an_intervention_from_its_record_to_its_deletion(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    body = consultation(plan)
    made = await recorded(http, PATH, body, coordinator)
    nothing = dict.fromkeys(("eur", "specialist", "to", "head_order", "confirmed_on"))
    assert made == {
        **body,
        **nothing,
        "attendance": "ATTENDED",
        "id": made["id"],
        "student_id": plan["student_id"],
        "institution_id": plan["institution_id"],
        "version": 1,
    }
    one = f"{PATH}/{made['id']}"
    answer = await http.get(one, headers=coordinator)
    assert (answer.json(), answer.headers["ETag"], answer.headers["Cache-Control"]) == (made, '"1"', "no-store")
    answer = await http.patch(one, json={"hours": 2, "on": "2021-10-12"}, headers=seen(coordinator, 1))
    changed = {**made, "hours": "2.00", "on": "2021-10-12", "version": 2}
    assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (200, changed, '"2"')
    assert (await http.get(one, headers=coordinator)).json() == changed
    assert (await http.delete(one, headers=seen(coordinator, 2))).status_code == 204
    assert (await http.get(one, headers=coordinator)).status_code == 404


async def test_a_consultation_becomes_economic_support(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    made = await recorded(http, PATH, consultation(plan), coordinator)
    patch = {"support_measure": "MEALS", "eur": 10.1, "hours": None, "subject": None, "mode": None, "to": "2021-10-12"}
    answer = await http.patch(f"{PATH}/{made['id']}", json=patch, headers=seen(coordinator, 1))
    assert answer.json() == {**made, **patch, "eur": "10.10", "version": 2}


async def test_a_change_names_the_version_it_was_made_on(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    made = await recorded(http, PATH, meals(plan), coordinator)
    one = f"{PATH}/{made['id']}"
    for send in (http.build_request("PATCH", one, json={"eur": 1}), http.build_request("DELETE", one)):
        send.headers.update(coordinator)
        assert (await http.send(send)).status_code == 428
        send.headers.update(seen(coordinator, 2))
        assert (await http.send(send)).status_code == 412
    assert (await http.get(one, headers=coordinator)).json() == made


async def test_every_malformed_field_is_named_in_one_answer(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    body = consultation(plan, hours="many", on="11.10.2021", mode="BY_POST", staff_member="Jānis", surprise=1)
    del body["purpose"]
    answer = await http.post(PATH, json=body, headers=coordinator)
    assert {pointer for pointer, _code in wrong(answer)} == {
        "/hours", "/on", "/mode", "/staff_member", "/surprise", "/purpose",
    }  # fmt: skip


async def test_every_broken_rule_is_named_in_one_answer(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    body = consultation(
        plan, risk_id=plan["id"], hours="0.125", subject="DANCE", on="2021-10-03", to="2021-10-02", mode=None
    )
    assert wrong(await http.post(PATH, json=body, headers=coordinator)) == {
        ("/risk_id", "risk-not-in-plan"),
        ("/hours", "too-precise"),
        ("/subject", "unknown-code"),
        ("/to", "ends-before-start"),
        ("/to", "one-day"),
        ("/on", "outside-plan"),
        ("/mode", "required"),
    }


@pytest.mark.parametrize(
    ("changes", "violation"),
    [
        ({"hours": "0"}, ("/hours", "not-positive")),
        ({"hours": "6.25"}, ("/hours", "too-long")),
        ({"hours": None}, ("/hours", "required")),
        ({"eur": 1}, ("/eur", "not-for-hours")),
        ({"subject": None}, ("/subject", "required")),
        ({"specialist": "PSYCHOLOGIST"}, ("/specialist", "not-for-this-measure")),
        ({"support_measure": "DANCE"}, ("/support_measure", "unknown-code")),
        ({"on": "2021-11-16"}, ("/on", "in-the-future")),
        ({"mode": "REMOTE", "confirmed_on": "2021-10-11"}, ("/head_order", "required")),
        ({"mode": "REMOTE", "head_order": "R-1"}, ("/confirmed_on", "required")),
        ({"mode": "REMOTE", "head_order": "R-1", "confirmed_on": "2021-10-12"}, ("/confirmed_on", "same-day")),
        ({"head_order": "R-1"}, ("/head_order", "remote-only")),
    ],
)
async def test_each_rule_refuses_alone(
    http: httpx.AsyncClient,
    plan: Json,
    coordinator: dict[str, str],
    changes: Json,
    violation: tuple[str, str],
) -> None:
    assert wrong(await http.post(PATH, json=consultation(plan, **changes), headers=coordinator)) == {violation}
    made = await recorded(http, PATH, consultation(plan), coordinator)
    answer = await http.patch(f"{PATH}/{made['id']}", json=changes, headers=seen(coordinator, 1))
    assert wrong(answer) == {violation}


async def test_economic_support_has_rules_of_its_own(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    body = meals(plan, to="2021-11-16", mode="REMOTE", attendance="ILL", specialist="PSYCHOLOGIST")
    assert wrong(await http.post(PATH, json=body, headers=coordinator)) == {
        ("/to", "in-the-future"),
        ("/mode", "hours-only"),
        ("/eur", "not-delivered"),
        ("/specialist", "not-for-economic"),
    }


async def test_support_is_delivered_under_an_active_plan_while_the_institution_participates(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json, coordinator: dict[str, str]
) -> None:
    on_its_way = await draft(http, world, world.school)
    answer = await http.post(PATH, json=consultation(on_its_way), headers=coordinator)
    assert wrong(answer) == {("/plan_id", "plan-not-active")}
    await owner.execute("UPDATE participation SET valid_to = '2021-10-10' WHERE institution_id = $1", world.school)
    answer = await http.post(PATH, json=consultation(plan), headers=coordinator)
    await owner.execute("UPDATE participation SET valid_to = NULL WHERE institution_id = $1", world.school)
    assert wrong(answer) == {("/on", "not-participating")}


async def test_support_is_recorded_after_the_plan_has_ended(
    http: httpx.AsyncClient, world: World, plan: Json, coordinator: dict[str, str]
) -> None:
    await moved(http, plan, "completion", world.head(world.school))
    await recorded(http, PATH, consultation(plan), coordinator)


async def test_the_hours_of_a_day_are_bounded(http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]) -> None:
    made = await recorded(http, PATH, consultation(plan, hours=6), coordinator)
    too_many = {("/hours", "too-many-hours")}
    assert wrong(await http.post(PATH, json=consultation(plan, hours="2.01"), headers=coordinator)) == too_many
    await recorded(http, PATH, consultation(plan, hours=6, attendance="ILL"), coordinator)
    await recorded(http, PATH, consultation(plan, hours=6, on="2021-10-12"), coordinator)
    await recorded(http, PATH, consultation(plan, hours=2), coordinator)
    one = f"{PATH}/{made['id']}"
    assert (await http.patch(one, json={"hours": "5.75"}, headers=seen(coordinator, 1))).status_code == 200
    assert wrong(await http.patch(one, json={"hours": 6, "on": "2021-10-12"}, headers=seen(coordinator, 2))) == too_many


async def test_two_at_the_same_time_do_not_exceed_the_day_together(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    sent = [http.post(PATH, json=consultation(plan, hours=3), headers=coordinator) for _ in range(6)]
    answers = await asyncio.gather(*sent)
    assert sorted(each.status_code for each in answers) == [201, 201, 422, 422, 422, 422]


async def test_lists_hold_what_was_asked_for(http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]) -> None:
    lesson = await recorded(http, PATH, consultation(plan, attendance="REFUSED"), coordinator)
    lunches = await recorded(http, PATH, meals(plan), coordinator)
    both = [lesson, lunches]

    async def listed(**asked: str | int) -> list[Json]:
        answer = await http.get(PATH, params={"plan_id": plan["id"], **asked}, headers=coordinator)
        assert answer.status_code == 200, answer.text
        return sorted(answer.json()["items"], key=both.index)

    assert await listed() == both
    assert await listed(student_id=plan["student_id"], institution_id=plan["institution_id"]) == both
    assert await listed(institution_id=2_147_483_647) == []
    assert await listed(student_id=plan["id"]) == []
    assert await listed(support_measure="MEALS") == [lunches]
    assert await listed(attendance="REFUSED") == [lesson]
    assert await listed(**{"from": "2021-10-12"}) == [lunches]
    assert await listed(to="2021-10-11") == both
    assert await listed(to="2021-10-10") == []
    assert await listed(**{"from": "2021-10-16"}) == []
    first = (await http.get(PATH, params={"plan_id": plan["id"], "limit": 1}, headers=coordinator)).json()
    rest = await listed(cursor=first["next"])
    assert sorted([*first["items"], *rest], key=both.index) == both


async def test_lists_ask_for_codes_that_exist(http: httpx.AsyncClient, coordinator: dict[str, str]) -> None:
    answer = await http.get(PATH, params={"support_measure": "DANCE"}, headers=coordinator)
    assert wrong(answer) == {("/query/support_measure", "unknown-code")}
    answer = await http.get(PATH, params={"institution_id": 2**31, "from": "soon"}, headers=coordinator)
    assert {pointer for pointer, _code in wrong(answer)} == {"/query/institution_id", "/query/from"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("head_order", "R\x001"),
        ("head_order", "R\n1"),
        ("support_measure", "\x00"),
        ("subject", "x" * 201),
        ("staff_member", "T\x00"),
        ("staff_member", "T-001\n"),
        ("staff_member", "x" * 41),
        ("hours", 1000),
        ("hours", -1),
        ("hours", "NaN"),
        ("hours", "1e400"),
        ("hours", "9" * 500),
        ("eur", "10000000"),
        ("on", "10000-01-01"),
        ("confirmed_on", "0000-01-01"),
        ("plan_id", "no-plan"),
    ],
)
async def test_what_the_database_could_not_keep_is_refused_by_name(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str], field: str, value: object
) -> None:
    answer = await http.post(PATH, json=consultation(plan, **{field: value}), headers=coordinator)
    assert {pointer for pointer, _code in wrong(answer)} == {f"/{field}"}


@pytest.mark.parametrize("literal", [r'"\ud800"', "1e999", "9" * 5000, "NaN", "[]"])
@pytest.mark.parametrize("field", ["head_order", "hours"])
async def test_json_that_no_field_can_hold_is_refused(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str], field: str, literal: str
) -> None:
    text = f'{{"plan_id": "{plan["id"]}", "{field}": {literal}}}'
    headers = {**coordinator, "Content-Type": "application/json"}
    answer = await http.post(PATH, content=text, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] == "/problems/invalid-data"


@pytest.mark.parametrize("content", [b'{"on": "\xff"}', b"", b"{", b'{"hours": ' + b"9" * 5000 + b"}"])
async def test_a_body_that_cannot_be_read_is_refused_whole(
    http: httpx.AsyncClient, coordinator: dict[str, str], content: bytes
) -> None:
    headers = {**coordinator, "Content-Type": "application/json"}
    violations = wrong(await http.post(PATH, content=content, headers=headers))
    assert violations == ({("", "json-invalid")} if content else {("", "missing")})


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_the_first_and_the_last_day_of_the_calendar_are_only_outside_the_plan(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str], day: str
) -> None:
    answer = await http.post(PATH, json=meals(plan, on=day, to=day), headers=coordinator)
    assert ("/on", "outside-plan") in wrong(answer)
    answer = await http.get(PATH, params={"from": day, "to": day}, headers=coordinator)
    assert answer.json()["items"] == []
