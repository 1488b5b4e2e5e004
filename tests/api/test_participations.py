"""Participations over REST: periods close and reopen, never overlap, and stay where something hangs on them."""

import asyncio
from typing import Any

import httpx

from tests.factories import Json, World, draft_plan, enrol, register_student


def a_participation(world: World, **stated: Any) -> Json:
    return {
        "institution_id": world.other_school,
        "programme": "PUMPURS",
        "partner_id": world.riga,
        "agreement_number": "R-1",
        "agreement_date": "2021-08-20",
        "from": "2021-09-01",
        **stated,
    }


async def an_institution(http: httpx.AsyncClient, world: World, **stated: Any) -> int:
    body = {
        "name": "Jaunā skola",
        "kind": "GENERAL",
        "founder": "MUNICIPALITY",
        "opened_on": "2015-09-01",
        "locations": [{"municipality": "0001000", "from": "2021-07-01"}],
        **stated,
    }
    answer = await http.post("/v1/institutions", json=body, headers=world.authority())
    assert answer.status_code == httpx.codes.CREATED, answer.text
    number: int = answer.json()["id"]
    return number


async def create(http: httpx.AsyncClient, world: World, **stated: Any) -> httpx.Response:
    return await http.post("/v1/participations", json=a_participation(world, **stated), headers=world.authority())


async def change(http: httpx.AsyncClient, world: World, made: Json, **changes: Any) -> httpx.Response:
    headers = {**world.authority(), "If-Match": f'"{made["version"]}"'}
    return await http.patch(f"/v1/participations/{made['id']}", json=changes, headers=headers)


async def delete(http: httpx.AsyncClient, world: World, made: Json) -> httpx.Response:
    headers = {**world.authority(), "If-Match": f'"{made["version"]}"'}
    return await http.delete(f"/v1/participations/{made['id']}", headers=headers)


def pointers(answer: httpx.Response) -> set[str]:
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, answer.text
    return {each["pointer"] for each in answer.json()["violations"]}


async def of(http: httpx.AsyncClient, world: World, institution_id: int) -> Json:
    query = {"institution_id": institution_id}
    answer = await http.get("/v1/participations", params=query, headers=world.head(world.school))
    (found,) = answer.json()["items"]
    return dict(found)


async def test_it_closes_and_reopens(http: httpx.AsyncClient, world: World) -> None:
    school = await an_institution(http, world)
    made = await create(http, world, institution_id=school)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert (await http.get(made.headers["Location"], headers=world.head(world.school))).json() == made.json()
    again = {"institution_id": school, "from": "2022-02-01", "agreement_date": "2022-01-20"}
    assert pointers(await create(http, world, **again)) == {"/from"}
    closed = await change(http, world, made.json(), to="2022-01-31")
    assert (closed.json()["to"], closed.json()["version"]) == ("2022-01-31", 2)
    assert (await create(http, world, **again)).status_code == httpx.codes.CREATED
    assert pointers(await change(http, world, closed.json(), to=None)) == {"/from"}


async def test_every_wrong_field_is_named_at_once(http: httpx.AsyncClient, world: World) -> None:
    school = await an_institution(http, world)
    wrong = {"from": "2016-01-01", "to": "2015-12-31", "agreement_date": "2016-02-01"}
    assert pointers(await create(http, world, institution_id=school, **wrong)) == {"/from", "/to", "/agreement_date"}


async def test_what_it_speaks_of_exists(http: httpx.AsyncClient, world: World) -> None:
    assert pointers(await create(http, world, programme="NONE")) == {"/programme"}
    assert pointers(await create(http, world, partner_id=99999)) == {"/partner_id"}
    assert pointers(await create(http, world, institution_id=99999)) == {"/institution_id"}


async def test_an_institution_signs_for_itself_alone(http: httpx.AsyncClient, world: World) -> None:
    school = await an_institution(http, world)
    assert pointers(await create(http, world, institution_id=school, partner_id=world.college_itself)) == {
        "/partner_id"
    }


async def test_only_the_authority_writes_them(http: httpx.AsyncClient, world: World) -> None:
    for headers in (world.head(world.other_school), world.municipality(world.riga), world.sync(world.other_school)):
        answer = await http.post("/v1/participations", json=a_participation(world), headers=headers)
        assert answer.status_code == httpx.codes.FORBIDDEN


async def test_of_two_at_once_one_overlaps(http: httpx.AsyncClient, world: World) -> None:
    school = await an_institution(http, world)
    days = ("2021-09-01", "2021-10-01", "2021-11-01", "2021-12-01")
    answers = await asyncio.gather(*(create(http, world, institution_id=school, **{"from": each}) for each in days))
    assert sorted(each.status_code for each in answers) == [201, 422, 422, 422]
    await of(http, world, school)


async def test_one_recorded_by_mistake_is_deleted(http: httpx.AsyncClient, world: World) -> None:
    made = (await create(http, world, institution_id=await an_institution(http, world))).json()
    assert (await delete(http, world, {**made, "version": 7})).status_code == 412
    assert (await delete(http, world, made)).status_code == 204
    assert (await delete(http, world, made)).status_code == 404


async def test_one_with_plans_keeps_their_days(http: httpx.AsyncClient, world: World) -> None:
    student = await register_student(http, world, world.school)
    await draft_plan(http, world, await enrol(http, world, student, world.school))
    made = await of(http, world, world.school)
    for answer in (await delete(http, world, made), await change(http, world, made, to="2021-08-31")):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/participation-in-use")
    assert (await change(http, world, made, to="2021-09-01")).status_code == httpx.codes.OK


async def test_filters(http: httpx.AsyncClient, world: World) -> None:
    async def institutions(**query: Any) -> set[int]:
        answer = await http.get("/v1/participations", params=query, headers=world.authority())
        return {each["institution_id"] for each in answer.json()["items"]}

    assert await institutions(partner_id=world.college_itself) == {world.college}
    assert await institutions(on="2017-08-31") == set()
    assert await institutions(on="2019-01-01", municipality="0250000") == {world.college}
    assert await institutions(municipality="0250000") == set()
    assert await institutions(municipality="0054000") == {world.college}
