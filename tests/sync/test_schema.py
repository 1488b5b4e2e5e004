"""GET /v1/sync/schema: what is sent in these tests fits it, and it tells what depends on what."""

import json

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from app.domain.sync import ItemType
from tests.factories import Json, World, a_person
from tests.sync import records
from tests.sync.batches import consultation, item

PLAN: Json = {"id": "0197a1c2-0000-7000-8000-000000000001", "risk_ids": ["0197a1c2-0000-7000-8000-000000000002"]}
SOUND = [
    item("institution", "org-1", {"registration_number": "4312902314"}),
    records.student("1"),
    records.enrolment("1"),
    records.risk("1"),
    records.plan("1"),
    item("plan", "P-1", op="submit"),
    item("plan", "P-1", {"reason": "Beidzās"}, op="discontinue"),
    item("plan", "P-1", op="delete"),
    item("intervention", "I-1", consultation(PLAN)),
    records.plan_outcome("1"),
    records.year_outcome("1"),
]
WRONG = [
    item("risk", "R-1"),
    records.risk("1", severity="AWFUL"),
    records.risk("1", unknown=1),
    records.risk("1", student={"id": "S-1"}),
    item("plan", "P-1", {"reason": "?"}, op="submit"),
    item("plan", "P-1", op="discontinue"),
    item("risk", "R-1", op="submit"),
    item("student", "S-1", {"person": a_person() | {"family_name": ""}}),
    item("intervention", "I-1", consultation(PLAN), op="delete"),
]


@pytest.fixture(scope="module")
async def schema(http: httpx.AsyncClient, world: World) -> Json:
    answer = await http.get("/v1/sync/schema", headers=world.sync(world.school))
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


def test_hours_have_the_bound_that_is_meant(schema: Json) -> None:
    [said] = [each["schema"] for each in schema["types"] if each["type"] == "intervention"]
    hours = json.dumps(said["$defs"]["upsert"]["properties"]["hours"])
    assert '"maximum": 999.99' in hours
    assert '"le"' not in hours


def validator(schema: Json, item_type: str) -> Draft202012Validator:
    [found] = [each["schema"] for each in schema["types"] if each["type"] == item_type]
    return Draft202012Validator(found, validate_formats=True)


@pytest.mark.parametrize("sound", SOUND, ids=lambda each: f"{each['op']} {each['type']}")
def test_what_is_sent_fits(schema: Json, sound: Json) -> None:
    assert [error.message for error in validator(schema, sound["type"]).iter_errors(sound)] == []


@pytest.mark.parametrize("wrong", WRONG, ids=lambda each: f"{each['op']} {each['type']} {each.get('data')}"[:60])
def test_what_is_wrong_does_not(schema: Json, wrong: Json) -> None:
    assert not validator(schema, wrong["type"]).is_valid(wrong)


def test_what_is_referred_to_comes_first(schema: Json) -> None:
    order = {each["type"]: each["order"] for each in schema["types"]}
    assert list(order) == list(ItemType)
    for each in schema["types"]:
        for name, referred in each["references"].items():
            assert order[referred] < each["order"] or name == "continues"
    references = {each["type"]: set(each["references"]) for each in schema["types"]}
    assert references["intervention"] == {"plan", "risk"}
    assert references["plan"] == {"enrolment", "risk", "risks", "continues"}
    assert references["outcome"] == {"plan", "risk", "student", "institution"}


async def test_codes_are_of_lists_that_there_are(schema: Json, http: httpx.AsyncClient, world: World) -> None:
    told = {each["type"]: each["code_lists"] for each in schema["types"]}
    assert told["intervention"] == {
        "support_measure": "support-measures",
        "subject": "subjects",
        "specialist": "specialists",
    }
    assert told["risk"] == {"type": "risks"}
    assert told["outcome"] == {"improvements": "improvements", "leaving_reason": "leaving-reasons"}
    for code_list in {name for lists in told.values() for name in lists.values()}:
        answer = await http.get(f"/v1/code-lists/{code_list}", headers=world.sync(world.school))
        assert answer.status_code == httpx.codes.OK, code_list


def test_limits_are_told(schema: Json, world: World) -> None:
    assert schema["limits"]["body_bytes"] == world.settings.max_batch
    assert schema["limits"]["media_types"] == ["application/x-ndjson", "application/json"]
