"""Outcomes over REST: of plans, and of school years. Who may read and record them: `test_outcomes_scope`."""

import asyncpg
import httpx
import pytest

from tests.api.delivered import recorded, seen, wrong
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import draft, moved, record_risk
from tests.factories import Json, World, register_student

PATH = "/v1/outcomes"


@pytest.fixture
async def year(http: httpx.AsyncClient, world: World) -> Json:
    """What is to be recorded of a student of the school."""
    return of_year(await register_student(http, world, world.school), world.school)


async def test_the_outcome_of_a_plan_from_its_record_to_its_deletion(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    body = of_plan(plan)
    made = await recorded(http, PATH, body, coordinator)
    derived = {name: plan[name] for name in ("student_id", "institution_id")}
    assert made == {**body, **derived, "id": made["id"], "version": 1}
    one = f"{PATH}/{made['id']}"
    answer = await http.get(one, headers=coordinator)
    assert (answer.json(), answer.headers["ETag"], answer.headers["Cache-Control"]) == (made, '"1"', "no-store")
    patch = {
        "results": [{"risk_id": plan["risk_ids"][0], "result": "RESOLVED"}],
        "next_step": "END",
        "improvements": ["WELLBEING"],
        "evaluation": None,
    }
    answer = await http.patch(one, json=patch, headers=seen(coordinator, 1))
    assert (answer.json(), answer.headers["ETag"]) == ({**made, **patch, "version": 2}, '"2"')
    assert (await http.get(one, headers=coordinator)).json() == {**made, **patch, "version": 2}
    assert (await http.delete(one, headers=seen(coordinator, 2))).status_code == 204
    assert (await http.get(one, headers=coordinator)).status_code == 404
    await recorded(http, PATH, body, coordinator)


async def test_the_outcome_of_a_year_from_its_record_to_its_deletion(
    http: httpx.AsyncClient, year: Json, coordinator: dict[str, str]
) -> None:
    made = await recorded(http, PATH, year, coordinator)
    assert made == {**year, "id": made["id"], "version": 1}
    one = f"{PATH}/{made['id']}"
    assert (await http.get(one, headers=coordinator)).json() == made
    patch = {"result": "PROMOTED", "left_on": None, "leaving_reason": None, "extended_school_year": True}
    answer = await http.patch(one, json=patch, headers=seen(coordinator, 1))
    assert answer.json() == {**made, **patch, "version": 2}
    assert (await http.get(one, headers=coordinator)).json() == {**made, **patch, "version": 2}
    assert (await http.delete(one, headers=seen(coordinator, 2))).status_code == 204
    assert (await http.get(one, headers=coordinator)).status_code == 404


async def test_a_change_names_the_version_it_was_made_on(
    http: httpx.AsyncClient, plan: Json, year: Json, coordinator: dict[str, str]
) -> None:
    for body in (of_plan(plan), year):
        made = await recorded(http, PATH, body, coordinator)
        one = f"{PATH}/{made['id']}"
        patch = {"recorded_on": "2021-11-15"}
        for send in (http.build_request("PATCH", one, json=patch), http.build_request("DELETE", one)):
            send.headers.update(coordinator)
            assert (await http.send(send)).status_code == 428
            send.headers.update(seen(coordinator, 2))
            assert (await http.send(send)).status_code == 412
        assert (await http.get(one, headers=coordinator)).json() == made


async def test_results_of_several_risks_read_the_same_in_every_answer(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json, coordinator: dict[str, str]
) -> None:
    second = await record_risk(http, world, plan["student_id"], world.school, type="LOW_MOTIVATION")
    await owner.execute(
        "INSERT INTO plan_risk SELECT plan_id, student_id, $2::text::uuid, institution_id, 1 FROM plan_risk"
        " WHERE plan_id = $1::text::uuid",
        plan["id"],
        second["id"],
    )
    both = sorted([plan["risk_ids"][0], second["id"]])
    results = [{"risk_id": each, "result": "INCREASED"} for each in reversed(both)]
    made = await recorded(http, PATH, of_plan(plan, results=results), coordinator)
    assert [each["risk_id"] for each in made["results"]] == both
    assert (await http.get(f"{PATH}/{made['id']}", headers=coordinator)).json() == made


async def test_every_malformed_field_is_named_where_it_stands_in_the_body(
    http: httpx.AsyncClient, plan: Json, year: Json, coordinator: dict[str, str]
) -> None:
    body = of_plan(plan, recorded_on="soon", results=[{"risk_id": "x", "result": "BETTER"}, 1], improvements=["\x00"])
    body |= {"next_step": "WAIT", "evaluation": "x" * 4001, "result": "PROMOTED"}
    assert {pointer for pointer, _code in wrong(await http.post(PATH, json=body, headers=coordinator))} == {
        "/recorded_on", "/results/0/risk_id", "/results/0/result", "/results/1", "/improvements/0", "/next_step",
        "/evaluation", "/result",
    }  # fmt: skip
    body = {**year, "school_year": "2021/23", "institution_id": 2**31, "extended_school_year": "perhaps"}
    del body["result"]
    assert wrong(await http.post(PATH, json=body, headers=coordinator)) == {
        ("/school_year", "school-year"),
        ("/institution_id", "less-than-equal"),
        ("/extended_school_year", "bool-parsing"),
        ("/result", "missing"),
    }


@pytest.mark.parametrize("kind", [{}, {"of": "LIFE"}, {"of": None}])
async def test_what_it_is_the_outcome_of_is_said(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str], kind: Json
) -> None:
    body = of_plan(plan)
    del body["of"]
    answer = await http.post(PATH, json=body | kind, headers=coordinator)
    assert {pointer for pointer, _code in wrong(answer)} == {"/of"}


