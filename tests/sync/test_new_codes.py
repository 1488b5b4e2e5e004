"""Whoever tries code after code in batches comes to an end; whoever only validates holds no code that others wait for."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from app.settings import Settings
from tests.api.serving import serving
from tests.factories import Json, World, a_person, register_student
from tests.sync import records
from tests.sync.batches import counted, send, sent, wrong
from tests.sync.waiting import until_one_waits


def students(key: str, number: int) -> list[Json]:
    return [records.student(f"{key}{each}") for each in range(number)]


@pytest.mark.parametrize("query", [{}, {"mode": "validate"}, {"atomic": "all"}], ids=str)
async def test_new_codes_are_counted_for_each_client_and_institution(
    settings: Settings, world: World, query: dict[str, Any]
) -> None:
    both = (world.school, world.other_school)
    items = students(f"{query}", 3)
    for each in items:
        each["data"]["institution"] = world.school
    async with serving(settings, rate_limit_batch_persons="2/hour") as http:
        answer = (await send(http, world, items, **query)).json()
        latvian = (await send(http, world, items[2:], headers={"Accept-Language": "lv"})).json()
        neighbour = records.student(f"{query}-n", institution=world.other_school)
        other = await sent(http, world, [items[2] | {"external_id": f"{query}-w"}, neighbour], institutions=both)
    report = answer.get("batch", answer)
    assert wrong(report) == [(3, "", "too-many-persons")]
    assert "another one is taken after 1800 s" in report["rejected"][0]["violations"][0]["message"]
    assert latvian["rejected"][0]["violations"][0]["message"].startswith("Iestādei šobrīd")
    # As any client of several institutions: the token's subject is the same, so the school's allowance is spent.
    assert wrong(other) == [(1, "", "too-many-persons")]
    assert counted(other)["student"]["created"] == 1


async def test_only_codes_that_are_new_to_the_institution_are_counted(settings: Settings, world: World) -> None:
    first, second = students("U", 2)
    nameless = records.student("U-none", a_person(personal_code=None))
    impossible = records.student("U-wrong", a_person(personal_code="000000-00000"))
    renamed = first | {"data": {"person": first["data"]["person"] | {"family_name": "Cita"}}}
    former = first["data"]["person"]["personal_code"]
    corrected = {"data": {"person": first["data"]["person"] | {"personal_code": a_person()["personal_code"]}}}
    async with serving(settings, rate_limit_batch_persons="2/hour") as http:
        assert counted(await sent(http, world, [first])) == {"student": {"created": 1}}
        for said in ([first], [renamed], [first], [nameless], [nameless]):
            assert wrong(await sent(http, world, said)) == []
        assert wrong(await sent(http, world, [impossible]))[0][2] != "too-many-persons"
        assert counted(await sent(http, world, [first | corrected])) == {"student": {"updated": 1}}
        assert wrong(await sent(http, world, [second])) == [(1, "", "too-many-persons")]
        again = [first | {"data": {"person": first["data"]["person"] | {"personal_code": former}}}, impossible]
        report = await sent(http, world, again)
    assert counted(report) == {"student": {"updated": 1, "rejected": 1}}
    assert "too-many-persons" not in str(report)


async def test_a_correction_to_a_code_that_is_new_is_counted_too(settings: Settings, world: World) -> None:
    (one,) = students("C", 1)
    tried = [one | {"data": {"person": a_person()}} for _ in range(2)]
    async with serving(settings, rate_limit_batch_persons="2/hour") as http:
        reports = [await sent(http, world, [each], mode="validate") for each in (one, *tried)]
        assert [wrong(each) for each in reports] == [[], [], [(1, "", "too-many-persons")]]


@pytest.fixture
async def held(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> str:
    """An own student, in the row of whom a batch can be made to wait. The source calls it S-H."""
    await sent(http, world, [records.student("H"), records.enrolment("H")])
    return str(await owner.fetchval("SELECT record_id FROM source_key WHERE external_id = 'S-H'"))


@pytest.mark.parametrize("changes", [False, True], ids=["registered", "corrected"])
async def test_nobody_waits_for_a_batch_that_only_validates(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, held: str, *, changes: bool
) -> None:
    person: dict[str, Any] = a_person()
    claimed = "SELECT count(*) FROM person.personal_code"
    key = f"V-{changes}"
    if changes:
        await sent(http, world, [records.student(key)])
    before = await owner.fetchval(claimed)
    items = [records.student(key, person), records.enrolment("H", grade=8)]
    async with asyncio.timeout(20):
        async with owner.transaction():
            await owner.execute("SELECT FROM student WHERE student_id = $1::text::uuid FOR UPDATE", held)
            validated = asyncio.create_task(sent(http, world, items, mode="validate"))
            await until_one_waits(owner)
            async with asyncio.timeout(5):  # half of what a request waits for a lock
                theirs = await register_student(http, world, world.other_school, person)
            assert not validated.done()
        report = await validated
    verdict = "updated" if changes else "created"
    assert counted(report) == {"student": {verdict: 1}, "enrolment": {"updated": 1}}
    assert await owner.fetchval(claimed) == before + 1
    assert await register_student(http, world, world.college, person) == theirs


async def test_two_items_with_one_code_are_one_student_also_where_nothing_is_claimed(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """Of two schools of the same client, and twice at one of them."""
    both, person = (world.school, world.other_school), a_person()
    items = [records.student(key, person, institution=at) for key, at in zip("XYZ", (*both, both[0]), strict=True)]
    before = await owner.fetchval("SELECT count(*) FROM person.personal_code")
    tried = await sent(http, world, items, institutions=both, mode="validate")
    assert await owner.fetchval("SELECT count(*) FROM person.personal_code") == before
    kept = await sent(http, world, items, institutions=both)
    assert counted(tried) == counted(kept) == {"student": {"created": 2, "unchanged": 1}}
    assert await owner.fetchval("SELECT count(*) FROM person.personal_code") == before + 1
