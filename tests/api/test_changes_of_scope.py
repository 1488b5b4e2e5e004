"""Grants and borders change by date, and nothing is written when they do: the next page tells what is seen from now on."""

from datetime import date

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.domain.actors import Role
from app.domain.ids import InstitutionId, PartnerId
from app.domain.periods import Period
from app.settings import Settings
from tests.api.clients import a_system, bearer_of, operator
from tests.api.replica import Json, Replica, is_equal
from tests.api.serving import serving
from tests.conftest import TODAY
from tests.factories import (
    World,
    a_person,
    end_enrolment,
    enrol,
    identify_risk,
    make_institution,
    make_participation,
    make_partner,
    register_student,
)

BEFORE, AFTER = date(2021, 6, 30), date(2021, 7, 1)
SINCE = {"from": "2020-09-01"}


@pytest.fixture(scope="module", autouse=True)
async def some(http: httpx.AsyncClient, world: World) -> str:
    """Students of every institution, one who moved from the school to the other one, and one without any record."""
    for institution_id in (world.school, world.school, world.other_school, world.other_school, world.college):
        await student(http, world, institution_id)
    person = a_person()
    moved = await register_student(http, world, world.school, person)
    old = await enrol(http, world, moved, world.school)
    await register_student(http, world, world.other_school, person)
    await end_enrolment(http, world, old)
    await enrol(http, world, moved, world.other_school, **{"from": "2021-11-01"})
    await register_student(http, world, world.school)
    return moved


async def student(http: httpx.AsyncClient, world: World, institution_id: InstitutionId) -> str:
    student_id = await register_student(http, world, institution_id)
    await enrol(http, world, student_id, institution_id, grade=3, **SINCE)
    await identify_risk(http, world, student_id, institution_id, identified_on="2021-02-01")
    return student_id


def ops(items: list[Json]) -> list[str]:
    return [item["op"] for item in items]


@pytest.mark.parametrize("limit", [1, 3, 1000])
async def test_institutions_gained_and_lost(http: httpx.AsyncClient, world: World, some: str, limit: int) -> None:
    replica = await Replica(http=http, headers=world.sync(world.school), limit=limit).follow()
    for ids in (
        (world.school, world.other_school),
        (world.other_school, world.college),
        (),
        (world.school, world.college),
        (world.other_school,),
    ):
        replica.headers = world.sync(*ids)
        assert await replica.page()
        assert ops(replica.items) == ["scope"]
        assert replica.items[0]["institution_ids"] == sorted(ids)
        assert await is_equal(replica)
    assert {"student_id": some, "institution_id": world.school} in _handed(await _scope(http, world))


async def test_what_was_had_already_is_not_sent_again(http: httpx.AsyncClient, world: World) -> None:
    replica = await Replica(http=http, headers=world.sync(world.school)).follow()
    replica.headers = world.sync(world.school, world.college)
    records: list[Json] = []
    while await replica.page():
        records += replica.items
    records += replica.items
    assert {item["institution_id"] for item in records if item["op"] == "upsert" and item["type"] != "student"} == {
        world.college
    }


async def _scope(http: httpx.AsyncClient, world: World) -> Json:
    replica = await Replica(http=http, headers=world.sync(world.college)).follow()
    replica.headers = world.sync(world.other_school)
    await replica.page()
    return replica.items[0]


def _handed(item: Json) -> list[Json]:
    return list(item["handed"])


async def test_a_scope_that_changes_again_while_what_was_gained_is_loaded(
    http: httpx.AsyncClient, world: World
) -> None:
    replica = await Replica(http=http, headers=world.sync(world.college), limit=1).follow()
    replica.headers = world.sync(world.college, world.school)
    await replica.page()
    await replica.page()
    replica.headers = world.sync(world.college, world.school, world.other_school)
    risk = await identify_risk(http, world, (await _a_student_of(http, world)), world.school)
    assert await is_equal(replica)
    assert ("risk", risk["id"]) in replica.kept


async def _a_student_of(http: httpx.AsyncClient, world: World) -> str:
    answer = await http.get("/v1/enrolments", params={"institution_id": world.school}, headers=world.head(world.school))
    return str(answer.json()["items"][0]["student_id"])


async def test_a_scope_that_changes_in_the_midst_of_the_first_load_begins_it_anew(
    http: httpx.AsyncClient, world: World
) -> None:
    replica = Replica(http=http, headers=world.sync(world.school), limit=1)
    await replica.page()
    replica.headers = world.sync(world.other_school)
    await replica.page()
    assert ops(replica.items)[0] == "load-begins"
    assert await is_equal(replica)


async def test_the_grants_of_a_client(http: httpx.AsyncClient, app: FastAPI, world: World) -> None:
    system = await a_system(app, world.school)
    replica = await Replica(http=http, headers=await bearer_of(http, system)).follow()
    keeping = operator(app)
    await keeping.grant(system.issued.client.id, [world.other_school], Period(TODAY, None))
    await replica.page()
    assert ops(replica.items) == ["scope"]
    assert await is_equal(replica)
    await keeping.withdraw(system.issued.client.id, world.school, TODAY.replace(day=1))
    await replica.page()
    assert ops(replica.items) == ["scope"]
    assert await is_equal(replica)


async def test_borders_move(settings: Settings, world: World, owner: asyncpg.Connection) -> None:
    """On 1 July 2021 Ērgļi went to Madona, and Aglona was split."""
    places = {"Ērgļi": ("0705500", "0038000"), "Aglona": ("0604300", "0042000"), "Grāveri": ("0604300", "0032000")}
    schools = {name: await make_institution(owner, name, places=each) for name, each in places.items()}
    codes = {"Ērgļi": "0705500", "Aglona": "0604300", "Krāslava": "0032000"}
    partners = {name: await make_partner(owner, municipality=code) for name, code in codes.items()}
    for name, partner in (("Ērgļi", "Ērgļi"), ("Aglona", "Aglona"), ("Grāveri", "Aglona")):
        await make_participation(owner, schools[name], partners[partner])
    partners["Madona"] = PartnerId(world.madona)
    regions = {name: world.bearer(Role.REGIONAL_COORDINATOR, region_code=name) for name in ("PR-VIDZEME", "PR-LATGALE")}
    asking = {name: world.municipality(each) for name, each in partners.items()} | regions
    async with serving(settings, today=BEFORE) as before, serving(settings, today=AFTER) as after:
        for institution_id in (*schools.values(), world.school):
            await student(before, world, institution_id)
        replicas = {name: Replica(http=before, headers=headers) for name, headers in asking.items()}
        moved = {}
        for name, replica in replicas.items():
            assert await is_equal(replica)
            replica.http = after
            await replica.page()
            moved[name] = ops(replica.items) == ["scope"]
            assert await is_equal(replica)
    assert [name for name, has_moved in moved.items() if has_moved] == ["Ērgļi", "Aglona", "Krāslava", "Madona"]
    written = {
        name: {item["institution_id"] for item in each.kept.values()} - {None} for name, each in replicas.items()
    }
    assert written["Madona"] >= {world.school, schools["Ērgļi"]}
    assert (written["Aglona"], written["Krāslava"]) == ({schools["Aglona"]}, {schools["Grāveri"]})
