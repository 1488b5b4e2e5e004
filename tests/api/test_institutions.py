"""Institutions and partners over REST: renumbered, moved, closed, and never deleted."""

from typing import Any

import httpx
import pytest

from app.domain.actors import Role
from tests.factories import Json, World


def an_institution(**stated: Any) -> Json:
    return {
        "name": "Ģipkas pamatskola",
        "kind": "GENERAL",
        "founder": "MUNICIPALITY",
        "opened_on": "2000-09-01",
        "registration_numbers": [{"number": "4400000001", "from": "2000-09-01"}],
        "locations": [
            {"municipality": "0700200", "from": "2009-07-01", "to": "2021-06-30"},
            {"municipality": "0038000", "from": "2021-07-01"},
        ],
        **stated,
    }


async def create(http: httpx.AsyncClient, world: World, **stated: Any) -> Json:
    unnumbered = {"registration_numbers": [], **stated}
    answer = await http.post("/v1/institutions", json=an_institution(**unnumbered), headers=world.authority())
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


async def patch(http: httpx.AsyncClient, world: World, made: Json, **changes: Any) -> httpx.Response:
    headers = {**world.authority(), "If-Match": f'"{made["version"]}"'}
    return await http.patch(f"/v1/institutions/{made['id']}", json=changes, headers=headers)


def pointers(answer: httpx.Response) -> set[str]:
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, answer.text
    return {each["pointer"] for each in answer.json()["violations"]}


async def names(http: httpx.AsyncClient, world: World, **query: str) -> list[str]:
    answer = await http.get("/v1/institutions", params=query, headers=world.bearer(Role.ANALYST))
    assert answer.status_code == httpx.codes.OK, answer.text
    return [each["name"] for each in answer.json()["items"]]


async def test_what_is_created_can_be_read_by_everybody(http: httpx.AsyncClient, world: World) -> None:
    answer = await http.post("/v1/institutions", json=an_institution(), headers=world.authority())
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    read = await http.get(answer.headers["Location"], headers=world.bearer(Role.ANALYST))
    assert read.json() == answer.json()
    assert read.json()["municipality"]["code"] == "0038000"
    assert read.json()["region"]["code"] == "PR-VIDZEME"
    assert read.json()["registration_number"] == "4400000001"
    past = await http.get(answer.headers["Location"], params={"on": "2021-06-30"}, headers=world.authority())
    assert past.json()["municipality"]["code"] == "0700200"


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MINISTRY])
async def test_nobody_else_writes_them(http: httpx.AsyncClient, world: World, role: Role) -> None:
    for headers in (world.bearer(role), world.head(world.school), world.municipality(world.madona)):
        answer = await http.post("/v1/institutions", json=an_institution(), headers=headers)
        assert answer.status_code == httpx.codes.FORBIDDEN


async def test_every_wrong_field_is_named_at_once(http: httpx.AsyncClient, world: World) -> None:
    wrong = an_institution(
        closed_on="1999-01-01",
        registration_numbers=[{"number": "44", "from": "2000-09-01"}],
        locations=[
            {"municipality": "0038000", "from": "2021-06-30"},
            {"municipality": "9999999", "from": "2030-01-01"},
        ],
    )
    answer = await http.post("/v1/institutions", json=wrong, headers=world.authority())
    expected = {
        "/closed_on",
        "/registration_numbers/0/number",
        "/locations/0",
        "/locations/1/municipality",
        "/locations/1",
    }
    assert pointers(answer) == expected


async def test_a_school_is_renumbered(http: httpx.AsyncClient, world: World) -> None:
    made = await create(http, world, registration_numbers=[{"number": "4400000010", "from": "2000-09-01"}])
    numbers = [
        {"number": "4400000010", "from": "2000-09-01", "to": "2019-08-31"},
        {"number": "4400000011", "from": "2019-09-01", "to": None},
    ]
    answer = await patch(http, world, made, registration_numbers=numbers)
    assert answer.json()["registration_numbers"] == numbers
    assert answer.json()["registration_number"] == "4400000011"
    assert answer.json()["locations"] == made["locations"]
    assert await names(http, world, registration_number="4400000010") == [made["name"]]


