"""What the register says of whoever asks."""

import httpx
import pytest

from app.domain.actors import Role
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


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
async def test_who_is_outside_has_no_institutions(http: httpx.AsyncClient, world: World, role: Role) -> None:
    assert (await http.get("/v1/me", headers=world.bearer(role))).json()["institution_ids"] == []


async def test_nobody_is_nobody(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/me")).status_code == httpx.codes.UNAUTHORIZED
