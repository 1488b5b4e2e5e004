"""The case for borders by date: which schools took part in Madona municipality, by name, before and after the reform of 2021."""

import asyncpg
import httpx
import pytest

from app.settings import Settings
from tests.api.madona import record_madona
from tests.factories import World, make_world

BEFORE = {
    "Andreja Eglīša Ļaudonas vidusskola",
    "Barkavas pamatskola",
    "Bērzaunes pamatskola",
    "Degumnieku pamatskola",
    "Dzelzavas pamatskola",
    "Kalsnavas pamatskola",
    "Kusas pamatskola",
    "Lazdonas pamatskola",
    "Liezēres pamatskola",
    "Madonas pilsētas vidusskola",
    "Praulienas pamatskola",
    "Vestienas pamatskola",
}
AFTER = BEFORE | {"Cesvaines vidusskola", "Lubānas vidusskola", "Ērgļu vidusskola"}


@pytest.fixture(scope="module")
async def madona(http: httpx.AsyncClient, owner: asyncpg.Connection, settings: Settings) -> World:
    world = await make_world(owner, settings)
    # The world's own school lies in Madona and takes part, too: here only Madona's own count.
    await owner.execute("DELETE FROM participation WHERE institution_id = $1", world.school)
    await record_madona(http, world)
    return world


async def participating(http: httpx.AsyncClient, world: World, day: str, municipality: str) -> list[str]:
    query = {"participating_on": day, "municipality": municipality}
    answer = await http.get("/v1/institutions", params=query, headers=world.authority())
    return [each["name"] for each in answer.json()["items"]]


async def test_twelve_under_the_old_borders(http: httpx.AsyncClient, madona: World) -> None:
    found = await participating(http, madona, "2021-01-15", "0700200")
    assert len(found) == 12
    assert set(found) == BEFORE


async def test_fifteen_under_the_new_borders(http: httpx.AsyncClient, madona: World) -> None:
    found = await participating(http, madona, "2021-09-01", "0038000")
    assert len(found) == 15
    assert set(found) == AFTER


async def test_a_municipality_has_nothing_outside_its_own_time(http: httpx.AsyncClient, madona: World) -> None:
    assert await participating(http, madona, "2021-01-15", "0038000") == []
    assert await participating(http, madona, "2021-09-01", "0700200") == []


async def test_the_borders_of_one_day_and_the_participation_of_another(http: httpx.AsyncClient, madona: World) -> None:
    query = {"participating_on": "2021-06-30", "municipality": "0038000", "on": "2021-09-01"}
    answer = await http.get("/v1/institutions", params=query, headers=madona.authority())
    found = {each["name"] for each in answer.json()["items"]}
    assert len(found) == 15
    assert found == AFTER - {"Ērgļu vidusskola"} | {"Meirānu Kalpaka pamatskola"}


async def test_in_latvian_alphabetical_order(http: httpx.AsyncClient, madona: World) -> None:
    found = await participating(http, madona, "2021-09-01", "0038000")
    at = found.index
    assert at("Barkavas pamatskola") < at("Bērzaunes pamatskola") < at("Cesvaines vidusskola")
    assert at("Degumnieku pamatskola") < at("Ērgļu vidusskola") < at("Kalsnavas pamatskola")
    assert found[-1] == "Vestienas pamatskola"


async def test_participations_by_day_and_municipality(http: httpx.AsyncClient, madona: World) -> None:
    for day, municipality, expected in (("2021-01-15", "0700200", 12), ("2021-09-01", "0038000", 15)):
        query = {"on": day, "municipality": municipality}
        answer = await http.get("/v1/participations", params=query, headers=madona.authority())
        assert len(answer.json()["items"]) == expected