async def test_every_broken_rule_of_a_plans_outcome_is_named_in_one_answer(
    http: httpx.AsyncClient, plan: Json, coordinator: dict[str, str]
) -> None:
    foreign = {"risk_id": plan["id"], "result": "RESOLVED"}
    body = of_plan(plan, results=[foreign, foreign], improvements=["LUCK", "MOTIVATION", "MOTIVATION"])
    expected = {
        ("/results/0/risk_id", "risk-not-in-plan"),
        ("/results/1/risk_id", "risk-not-in-plan"),
        ("/results/1/risk_id", "duplicate"),
        ("/results", "missing-risk"),
        ("/improvements/0", "unknown-code"),
        ("/improvements/2", "duplicate"),
        ("/recorded_on", "in-the-future"),
    }
    assert wrong(await http.post(PATH, json=body | {"recorded_on": "2021-11-16"}, headers=coordinator)) == expected
    answer = await http.post(PATH, json=of_plan(plan, recorded_on="2021-10-03"), headers=coordinator)
    assert wrong(answer) == {("/recorded_on", "before-plan")}


@pytest.mark.parametrize(
    ("changes", "violation"),
    [
        ({"recorded_on": "2021-11-16"}, ("/recorded_on", "in-the-future")),
        ({"recorded_on": "2021-08-31"}, ("/recorded_on", "before-school-year")),
        ({"left_on": None}, ("/left_on", "required")),
        ({"left_on": "2021-08-31"}, ("/left_on", "outside-school-year")),
        ({"left_on": "2021-11-16"}, ("/left_on", "in-the-future")),
        ({"leaving_reason": None}, ("/leaving_reason", "required")),
        ({"leaving_reason": "BOREDOM"}, ("/leaving_reason", "unknown-code")),
        ({"result": "DECEASED", "left_on": None}, ("/leaving_reason", "only-when-leaving")),
        ({"result": "EMIGRATED", "leaving_reason": None}, ("/left_on", "only-when-leaving")),
    ],
)
async def test_each_rule_of_a_years_outcome_refuses_alone(
    http: httpx.AsyncClient, year: Json, coordinator: dict[str, str], changes: Json, violation: tuple[str, str]
) -> None:
    assert wrong(await http.post(PATH, json=year | changes, headers=coordinator)) == {violation}
    made = await recorded(http, PATH, year, coordinator)
    answer = await http.patch(f"{PATH}/{made['id']}", json=changes, headers=seen(coordinator, 1))
    assert wrong(answer) == {violation}


