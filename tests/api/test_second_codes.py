"""A code that only others have stated of a student of one's own: it finds nobody, and answers as a code that nobody has."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.merging import merged
from tests.api.test_restrictions import restrict
from tests.factories import Json, World, a_person, register_student

WHOSE = ["nobodys", "of_somebody_elsewhere", "of_an_own_student_by_others"]
"""Whose the code is that a school tries. It must not be able to tell."""


async def correct(http: httpx.AsyncClient, student_id: str, code: str, headers: dict[str, str]) -> httpx.Response:
    seen = await http.get(f"/v1/students/{student_id}/person", headers=headers)
    matching = {**headers, "If-Match": seen.headers["ETag"]}
    return await http.patch(f"/v1/students/{student_id}/person", json={"personal_code": code}, headers=matching)


async def second_code(http: httpx.AsyncClient, world: World, person: Json) -> str:
    """The other school registers this person as well, and states another code of it, which it returns."""
    code: str = a_person()["personal_code"]
    student_id = await register_student(http, world, world.other_school, person)
    assert (await correct(http, student_id, code, world.coordinator(world.other_school))).status_code == httpx.codes.OK
    return code


async def prepared(http: httpx.AsyncClient, world: World, whose: str) -> tuple[str, Json, str]:
    """A student of the school, who that is, and a code that the school has never stated of anybody."""
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    code: str = a_person()["personal_code"]
    if whose == "of_somebody_elsewhere":
        await register_student(http, world, world.other_school, a_person(personal_code=code))
    if whose == "of_an_own_student_by_others":
        code = await second_code(http, world, person)
    return student_id, person, code


async def search(http: httpx.AsyncClient, code: str, headers: dict[str, str]) -> httpx.Response:
    return await http.post("/v1/students/search", json={"personal_code": code}, headers=headers)


async def register(http: httpx.AsyncClient, institution_id: int, code: str, headers: dict[str, str]) -> httpx.Response:
    person = a_person(personal_code=code, given_names="Cita")
    return await http.post("/v1/students", json={"institution_id": institution_id, "person": person}, headers=headers)


async def same_code(http: httpx.AsyncClient, world: World, student_id: str) -> list[list[str]]:
    """The pairs in which the student is for the sake of a code."""
    query: dict[str, str | int] = {"student_id": student_id, "limit": 200}
    listed = (await http.get("/v1/duplicates", params=query, headers=world.authority())).json()["items"]
    alike = [each["students"] for each in listed if "SAME_CODE" in each["reasons"]]
    return [[student["student_id"] for student in students] for students in alike]


def told(answer: httpx.Response, **names: str) -> tuple[int, dict[str, Any]]:
    """An answer without what differs by itself: ids are called by their names."""
    text = answer.text
    for name, record_id in names.items():
        text = text.replace(record_id, name)
    said = httpx.Response(answer.status_code, text=text).json()
    return answer.status_code, {name: value for name, value in said.items() if name != "correlation_id"}


@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("restricted_by", [None, "head", "authority"])
async def test_registering_such_a_code_is_as_registering_anybody(
    http: httpx.AsyncClient, world: World, whose: str, restricted_by: str | None
) -> None:
    student_id, person, code = await prepared(http, world, whose)
    headers = world.coordinator(world.school)
    if restricted_by is not None:
        await restrict(
            http, world.authority() if restricted_by == "authority" else world.head(world.school), student_id
        )
    assert told(await search(http, code, headers))[0] == 404
    made = await register(http, world.school, code, headers)
    new = made.json()["id"]
    assert told(made, new=new) == (201, {"id": "new", "version": 1})
    assert new != student_id
    assert told(await search(http, code, headers), new=new) == (200, {"id": "new", "version": 1})
    again = await register(http, world.school, code, headers)
    assert told(again, new=new)[1]["detail"] == "The institution has already registered this student, as new."
    # The one that it had before is found as ever.
    assert (await search(http, person["personal_code"], headers)).json()["id"] == student_id


@pytest.mark.parametrize("whose", WHOSE)
async def test_so_is_correcting_another_student_to_it(http: httpx.AsyncClient, world: World, whose: str) -> None:
    student_id, _, code = await prepared(http, world, whose)
    headers = world.coordinator(world.school)
    other = await register_student(http, world, world.school, a_person(personal_code=None))
    corrected = await correct(http, other, code, headers)
    assert (corrected.status_code, corrected.json()["personal_code"]) == (200, code)
    assert (await search(http, code, headers)).json()["id"] == other
    refused = await correct(http, student_id, code, headers)
    assert told(refused, other=other)[1]["detail"] == "You have already registered this person, as other."


@pytest.mark.parametrize("whose", WHOSE)
async def test_so_is_registering_it_several_times_at_once(http: httpx.AsyncClient, world: World, whose: str) -> None:
    _, _, code = await prepared(http, world, whose)
    headers = world.coordinator(world.school)
    answers = await asyncio.gather(*(register(http, world.school, code, headers) for _ in range(4)))
    (made,) = [each for each in answers if each.status_code == httpx.codes.CREATED]
    refused = [told(each, new=made.json()["id"]) for each in answers if each is not made]
    assert {(status, said["detail"]) for status, said in refused} == {
        (409, "The institution has already registered this student, as new.")
    }


async def test_a_system_of_two_institutions_learns_no_more(http: httpx.AsyncClient, world: World) -> None:
    student_id, _, code = await prepared(http, world, "of_an_own_student_by_others")
    made = await register(http, world.college, code, world.sync(world.school, world.college))
    assert made.status_code == httpx.codes.CREATED
    assert made.json()["id"] != student_id


async def test_whoever_has_not_registered_the_student_gets_the_same_one_by_either_code(
    http: httpx.AsyncClient, world: World
) -> None:
    student_id, _, code = await prepared(http, world, "of_an_own_student_by_others")
    made = await register(http, world.college, code, world.coordinator(world.college))
    assert made.json()["id"] == student_id


async def test_the_two_are_listed_for_the_authority_and_once_merged_both_codes_find_the_one(
    http: httpx.AsyncClient, world: World
) -> None:
    elder, person, code = await prepared(http, world, "of_an_own_student_by_others")
    headers = world.coordinator(world.school)
    younger = (await register(http, world.school, code, headers)).json()["id"]
    assert await same_code(http, world, younger) == [sorted([elder, younger])]
    await merged(http, world, elder, younger, keep_statements_of=elder)
    for known_by in (person["personal_code"], code):
        for asking in (headers, world.coordinator(world.other_school)):
            assert (await search(http, known_by, asking)).json()["id"] == elder
        again = await register(http, world.school, known_by, headers)
        assert told(again, elder=elder)[1]["detail"] == "The institution has already registered this student, as elder."
    assert await same_code(http, world, elder) == []


async def test_after_an_erasure_nothing_is_stated_of_the_student_any_more(
    http: httpx.AsyncClient, world: World
) -> None:
    student_id, _, code = await prepared(http, world, "of_an_own_student_by_others")
    headers = world.coordinator(world.school)
    younger = (await register(http, world.school, code, headers)).json()["id"]
    erasure = {"scope": "PERSON", "reason": "Decision 1.9-23/119: recorded twice."}
    erased = await http.post(f"/v1/students/{younger}/erasure", json=erasure, headers=world.authority())
    assert erased.status_code == httpx.codes.OK, erased.text
    assert told(await search(http, code, headers))[0] == 404
    theirs = await search(http, code, world.coordinator(world.other_school))
    assert theirs.json()["id"] == student_id


async def test_an_institutions_own_statement_comes_before_that_of_another_in_the_same_scope(
    http: httpx.AsyncClient, world: World
) -> None:
    code = a_person()["personal_code"]
    known = await register_student(http, world, world.other_school, a_person(personal_code=code))
    corrected = await register_student(http, world, world.school, a_person(personal_code=None))
    await correct(http, corrected, code, world.coordinator(world.school))
    registered = await register(http, world.college, code, world.coordinator(world.college))
    assert registered.json()["id"] == known
    again = await register(http, world.college, code, world.sync(world.school, world.college))
    assert told(again, known=known)[1]["detail"] == "The institution has already registered this student, as known."


async def test_a_code_whose_owner_was_erased_belongs_to_a_student_that_there_is(
    http: httpx.AsyncClient, world: World
) -> None:
    code = a_person()["personal_code"]
    owner = await register_student(http, world, world.other_school, a_person(personal_code=code))
    stated = await register_student(http, world, world.school, a_person(personal_code=None))
    await correct(http, stated, code, world.coordinator(world.school))
    erasure = {"scope": "PERSON", "reason": "Decision 1.9-23/120: recorded without a basis."}
    await http.post(f"/v1/students/{owner}/erasure", json=erasure, headers=world.authority())
    both = world.sync(world.school, world.college)
    assert (await register(http, world.college, code, both)).json()["id"] == stated
    assert (await register(http, world.other_school, code, world.coordinator(world.other_school))).json()[
        "id"
    ] == stated
