"""What belongs to another school answers as what does not exist."""

from typing import Any

import httpx
import pytest

from tests.api.delivered import consultation
from tests.api.plan_chain import activated, draft
from tests.factories import Json, World

ABSENT = "00000000-0000-4000-8000-000000000000"
PATCHES: dict[str, Json] = {
    "students/{}/person": {"family_name": "Cita"},
    "enrolments/{}": {"grade": 8},
    "risks/{}": {"severity": "HIGH"},
    "plans/{}": {"providers": ["T-002"]},
    "interventions/{}": {"hours": "1.00"},
    "outcomes/{}": {"evaluation": "Citādi."},
}


@pytest.fixture(scope="module")
async def records(http: httpx.AsyncClient, world: World) -> dict[str, str]:
    """The id of one record of each kind, made by the school."""
    plan = await activated(http, world, await draft(http, world, world.school))
    headers = world.coordinator(world.school)
    intervention = await http.post("/v1/interventions", json=consultation(plan, on="2021-11-15"), headers=headers)
    body: dict[str, Any] = {
        "of": "PLAN",
        "plan_id": plan["id"],
        "recorded_on": "2021-11-15",
        "results": [{"risk_id": plan["risk_ids"][0], "result": "REDUCED"}],
        "next_step": "END",
    }
    outcome = await http.post("/v1/outcomes", json=body, headers=headers)
    assert (intervention.status_code, outcome.status_code) == (201, 201), intervention.text + outcome.text
    return {
        "students/{}": plan["student_id"],
        "students/{}/person": plan["student_id"],
        "enrolments/{}": plan["enrolment_id"],
        "risks/{}": plan["risk_ids"][0],
        "plans/{}": plan["id"],
        "plans/{}/steps": plan["id"],
        "interventions/{}": intervention.json()["id"],
        "outcomes/{}": outcome.json()["id"],
    }


KINDS = [*PATCHES, "students/{}", "plans/{}/steps"]


@pytest.mark.parametrize("kind", KINDS)
async def test_foreign_and_absent_answer_alike(
    http: httpx.AsyncClient, world: World, records: dict[str, str], kind: str
) -> None:
    async def ask(method: str, key: str, who: dict[str, str]) -> tuple[int, Json]:
        answer = await http.request(
            method,
            f"/v1/{kind.format(key)}",
            json=PATCHES.get(kind) if method == "PATCH" else None,
            headers={**who, "If-Match": '"1"'},
        )
        return answer.status_code, {**answer.json(), "correlation_id": ""}

    methods = ["GET", "PATCH", "DELETE"] if kind in PATCHES else ["GET", "DELETE"]
    allowed = [each for each in methods if not (each == "DELETE" and kind == "students/{}/person")]
    for who in (world.coordinator(world.other_school), world.sync(world.other_school, world.college)):
        for method in ["GET"] if kind == "plans/{}/steps" else allowed:
            foreign, absent = await ask(method, records[kind], who), await ask(method, ABSENT, who)
            assert foreign == absent
            assert foreign[0] == (422 if kind.endswith("person") and "institution_id" in str(foreign) else 404)


@pytest.mark.parametrize("kind", KINDS)
async def test_to_its_own_school_it_is_there(
    http: httpx.AsyncClient, world: World, records: dict[str, str], kind: str
) -> None:
    """Else the test above could not fail."""
    answer = await http.get(f"/v1/{kind.format(records[kind])}", headers=world.coordinator(world.school))
    assert answer.status_code == 200


@pytest.mark.parametrize("noun", ["students", "enrolments", "risks", "plans", "interventions", "outcomes"])
@pytest.mark.usefixtures("records")
async def test_lists_of_another_school_and_municipality_are_empty(
    http: httpx.AsyncClient, world: World, noun: str
) -> None:
    for who in (world.coordinator(world.other_school), world.municipality(world.riga)):
        assert (await http.get(f"/v1/{noun}", headers=who)).json()["items"] == []
    for who in (world.coordinator(world.school), world.municipality(world.madona)):
        assert len((await http.get(f"/v1/{noun}", headers=who)).json()["items"]) == 1
