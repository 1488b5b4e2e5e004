"""What is opened and closed, restricted, merged and erased, in the feeds of everybody whom it concerns: each has what it sees."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from app.domain.ids import InstitutionId
from tests.api.delivered import active_plan, consultation, recorded, seen
from tests.api.merging import merged, recorded_twice
from tests.api.outcomes import of_plan
from tests.api.replica import Json, Replica, is_equal
from tests.factories import World, a_person, end_enrolment, enrol, identify_risk, register_student

REASON = {"reason": "Order 12 of the authority."}


@dataclass(slots=True, kw_only=True)
class Everybody:
    """A follower of each kind, on both sides."""

    replicas: dict[str, Replica]

    def __getitem__(self, name: str) -> Replica:
        return self.replicas[name]

    async def are_equal(self) -> bool:
        for name, replica in self.replicas.items():
            try:
                assert await is_equal(replica)
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from error
        return True

    async def say(self) -> dict[str, list[Json]]:
        """What each is told next."""
        told = {}
        for name, replica in self.replicas.items():
            assert not await replica.page()
            told[name] = replica.items
        return told


@pytest.fixture
async def everybody(http: httpx.AsyncClient, world: World) -> Everybody:
    headers = {
        "school": world.head(world.school),
        "other school": world.head(world.other_school),
        "college": world.head(world.college),
        "system": world.sync(world.school, world.other_school),
        "other system": world.sync(world.other_school),
        "partner": world.municipality(world.madona),
        "other partner": world.municipality(world.riga),
        "region": world.bearer(Role.REGIONAL_COORDINATOR, region_code="PR-VIDZEME"),
        "authority": world.authority(),
    }
    replicas = {name: Replica(http=http, headers=each, limit=7) for name, each in headers.items()}
    for replica in replicas.values():
        await replica.follow()
        replica.limit = 1000
    return Everybody(replicas=replicas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A student with a plan at the school, and a person whom the other school registers, too."""

    student_id: str
    old: Json
    plan: Json
    person: Json


Comes = Callable[[InstitutionId], Awaitable[Json]]


