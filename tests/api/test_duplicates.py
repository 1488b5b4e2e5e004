"""Students who are likely one person are listed for the authority: by pseudonym, with the reason, and without names."""

from typing import Any

import httpx
import pytest

from app.domain.actors import Role
from tests.factories import Json, World, a_person, register_student

SAME_CODE, SAME_NAME = "SAME_CODE", "SAME_NAME_AND_BIRTH_DATE"


async def found(http: httpx.AsyncClient, world: World, **query: Any) -> list[Json]:
    answer = await http.get("/v1/duplicates", params=query, headers=world.authority())
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return list(answer.json()["items"])


def pair(*students: str) -> list[str]:
    return sorted(students)


def ids(duplicate: Json) -> list[str]:
    return [each["student_id"] for each in duplicate["students"]]


def named(given_names: str, **stated: Any) -> Json:
    """Alike in nothing to anybody else in this module, since the given names are."""
    return a_person(given_names=given_names, **stated)


async def test_same_names_and_birth_date_however_they_are_typed(http: httpx.AsyncClient, world: World) -> None:
    one = await register_student(http, world, world.school, named("Māra-Anna"))
    other = await register_student(http, world, world.college, named("MARA ANNA", personal_code=None))
    await register_student(http, world, world.college, named("Mara Anna", birth_date="2007-05-15"))
    (duplicate,) = await found(http, world, student_id=one)
    assert ids(duplicate) == pair(one, other)
    assert duplicate["reasons"] == [SAME_NAME]
    institutions = {each["student_id"]: each["institution_ids"] for each in duplicate["students"]}
    assert institutions == {one: [world.school], other: [world.college]}
    assert "ara" not in str(duplicate)


async def test_a_code_stated_for_two(http: httpx.AsyncClient, world: World) -> None:
    person = named("Viens")
    one = await register_student(http, world, world.school, person)
    await register_student(http, world, world.college, person)
    other = await register_student(http, world, world.other_school, named("Divi", personal_code=None))
    assert await found(http, world, student_id=other) == []
    corrected = await http.patch(
        f"/v1/students/{other}/person",
        json={"personal_code": person["personal_code"]},
        headers={**world.coordinator(world.other_school), "If-Match": '"1"'},
    )
    assert corrected.status_code == 200
    (duplicate,) = await found(http, world, student_id=one)
    assert (ids(duplicate), duplicate["reasons"]) == (pair(one, other), [SAME_CODE])
    institutions = {each["student_id"]: each["institution_ids"] for each in duplicate["students"]}
    assert institutions == {one: [world.school, world.college], other: [world.other_school]}
    same_name = {"given_names": person["given_names"]}
    headers = {**world.coordinator(world.other_school), "If-Match": '"2"'}
    await http.patch(f"/v1/students/{other}/person", json=same_name, headers=headers)
    (both,) = await found(http, world, student_id=other)
    assert both["reasons"] == [SAME_CODE, SAME_NAME]


async def test_pages_show_every_pair_once(http: httpx.AsyncClient, world: World) -> None:
    three = [
        await register_student(http, world, each, named("Trīsreiz", personal_code=None))
        for each in (world.school, world.other_school, world.college)
    ]
    pairs, cursor = [], None
    for _ in range(20):
        query = {"limit": 1} | ({} if cursor is None else {"cursor": cursor})
        answer = (await http.get("/v1/duplicates", params=query, headers=world.authority())).json()
        pairs += [ids(each) for each in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert pairs == [ids(each) for each in await found(http, world)]
    assert pairs == sorted(pairs)
    assert {tuple(each) for each in pairs if set(each) <= set(three)} == {
        tuple(pair(one, other)) for one in three for other in three if one < other
    }


@pytest.mark.parametrize("cursor", ["x", "A" * 22, "A" * 44, "ä"])
async def test_what_is_no_cursor_is_refused(http: httpx.AsyncClient, world: World, cursor: str) -> None:
    answer = await http.get("/v1/duplicates", params={"cursor": cursor}, headers=world.authority())
    assert (answer.status_code, answer.json()["violations"][0]["pointer"]) == (422, "/query/cursor")


async def test_a_school_never_hears_of_them(http: httpx.AsyncClient, world: World) -> None:
    for headers in (world.head(world.school), world.bearer(Role.REGIONAL_COORDINATOR, region_code="RIGA")):
        assert (await http.get("/v1/duplicates", headers=headers)).status_code == 403