async def test_two_institutions_cannot_begin_one_number(http: httpx.AsyncClient, world: World) -> None:
    number = [{"number": "4400000020", "from": "2000-09-01"}]
    await create(http, world, registration_numbers=number)
    answer = await http.post(
        "/v1/institutions", json=an_institution(registration_numbers=number), headers=world.authority()
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/registration-number-taken")


async def test_a_change_needs_the_version_that_was_seen(http: httpx.AsyncClient, world: World) -> None:
    made = await create(http, world)
    address = f"/v1/institutions/{made['id']}"
    assert (await http.patch(address, json={"name": "Cita"}, headers=world.authority())).status_code == 428
    assert (await patch(http, world, made, name="Cita skola")).json()["version"] == 2
    assert (await patch(http, world, made, name="Vēl cita skola")).status_code == 412


async def test_a_school_that_merged_is_closed(http: httpx.AsyncClient, world: World) -> None:
    made = await create(http, world, name="Mazā skola")
    answer = await patch(http, world, made, closed_on="2021-08-31", merged_into=world.school)
    assert (answer.json()["merged_into"], answer.json()["municipality"]) == (world.school, None)
    assert pointers(await patch(http, world, answer.json(), closed_on=None)) == {"/merged_into"}
    assert "Mazā skola" not in await names(http, world, municipality="0038000")
    assert "Mazā skola" in await names(http, world, municipality="0038000", on="2021-08-31")


async def test_it_merges_into_one_that_there_is(http: httpx.AsyncClient, world: World) -> None:
    made = await create(http, world)
    assert pointers(await patch(http, world, made, closed_on="2021-08-31", merged_into=99999)) == {"/merged_into"}


async def test_one_that_participates_is_not_closed_first(http: httpx.AsyncClient, world: World) -> None:
    school = (await http.get(f"/v1/institutions/{world.school}", headers=world.authority())).json()
    answer = await patch(http, world, school, closed_on="2021-08-31")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/participation-outside-life")


async def test_it_is_never_deleted(http: httpx.AsyncClient, world: World) -> None:
    address = f"/v1/institutions/{world.school}"
    answer = await http.delete(address, headers=world.authority())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/institution-stays")
    assert (await http.get(address, headers=world.authority())).status_code == 200
    assert (await http.delete("/v1/institutions/99999", headers=world.authority())).status_code == 404


async def test_the_change_is_audited(http: httpx.AsyncClient, world: World, owner: Any) -> None:
    made = await create(http, world)
    await patch(http, world, made, name="Cita skola")
    query = "SELECT action, role FROM audit_event WHERE noun = 'institution' AND record_id = $1 AND outcome = 'DONE' ORDER BY id"
    found = [tuple(row) for row in await owner.fetch(query, str(made["id"]))]
    assert found == [("CREATE", "PROGRAMME_AUTHORITY"), ("CHANGE", "PROGRAMME_AUTHORITY")]


async def test_filters(http: httpx.AsyncClient, world: World) -> None:
    college, school = "Valmieras pārbaudes tehnikums", "Madonas pārbaudes skola"
    assert await names(http, world, kind="VOCATIONAL") == [college]
    assert await names(http, world, founder="STATE", region="PR-VIDZEME") == [college]
    assert school in await names(http, world, region="PR-VIDZEME", on="2021-06-30")
    assert "Rīgas pārbaudes skola" not in await names(http, world, region="PR-VIDZEME", on="2021-06-30")
    assert await names(http, world, region="PR-RIGA", municipality="0038000") == []
    assert await names(http, world, q="PĀRBAUDES t") == [college]
    assert await names(http, world, q="parbaudes") == []


async def test_pages_follow_one_another_in_latvian_order(http: httpx.AsyncClient, world: World) -> None:
    for name in ("Ķeguma skola", "Kandavas skola", "Zantes skola", "Žīguru skola"):
        await create(http, world, name=name)
    whole, paged, cursor = await names(http, world, q="skola"), [], None
    while True:
        query = {"q": "skola", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await http.get("/v1/institutions", params=query, headers=world.authority())).json()
        paged += [each["name"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == whole
    assert [name for name in whole if name[0] in "KĶZŽ"] == [
        "Kandavas skola",
        "Ķeguma skola",
        "Zantes skola",
        "Žīguru skola",
    ]


async def test_a_cursor_of_another_list_is_refused(http: httpx.AsyncClient, world: World) -> None:
    query = {"cursor": "_____________________w"}
    assert pointers(await http.get("/v1/institutions", params=query, headers=world.authority())) == {"/query/cursor"}


async def test_a_partner_is_one_of_two(http: httpx.AsyncClient, world: World) -> None:
    for wrong, pointer in (
        ({}, ""),
        ({"municipality": "0038000", "institution_id": world.school}, ""),
        ({"municipality": "9999999"}, "/municipality"),
        ({"institution_id": 99999}, "/institution_id"),
    ):
        answer = await http.post("/v1/partners", json=wrong, headers=world.authority())
        assert pointers(answer) == {pointer}


async def test_a_second_partner_of_a_municipality_is_refused(http: httpx.AsyncClient, world: World) -> None:
    made = await http.post("/v1/partners", json={"municipality": "0054000"}, headers=world.authority())
    assert made.status_code == httpx.codes.CREATED
    again = await http.post("/v1/partners", json={"municipality": "0054000"}, headers=world.authority())
    assert (again.status_code, again.json()["type"]) == (409, "/problems/partner-exists")
    assert (await http.get(made.headers["Location"], headers=world.authority())).json() == made.json()
    found = await http.get("/v1/partners", params={"municipality": "0054000"}, headers=world.authority())
    assert found.json()["items"] == [made.json()]
