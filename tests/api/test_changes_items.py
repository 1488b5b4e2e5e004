"""What PostgreSQL writes into the feed is what each record's own address answers, for every noun and every field."""

from typing import Any

import asyncpg
import httpx
import pytest

from app.api.rest.change_models import ChangePage
from tests.api.delivered import active_plan, consultation, meals, recorded
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import draft, draft_body, moved, record_risk
from tests.api.replica import LISTS, Json, Replica
from tests.factories import World, enrol, register_student

AWKWARD = "Viņš teica: \"labi\"\\ …\n\tun <ļoti> 👍 %s {0} 'x' $1"


@pytest.fixture(scope="module")
async def recorded_of_all_kinds(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    """With all optional fields, and with none."""
    coordinator = world.coordinator(world.school)
    student_id = await register_student(http, world, world.school)
    await enrol(
        http,
        world,
        student_id,
        world.school,
        **{"from": "2020-09-01", "to": "2021-08-31", "end_reason": "COMPLETED", "grade": 6},
    )
    enrolment = await enrol(
        http,
        world,
        student_id,
        world.school,
        home_municipality="0038000",
        minority_programme=True,
        returned_emigrant=True,
        special_need="56",
    )
    risk = await record_risk(http, world, student_id, world.school, resolved_on="2021-11-01")
    other = await record_risk(http, world, student_id, world.school, type="LANGUAGE_BARRIER")
    first = await _draft(http, coordinator, draft_body(enrolment, risk))
    first = await moved(http, first, "submission", coordinator)
    await moved(http, first, "discontinuation", world.head(world.school), {"reason": AWKWARD})
    measures = [
        {"risk_id": other["id"], "support_measure": "MEALS", "eur": "22.5"},
        {
            "risk_id": risk["id"],
            "support_measure": "CONSULTATIVE_SUPPORT",
            "hours": "3",
            "specialist": "PSYCHOLOGIST",
        },
    ]
    body = draft_body(enrolment, risk, providers=["T-002", "T-001"]) | {
        "semester": "2021-2",
        "from": "2022-01-03",
        "to": "2022-05-31",
        "risk_ids": [other["id"], risk["id"]],
        "planned_measures": measures,
        "continues": first["id"],
    }
    await _draft(http, coordinator, body)
    active = await active_plan(http, world, owner)
    revised = {"reason": AWKWARD, "risk_ids": active["risk_ids"], "planned_measures": active["planned_measures"]}
    await moved(http, active, "revision", coordinator, revised)
    remote = {"mode": "REMOTE", "head_order": AWKWARD.replace("\n\t", ""), "confirmed_on": "2021-10-11"}
    await recorded(http, "/v1/interventions", consultation(active, **remote), coordinator)
    psychology = {"support_measure": "CONSULTATIVE_SUPPORT", "subject": None, "specialist": "PSYCHOLOGIST"}
    await recorded(http, "/v1/interventions", consultation(active, **psychology), coordinator)
    await recorded(http, "/v1/interventions", meals(active), coordinator)
    await recorded(http, "/v1/outcomes", of_plan(active, evaluation=AWKWARD), coordinator)
    await recorded(http, "/v1/outcomes", of_year(student_id, world.school), coordinator)
    nothing: Json = {"consent": {}, "providers": [], "risk_ids": [], "planned_measures": []}
    bare = await draft(http, world, world.school, **nothing)
    await recorded(
        http,
        "/v1/outcomes",
        of_year(bare["student_id"], world.school, result="PROMOTED", left_on=None, leaving_reason=None),
        coordinator,
    )


async def _draft(http: httpx.AsyncClient, headers: dict[str, str], body: Json) -> Json:
    answer = await http.post("/v1/plans", json=body, headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


@pytest.mark.usefixtures("recorded_of_all_kinds")
@pytest.mark.parametrize("noun", LISTS)
async def test_an_item_is_what_the_address_of_its_record_answers(
    http: httpx.AsyncClient, world: World, noun: str
) -> None:
    replica = await Replica(http=http, headers=world.head(world.school)).follow()
    items = [item for (kind, _), item in replica.kept.items() if kind == noun]
    assert items
    for item in items:
        answer = await http.get(f"/v1/{LISTS[noun]}/{item['id']}", headers=world.head(world.school))
        assert item["data"] == answer.json()
        assert item["version"] == item["data"]["version"]
        assert item["student_id"] == item["data"].get("student_id", item["id"])
        assert item["institution_id"] == item["data"].get("institution_id")


def _filled(value: Any, path: str = "") -> set[str]:
    """Every field that has something in it."""
    match value:
        case dict():
            return set().union(*(_filled(each, f"{path}/{name}") for name, each in value.items()))
        case list():
            return set().union(*(_filled(each, f"{path}/-") for each in value))
        case None:
            return set()
        case _:
            return {path}


@pytest.mark.usefixtures("recorded_of_all_kinds")
async def test_every_field_was_compared(http: httpx.AsyncClient, world: World) -> None:
    replica = await Replica(http=http, headers=world.head(world.school)).follow()
    filled: dict[str, set[str]] = {noun: set() for noun in LISTS}
    fields: dict[str, set[str]] = {noun: set() for noun in LISTS}
    for (noun, _), item in replica.kept.items():
        filled[noun] |= {path.split("/")[1] for path in _filled(item["data"])}
        fields[noun] |= item["data"].keys()
    assert {noun: fields[noun] - filled[noun] for noun in LISTS} == {noun: set() for noun in LISTS}


@pytest.mark.usefixtures("recorded_of_all_kinds")
async def test_both_forms_say_the_same_and_are_as_described(http: httpx.AsyncClient, world: World) -> None:
    headers = world.head(world.school)
    answer = await http.get("/v1/changes", headers=headers)
    assert answer.headers["content-type"] == "application/json"
    replica = Replica(http=http, headers=headers)
    await replica.page()
    assert answer.json()["items"] == replica.items
    assert {item["op"] for item in replica.items} == {"load-begins", "upsert", "load-ends"}
    ChangePage.model_validate_json(answer.text)


async def test_an_empty_page_is_json_too(http: httpx.AsyncClient, world: World) -> None:
    headers = world.head(world.college)
    replica = await Replica(http=http, headers=headers).follow()
    answer = await http.get("/v1/changes", params={"cursor": replica.cursor}, headers=headers)
    assert answer.json()["items"] == []
    assert answer.json()["more"] is False
