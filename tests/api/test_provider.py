"""A support provider sees the plans it is named in, and what hangs on them."""

from collections.abc import Mapping

import httpx
import pytest

from tests.api.delivered import consultation
from tests.api.plan_chain import activated, draft
from tests.factories import Json, World

HANGS_ON = {"students": "student_id", "enrolments": "enrolment_id", "plans": "id"}


@pytest.fixture(scope="module")
async def plans(http: httpx.AsyncClient, world: World) -> Mapping[str, Json]:
    """Two students of one class: the plan that names T-001, and the one that names T-002."""
    return {
        name: await activated(http, world, await draft(http, world, world.school, providers=[name]))
        for name in ("T-001", "T-002")
    }


async def test_the_rest_of_the_class_is_not_there(
    http: httpx.AsyncClient, world: World, plans: Mapping[str, Json]
) -> None:
    for name, other in (("T-001", "T-002"), ("T-002", "T-001")):
        headers = world.provider(world.school, name)
        for noun, field in HANGS_ON.items():
            listed = (await http.get(f"/v1/{noun}", headers=headers)).json()["items"]
            assert [each["id"] for each in listed] == [plans[name][field]]
            assert (await http.get(f"/v1/{noun}/{plans[name][field]}", headers=headers)).status_code == 200
            assert (await http.get(f"/v1/{noun}/{plans[other][field]}", headers=headers)).status_code == 404
        risks = (await http.get("/v1/risks", headers=headers)).json()["items"]
        assert [each["id"] for each in risks] == plans[name]["risk_ids"]
        assert (await http.get(f"/v1/risks/{plans[other]['risk_ids'][0]}", headers=headers)).status_code == 404
        assert (await http.get(f"/v1/plans/{plans[other]['id']}/steps", headers=headers)).status_code == 404


async def test_the_same_reference_at_another_school_is_somebody_else(
    http: httpx.AsyncClient, world: World, plans: Mapping[str, Json]
) -> None:
    headers = world.provider(world.other_school, "T-001")
    assert (await http.get(f"/v1/plans/{plans['T-001']['id']}", headers=headers)).status_code == 404
    assert (await http.get("/v1/students", headers=headers)).json()["items"] == []


async def test_support_is_recorded_where_one_is_named_and_nowhere_else(
    http: httpx.AsyncClient, world: World, plans: Mapping[str, Json]
) -> None:
    headers = world.provider(world.school, "T-001")
    assert (
        await http.post("/v1/interventions", json=consultation(plans["T-001"], on="2021-11-15"), headers=headers)
    ).status_code == 201
    refused = await http.post("/v1/interventions", json=consultation(plans["T-002"], on="2021-11-15"), headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-found")
    other = world.provider(world.school, "T-002")
    assert (await http.get("/v1/interventions", headers=other)).json()["items"] == []
