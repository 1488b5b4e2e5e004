"""Plans over REST: drafting, and what a draft is held to."""

import httpx
import pytest

from tests.api.plan_chain import activated, draft, draft_body, moved, record_risk
from tests.factories import World, enrol, register_student

UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def test_a_draft_is_kept_as_it_was_sent(http: httpx.AsyncClient, world: World) -> None:
    made = await draft(http, world, world.school)
    assert (made["state"], made["version"], made["from"], made["to"]) == ("DRAFT", 1, "2021-09-01", "2021-12-31")
    assert made["code"].startswith("IAP-2021-1-")
    answer = await http.get(f"/v1/plans/{made['id']}", headers=world.coordinator(world.school))
    assert answer.json() == made
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Cache-Control"] == "no-store"
    listed = await http.get("/v1/plans", params={"code": made["code"]}, headers=world.coordinator(world.school))
    assert listed.json()["items"] == [made]


async def test_a_draft_is_changed_by_what_a_patch_names_alone(http: httpx.AsyncClient, world: World) -> None:
    made = await draft(http, world, world.school)
    patch = {"from": "2021-09-20", "providers": ["T-002", "T-001", "T-002"]}
    headers = {**world.coordinator(world.school), "If-Match": '"1"'}
    changed = (await http.patch(f"/v1/plans/{made['id']}", json=patch, headers=headers)).json()
    assert changed == {**made, "from": "2021-09-20", "providers": ["T-001", "T-002"], "version": 2}
    second = {"risk_id": made["risk_ids"][0], "support_measure": "MEALS", "eur": "30.00", "hours": None}
    second |= {"subject": None, "specialist": None}
    answer = await http.patch(
        f"/v1/plans/{made['id']}",
        json={"planned_measures": [*made["planned_measures"], second]},
        headers={**world.coordinator(world.school), "If-Match": '"2"'},
    )
    assert answer.json()["planned_measures"] == [*made["planned_measures"], second]


async def test_a_change_names_the_version_it_was_made_on(http: httpx.AsyncClient, world: World) -> None:
    made = await draft(http, world, world.school)
    path, coordinator = f"/v1/plans/{made['id']}", world.coordinator(world.school)
    missing = await http.patch(path, json={"from": "2021-09-20"}, headers=coordinator)
    assert (missing.status_code, missing.json()["type"]) == (428, "/problems/precondition-required")
    stale = await http.patch(path, json={"from": "2021-09-20"}, headers={**coordinator, "If-Match": '"7"'})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale-version")
    weak = await http.patch(path, json={"from": "2021-09-20"}, headers={**coordinator, "If-Match": 'W/"1"'})
    assert weak.status_code == 422
    assert (await http.get(path, headers=coordinator)).json() == made


async def test_every_wrong_field_is_named_in_one_answer(http: httpx.AsyncClient, world: World) -> None:
    student_id = await register_student(http, world, world.school)
    enrolment = await enrol(http, world, student_id, world.school)
    risk = await record_risk(http, world, student_id, world.school)
    body = draft_body(enrolment, risk, **{"from": "2021-08-31", "to": "2022-01-01"})
    body["risk_ids"].append(UNKNOWN)
    body["planned_measures"] += [
        {"risk_id": UNKNOWN, "support_measure": "MEALS"},
        {"risk_id": risk["id"], "support_measure": "NOTHING_SUCH", "hours": 1},
    ]
    answer = await http.post("/v1/plans", json=body, headers=world.coordinator(world.school))
    assert answer.status_code == 422
    assert {(each["pointer"], each["code"]) for each in answer.json()["violations"]} == {
        ("/from", "outside-semester"),
        ("/from", "not-enrolled"),
        ("/risk_ids/1", "unknown-risk"),
        ("/planned_measures/1/eur", "required"),
        ("/planned_measures/2/support_measure", "unknown-code"),
    }


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("semester", "2099-1", "/semester"),
        ("semester", "2021-3", "/semester"),
        ("programme", "NO_SUCH", "/programme"),
        ("providers", ["Jānis Bērziņš"], "/providers/0"),
        (
            "planned_measures",
            [{"risk_id": UNKNOWN, "support_measure": "MEALS", "eur": "NaN"}],
            "/planned_measures/0/eur",
        ),
        ("surprise", 1, "/surprise"),
    ],
)
async def test_what_cannot_be_read_is_named_by_its_pointer(
    http: httpx.AsyncClient, world: World, field: str, value: object, pointer: str
) -> None:
    student_id = await register_student(http, world, world.school)
    enrolment = await enrol(http, world, student_id, world.school)
    risk = await record_risk(http, world, student_id, world.school)
    answer = await http.post(
        "/v1/plans", json=draft_body(enrolment, risk, **{field: value}), headers=world.coordinator(world.school)
    )
    assert answer.status_code == 422
    assert pointer in {each["pointer"] for each in answer.json()["violations"]}


