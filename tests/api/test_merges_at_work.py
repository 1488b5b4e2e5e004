"""A merge among people at work on both students: nobody's record is lost, and nobody is told that something went wrong."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import asyncpg
import httpx
import pytest

from app.db import persons, risks
from app.domain.ids import InstitutionId
from app.domain.students import Person
from tests.api.merging import merge, merged
from tests.factories import World, a_person, draft_plan, enrol, identify_risk, register_student

EXPECTED = {200, 201, 204, 412}
"""412: a merge gives each record a new version, so whoever had read the one before reads again."""

ROUNDS = 4

Work = Callable[[], Awaitable[httpx.Response]]


class Workplace:
    """What goes on at one institution about one student, by the id that it knows."""

    def __init__(self, http: httpx.AsyncClient, world: World, institution_id: InstitutionId, student_id: str) -> None:
        self.http, self.world = http, world
        self.headers = world.head(institution_id)
        self.institution_id, self.student_id = institution_id, student_id
        self.answers: Counter[int] = Counter()
        self.risks: set[str] = set()
        self._names = count()

    @property
    def own(self) -> dict[str, Any]:
        return {"student_id": self.student_id, "institution_id": self.institution_id}

    async def work(self) -> None:
        tasks: tuple[Work, ...] = (self.identify, self.resolve, self.correct, self.restate, self.look)
        await self.identify()
        for turn in range(ROUNDS * len(tasks)):
            answer = await tasks[turn % len(tasks)]()
            self.answers[answer.status_code] += 1
            assert answer.status_code in EXPECTED, (answer.request.method, answer.request.url.path, answer.text)

    async def identify(self) -> httpx.Response:
        stated = {
            "type": "LANGUAGE_BARRIER",
            "identified_on": "2021-09-20",
            "identified_by": "TEACHER",
            "severity": "LOW",
        }
        answer = await self.http.post("/v1/risks", json=self.own | stated, headers=self.headers)
        self.risks.add(answer.json()["id"])
        return answer

    async def resolve(self) -> httpx.Response:
        return await self._changed(f"/v1/risks/{next(iter(self.risks))}", {"resolved_on": "2021-11-01"})

    async def correct(self) -> httpx.Response:
        enrolments = await self.http.get("/v1/enrolments", params=self.own, headers=self.headers)
        (enrolment,) = enrolments.json()["items"]
        return await self._changed(f"/v1/enrolments/{enrolment['id']}", {"minority_programme": True})

    async def restate(self) -> httpx.Response:
        """Each time with another personal code: that goes along, too."""
        stated = {
            "given_names": f"Vārds {'abcdef'[next(self._names) % 6]}",
            "personal_code": a_person()["personal_code"],
        }
        return await self._changed(f"/v1/students/{self.student_id}/person", stated)

    async def look(self) -> httpx.Response:
        return await self.http.get(f"/v1/students/{self.student_id}", headers=self.headers)

    async def _changed(self, address: str, body: dict[str, Any]) -> httpx.Response:
        seen = await self.http.get(address, headers=self.headers)
        assert seen.status_code == 200, (address, seen.text)
        headers = {**self.headers, "If-Match": seen.headers["ETag"]}
        return await self.http.patch(address, json=body, headers=headers)


async def test_merges_among_people_at_work_lose_nothing(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    for _ in range(4):
        places = []
        for institution_id in (world.school, world.other_school):
            student_id = await register_student(http, world, institution_id, a_person(personal_code=None))
            await enrol(http, world, student_id, institution_id)
            places += [Workplace(http, world, institution_id, student_id)]
        working = [asyncio.create_task(each.work()) for each in places for _ in range(2)]
        await asyncio.sleep(0.1)
        one, other = (each.student_id for each in places)
        made = await merge(http, world, one, other)
        while made.status_code == 409 and made.json()["type"] == "/problems/busy":
            made = await merge(http, world, one, other)
        await asyncio.gather(*working)
        assert made.status_code == 200, made.text
        recorded = await owner.fetch("SELECT id::text FROM risk WHERE student_id = $1", made.json()["student_id"])
        assert {row["id"] for row in recorded} == places[0].risks | places[1].risks
        left = "SELECT count(*) FROM {} WHERE student_id = $1"
        for table in ("risk", "enrolment", "student_access", "person.person", "person.personal_code", "student"):
            assert await owner.fetchval(left.format(table), made.json()["alias_id"]) == 0, table
        assert all(each.answers[200] > ROUNDS for each in places)


async def test_nobody_is_registered_under_an_id_that_has_become_an_alias_meanwhile(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code has led to the younger, who is merged before the registration is written."""
    person = a_person()
    elder = await register_student(http, world, world.school, a_person(personal_code=None))
    younger = await register_student(http, world, world.other_school, person)
    claimed = persons.claimed

    async def claimed_and_merged(*arguments: Any, **how: Any) -> Person:
        found = await claimed(*arguments, **how)
        assert str(found.student_id) == younger
        await merged(http, world, elder, younger)
        return found

    new = {"institution_id": world.college, "person": person}
    with monkeypatch.context() as patched:
        patched.setattr(persons, "claimed", claimed_and_merged)
        refused = await http.post("/v1/students", json=new, headers=world.head(world.college))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/busy")
    assert await owner.fetchval("SELECT count(*) FROM student WHERE student_id = $1", younger) == 0
    again = await http.post("/v1/students", json=new, headers=world.head(world.college))
    assert (again.status_code, again.json()["id"]) == (201, elder)


