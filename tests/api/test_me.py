"""What the register says of whoever asks."""

from datetime import date, timedelta

import httpx
import pytest
from fastapi import FastAPI

from app.domain.actors import Role
from app.domain.periods import Period
from tests.api.clients import a_system, bearer_of, operator
from tests.conftest import TODAY
from tests.factories import World


async def test_a_head_has_one_institution(http: httpx.AsyncClient, world: World) -> None:
    me = (await http.get("/v1/me", headers=world.head(world.school))).json()
    assert (me["subject"], me["role"], me["level"]) == ("test-school_head", "SCHOOL_HEAD", "SCHOOL")
    assert me["institution_ids"] == [world.school]
    assert "approve, activate and return plans" in me["permissions"]
    assert "write institutions and participations" not in me["permissions"]


async def test_a_coordinator_has_the_institutions_under_the_agreement_today(
    http: httpx.AsyncClient, world: World
) -> None:
    me = (await http.get("/v1/me", headers=world.municipality(world.madona))).json()
    assert (me["partner_id"], me["institution_ids"]) == (world.madona, [world.school])


async def test_a_regional_coordinator_has_what_lies_in_the_region(http: httpx.AsyncClient, world: World) -> None:
    headers = world.bearer(Role.REGIONAL_COORDINATOR, region_code="PR-VIDZEME")
    me = (await http.get("/v1/me", headers=headers)).json()
    assert (me["region"], me["institution_ids"]) == ("PR-VIDZEME", [world.school, world.college])


async def test_the_authority_is_not_limited_to_institutions(http: httpx.AsyncClient, world: World) -> None:
    answer = await http.get("/v1/me", headers=world.authority())
    assert answer.json()["institution_ids"] is None
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_client_is_told_until_when_it_acts_for_whom(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    last = date(2021, 12, 31)
    system = await a_system(app, world.school, period=Period(date(2021, 9, 1), last))
    headers, granting = await bearer_of(http, system), operator(app)
    await granting.grant(system.issued.client.id, [world.college], Period(date(2021, 9, 1)))
    await granting.grant(system.issued.client.id, [world.other_school], Period(date(2022, 1, 1)))
    me = (await http.get("/v1/me", headers=headers)).json()
    assert me["grants"] == [
        {"institution_id": world.school, "to": str(last)},
        {"institution_id": world.college, "to": None},
    ]
    await granting.withdraw(system.issued.client.id, world.college, TODAY)
    await granting.withdraw(system.issued.client.id, world.school, TODAY - timedelta(days=1))
    me = (await http.get("/v1/me", headers=headers)).json()
    assert me["grants"] == [{"institution_id": world.college, "to": str(TODAY)}]


async def test_who_is_no_client_has_no_grants_and_a_client_may_have_none(
    http: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    for headers in (world.head(world.school), world.authority()):
        assert (await http.get("/v1/me", headers=headers)).json()["grants"] is None
    without = await bearer_of(http, await a_system(app))
    assert (await http.get("/v1/me", headers=without)).json()["grants"] == []


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
async def test_who_is_outside_has_no_institutions(http: httpx.AsyncClient, world: World, role: Role) -> None:
    assert (await http.get("/v1/me", headers=world.bearer(role))).json()["institution_ids"] == []


async def test_nobody_is_nobody(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/me")).status_code == httpx.codes.UNAUTHORIZED