async def test_fields_of_the_other_kind_are_refused_by_name(
    http: httpx.AsyncClient, plan: Json, year: Json, coordinator: dict[str, str]
) -> None:
    plans = await recorded(http, PATH, of_plan(plan), coordinator)
    years = await recorded(http, PATH, year, coordinator)
    foreign: Json = {"result": "PROMOTED", "left_on": None, "recorded_on": "2021-11-15"}
    answer = await http.patch(f"{PATH}/{plans['id']}", json=foreign, headers=seen(coordinator, 1))
    assert wrong(answer) == {("/left_on", "not-of-this-outcome"), ("/result", "not-of-this-outcome")}
    foreign = {"results": [], "evaluation": "x"}
    answer = await http.patch(f"{PATH}/{years['id']}", json=foreign, headers=seen(coordinator, 1))
    assert wrong(answer) == {("/results", "not-of-this-outcome"), ("/evaluation", "not-of-this-outcome")}


async def test_a_plan_and_a_school_year_have_one_outcome_each(
    http: httpx.AsyncClient, plan: Json, year: Json, coordinator: dict[str, str]
) -> None:
    for body in (of_plan(plan), year):
        await recorded(http, PATH, body, coordinator)
        answer = await http.post(PATH, json=body, headers=coordinator)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/outcome-exists")
    await recorded(http, PATH, year | {"school_year": "2020/21", "left_on": "2021-08-31"}, coordinator)


async def test_a_plan_has_an_outcome_from_its_activation_on(
    http: httpx.AsyncClient, world: World, plan: Json, coordinator: dict[str, str]
) -> None:
    on_its_way = await draft(http, world, world.school)
    answer = await http.post(PATH, json=of_plan(on_its_way), headers=coordinator)
    assert wrong(answer) == {("/plan_id", "plan-never-active")}
    await moved(http, plan, "completion", world.head(world.school))
    await recorded(http, PATH, of_plan(plan), coordinator)


async def test_lists_hold_what_was_asked_for(
    http: httpx.AsyncClient, world: World, plan: Json, coordinator: dict[str, str]
) -> None:
    student_id = plan["student_id"]
    one = await recorded(http, PATH, of_plan(plan), coordinator)
    other = await recorded(http, PATH, of_year(student_id, world.school), coordinator)

    async def listed(**asked: str | int) -> list[str]:
        answer = await http.get(PATH, params={"student_id": student_id, **asked}, headers=coordinator)
        assert answer.status_code == 200, answer.text
        return sorted(each["of"] for each in answer.json()["items"])

    assert await listed() == ["PLAN", "SCHOOL_YEAR"]
    assert await listed(of="PLAN") == await listed(plan_id=plan["id"]) == ["PLAN"]
    assert await listed(of="SCHOOL_YEAR") == await listed(school_year="2021/22") == ["SCHOOL_YEAR"]
    assert await listed(school_year="2020/21") == await listed(institution_id=world.other_school) == []
    assert await listed(institution_id=world.school) == ["PLAN", "SCHOOL_YEAR"]
    first = (await http.get(PATH, params={"student_id": student_id, "limit": 1}, headers=coordinator)).json()
    assert len(await listed(cursor=first["next"])) == 1
    assert first["items"][0] in (one, other)
    assert wrong(await http.get(PATH, params={"school_year": "2021/23"}, headers=coordinator)) == {
        ("/query/school_year", "school-year")
    }