async def test_a_merge_waits_for_whoever_is_about_to_record_something(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The student has been found, the risk is not written yet, and the merge begins."""
    elder, younger = [
        await register_student(http, world, each, a_person(personal_code=None))
        for each in (world.school, world.other_school)
    ]
    add, merging = risks.add, []

    async def add_late(*arguments: Any) -> None:
        merging.append(asyncio.create_task(merged(http, world, elder, younger)))
        await asyncio.sleep(0.2)
        await add(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(risks, "add", add_late)
        risk = await identify_risk(http, world, younger, world.other_school)
    assert risk["student_id"] == younger
    await asyncio.gather(*merging)
    assert await owner.fetchval("SELECT student_id::text FROM risk WHERE id = $1", risk["id"]) == elder


async def test_of_merges_at_once_each_is_done_or_refused(http: httpx.AsyncClient, world: World) -> None:
    for _ in range(5):
        three = [
            await register_student(http, world, each, a_person(personal_code=None))
            for each in (world.school, world.other_school, world.college)
        ]
        pairs = [(three[0], three[1]), (three[1], three[2]), (three[2], three[0])]
        answers = await asyncio.gather(*(merge(http, world, *pair) for pair in pairs))
        types = sorted(each.json().get("type", "merged") for each in answers)
        assert types == ["/problems/same-student", "merged", "merged"]
        for each in three:
            assert (await http.get(f"/v1/students/{each}", headers=world.authority())).json()["id"] == three[0]


async def test_plans_made_and_ended_meanwhile_go_along(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    for _ in range(5):
        elder = await register_student(http, world, world.school, a_person(personal_code=None))
        younger = await register_student(http, world, world.other_school, a_person(personal_code=None))
        enrolment = await enrol(http, world, younger, world.other_school)
        risk = await identify_risk(http, world, younger, world.other_school)
        _, plan = await asyncio.gather(
            merged(http, world, elder, younger), draft_plan(http, world, enrolment, risk_ids=[risk["id"]])
        )
        found = await owner.fetch("SELECT student_id::text AS of FROM plan_risk WHERE plan_id = $1", plan["id"])
        assert [row["of"] for row in found] == [elder]
        assert await owner.fetchval("SELECT student_id::text FROM plan WHERE id = $1", plan["id"]) == elder