async def test_one_plan_for_student_institution_and_semester(http: httpx.AsyncClient, world: World) -> None:
    made = await draft(http, world, world.school)
    later = {"enrolment_id": made["enrolment_id"], "semester": "2021-2"}
    open_still = await http.post("/v1/plans", json=later, headers=world.coordinator(world.school))
    assert (open_still.status_code, open_still.json()["type"]) == (409, "/problems/plan-open")
    submitted = await moved(http, made, "submission", world.coordinator(world.school))
    await moved(http, submitted, "discontinuation", world.head(world.school), {"reason": "Pārcēlās."})
    again = {"enrolment_id": made["enrolment_id"], "semester": "2021-1"}
    answer = await http.post("/v1/plans", json=again, headers=world.coordinator(world.school))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/plan-exists")
    assert (await http.post("/v1/plans", json=later, headers=world.coordinator(world.school))).status_code == 201


async def test_a_plan_continues_an_earlier_one_of_the_student(http: httpx.AsyncClient, world: World) -> None:
    one, two = await draft(http, world, world.school), await draft(http, world, world.school)
    answer = await http.patch(
        f"/v1/plans/{one['id']}",
        json={"continues": two["id"]},
        headers={**world.coordinator(world.school), "If-Match": '"1"'},
    )
    assert [each["code"] for each in answer.json()["violations"]] == ["not-an-earlier-plan"]


async def test_a_draft_is_deleted_and_a_submitted_plan_is_not(http: httpx.AsyncClient, world: World) -> None:
    one, two = await draft(http, world, world.school), await draft(http, world, world.school)
    seen = {**world.coordinator(world.school), "If-Match": '"1"'}
    assert (await http.delete(f"/v1/plans/{one['id']}", headers=seen)).status_code == 204
    assert (await http.get(f"/v1/plans/{one['id']}", headers=seen)).status_code == 404
    submitted = await moved(http, two, "submission", world.coordinator(world.school))
    refused = await http.delete(f"/v1/plans/{two['id']}", headers={**seen, "If-Match": f'"{submitted["version"]}"'})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/plan-not-draft")
    assert "discontinue it instead" in refused.json()["detail"]


async def test_lists_come_in_pages_that_lose_and_repeat_nothing(http: httpx.AsyncClient, world: World) -> None:
    made = {(await draft(http, world, world.other_school))["id"] for _ in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        answer = (await http.get("/v1/plans", params=params, headers=world.head(world.other_school))).json()
        seen += [each["id"] for each in answer["items"]]
        if (cursor := answer["next"]) is None:
            break
    assert len(seen) == len(set(seen))
    assert made <= set(seen)
    wrong = await http.get("/v1/plans", params={"cursor": "!!"}, headers=world.head(world.other_school))
    assert wrong.status_code == 422


async def test_an_approved_plan_is_listed_by_its_state(http: httpx.AsyncClient, world: World) -> None:
    plan = await activated(http, world, await draft(http, world, world.school))
    answer = await http.get("/v1/plans", params={"state": "ACTIVE"}, headers=world.municipality(world.madona))
    assert plan["id"] in {each["id"] for each in answer.json()["items"]}
    assert {each["state"] for each in answer.json()["items"]} == {"ACTIVE"}