@pytest.fixture
async def moving(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Moving:
    person = a_person()
    student_id = await register_student(http, world, world.school, person)
    old = await enrol(http, world, student_id, world.school)
    await identify_risk(http, world, student_id, world.school)
    plan = await active_plan(http, world, owner)
    await recorded(http, "/v1/interventions", consultation(plan), world.coordinator(world.school))
    await recorded(http, "/v1/outcomes", of_plan(plan), world.coordinator(world.school))
    return Moving(student_id=student_id, old=old, plan=plan, person=person)


async def comes(http: httpx.AsyncClient, world: World, moving: Moving, to: InstitutionId) -> Json:
    await register_student(http, world, to, moving.person)
    return await enrol(http, world, moving.student_id, to, **{"from": "2021-11-01"})


async def test_a_transfer_opens_a_history_and_its_return_closes_it(
    http: httpx.AsyncClient, world: World, moving: Moving, everybody: Everybody
) -> None:
    await comes(http, world, moving, world.other_school)
    assert await everybody.are_equal()
    await end_enrolment(http, world, moving.old)
    told = await everybody.say()
    assert {item["type"] for item in told["other school"]} == {"student", "enrolment", "risk"}
    assert {item["institution_id"] for item in told["other school"]} == {None, world.school}
    assert await everybody.are_equal()
    risk = await identify_risk(http, world, moving.student_id, world.school)
    assert await everybody.are_equal()
    assert ("risk", risk["id"]) in everybody["other school"].kept
    assert ("risk", risk["id"]) in everybody["other partner"].kept
    await enrol(http, world, moving.student_id, world.school, **{"from": "2021-11-02"})
    told = await everybody.say()
    closed = {"op": "close", "student_id": moving.student_id, "institution_id": world.school}
    for name in ("other school", "other system", "other partner"):
        assert closed in told[name]
    assert closed not in told["school"]
    assert await everybody.are_equal()
    assert ("risk", risk["id"]) not in everybody["other school"].kept


async def test_what_was_closed_is_told_no_more(
    http: httpx.AsyncClient, world: World, moving: Moving, everybody: Everybody
) -> None:
    await comes(http, world, moving, world.other_school)
    await end_enrolment(http, world, moving.old)
    await enrol(http, world, moving.student_id, world.school, **{"from": "2021-11-02"})
    assert await everybody.are_equal()
    risk = await identify_risk(http, world, moving.student_id, world.school)
    headers = world.coordinator(world.school)
    assert (await http.delete(f"/v1/risks/{risk['id']}", headers=seen(headers, 1))).is_success
    told = await everybody.say()
    assert told["other school"] == told["other partner"] == []
    assert [item["id"] for item in told["school"]] == [risk["id"]]


async def test_a_confirmation_opens(
    http: httpx.AsyncClient, world: World, moving: Moving, everybody: Everybody
) -> None:
    new = await comes(http, world, moving, world.other_school)
    path = f"/v1/enrolments/{new['id']}/transfer-confirmation"
    assert (await http.post(path, json=REASON, headers=world.authority())).is_success
    assert await everybody.are_equal()
    assert ("enrolment", moving.old["id"]) in everybody["other school"].kept


@pytest.mark.parametrize("by", ["school", "authority"])
async def test_a_restriction_hides_from_others_until_it_is_lifted(
    http: httpx.AsyncClient, world: World, moving: Moving, everybody: Everybody, by: str
) -> None:
    await comes(http, world, moving, world.other_school)
    await end_enrolment(http, world, moving.old)
    headers = world.head(world.school) if by == "school" else world.authority()
    assert await everybody.are_equal()
    assert (await http.post(f"/v1/students/{moving.student_id}/restriction", json=REASON, headers=headers)).is_success
    told = await everybody.say()
    assert told["school"] == told["authority"] == []
    gone = ("delete", moving.student_id)
    assert gone in {(item["op"], item.get("id")) for item in told["partner"]}
    assert await everybody.are_equal()
    key = ("enrolment", moving.old["id"])
    assert [name for name in everybody.replicas if key in everybody[name].kept] == ["school", "system", "authority"]
    path = f"/v1/students/{moving.student_id}/restriction-lifting"
    assert (await http.post(path, json=REASON, headers=headers)).is_success
    assert await everybody.are_equal()
    assert key in everybody["partner"].kept
    assert key in everybody["other school"].kept


async def test_a_merge_moves_everything(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, everybody: Everybody
) -> None:
    twice = await recorded_twice(http, world, owner)
    assert await everybody.are_equal()
    await merged(http, world, twice.elder, twice.younger)
    told = await everybody.say()
    item = {"op": "merge", "type": "student", "id": twice.younger, "into": twice.elder}
    assert [name for name, items in told.items() if item in items] == [
        "other school",
        "system",
        "other system",
        "other partner",
        "authority",
    ]
    assert not [each for each in told["school"] if twice.younger in str(each)], "nobody else is told who it was"
    assert await everybody.are_equal()
    assert ("plan", twice.plan["id"]) in everybody["other school"].kept
    assert ("student", twice.younger) not in everybody["authority"].kept


async def test_a_merge_in_pages_of_one(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, everybody: Everybody
) -> None:
    twice = await recorded_twice(http, world, owner)
    assert await everybody.are_equal()
    await merged(http, world, twice.elder, twice.younger)
    for replica in everybody.replicas.values():
        replica.limit = 1
    assert await everybody.are_equal()


@pytest.mark.parametrize("survives", ["who moved", "who stayed"])
async def test_a_merge_opens_what_was_handed_over_of_either(
    http: httpx.AsyncClient, world: World, everybody: Everybody, survives: str
) -> None:
    """What the one school knew of both is one history then, and the other school had that of one of them opened."""
    person, ids = a_person(), dict[str, str]()
    for who in sorted(("who moved", "who stayed"), key=lambda each: each != survives):
        known = person if who == "who moved" else a_person(personal_code=None)
        ids[who] = await register_student(http, world, world.school, known)
    risk = await identify_risk(http, world, ids["who stayed"], world.school)
    old = await enrol(http, world, ids["who moved"], world.school)
    moving = Moving(student_id=ids["who moved"], old=old, plan={}, person=person)
    await comes(http, world, moving, world.other_school)
    await end_enrolment(http, world, old)
    assert await everybody.are_equal()
    assert ("risk", risk["id"]) not in everybody["other school"].kept
    await merged(http, world, *ids.values(), keep_statements_of=ids["who moved"])
    assert await everybody.are_equal()
    for name in ("other school", "other partner"):
        assert everybody[name].kept["risk", risk["id"]]["student_id"] == ids[survives]


async def test_an_erasure_is_told_to_everybody_who_knew_the_student(
    http: httpx.AsyncClient, world: World, moving: Moving, everybody: Everybody
) -> None:
    await comes(http, world, moving, world.other_school)
    await end_enrolment(http, world, moving.old)
    assert await everybody.are_equal()
    path = f"/v1/students/{moving.student_id}/erasure"
    assert (await http.post(path, json={"scope": "RECORDS", **REASON}, headers=world.authority())).is_success
    told = await everybody.say()
    gone = {
        "op": "delete",
        "type": "student",
        "id": moving.student_id,
        "student_id": moving.student_id,
        "institution_id": None,
    }
    assert {name for name, items in told.items() if items == [gone]} == everybody.replicas.keys() - {"college"}
    assert told["college"] == []
    assert await everybody.are_equal()


async def test_the_erasure_of_a_person_changes_no_record(
    http: httpx.AsyncClient, world: World, moving: Moving, everybody: Everybody
) -> None:
    assert await everybody.are_equal()
    path = f"/v1/students/{moving.student_id}/erasure"
    assert (await http.post(path, json={"scope": "PERSON", **REASON}, headers=world.authority())).is_success
    assert not any((await everybody.say()).values())
