"""What is open to others follows the enrolments (rule 9): a transfer alone opens, and whoever has left sees nothing new."""

from dataclasses import dataclass, field

import asyncpg
import httpx
import pytest

from app.domain.ids import InstitutionId
from tests.api.plan_chain import record_risk
from tests.factories import Json, World, a_person, end_enrolment, enrol, register_student

REASON = {"reason": "Order 12 of the authority: the old school has not ended its enrolment as a transfer."}
IN_NOVEMBER = {"from": "2021-11-01"}


@dataclass(slots=True, kw_only=True)
class Child:
    """One person whom any of the world's institutions knows by the code."""

    http: httpx.AsyncClient
    world: World
    person: Json = field(default_factory=a_person)
    id: str = ""
    known_at: set[InstitutionId] = field(default_factory=set)

    async def comes(self, to: InstitutionId, **stated: object) -> Json:
        if to not in self.known_at:
            self.id = await register_student(self.http, self.world, to, self.person)
            self.known_at.add(to)
        grade = 1 if to == self.world.college else 7
        return await enrol(self.http, self.world, self.id, to, **{"grade": grade, **stated})

    async def ends(self, enrolment: Json, reason: str, on: str = "2021-10-29") -> httpx.Response:
        seen = {"If-Match": f'"{enrolment["version"]}"'}
        return await self.http.patch(
            f"/v1/enrolments/{enrolment['id']}",
            json={"to": on, "end_reason": reason},
            headers={**self.world.coordinator(enrolment["institution_id"]), **seen},
        )

    async def moves(self, enrolment: Json, on: str = "2021-10-29") -> None:
        await end_enrolment(self.http, self.world, enrolment, on)

    async def has_risk(self, at: InstitutionId) -> str:
        return str((await record_risk(self.http, self.world, self.id, at))["id"])

    async def confirmed(self, enrolment: Json) -> Json:
        path = f"/v1/enrolments/{enrolment['id']}/transfer-confirmation"
        answer = await self.http.post(path, json=REASON, headers=self.world.authority())
        assert answer.status_code == httpx.codes.OK, answer.text
        return dict(answer.json())

    async def risks_seen(self, at: InstitutionId) -> set[str]:
        query = {"student_id": self.id}
        answer = await self.http.get("/v1/risks", params=query, headers=self.world.head(at))
        return {each["id"] for each in answer.json()["items"]}


@pytest.fixture
def child(http: httpx.AsyncClient, world: World) -> Child:
    return Child(http=http, world=world)


async def test_the_yearly_change_of_grade_opens_nothing(world: World, child: Child) -> None:
    last_year = await child.comes(world.school, **{"grade": 6, "from": "2020-09-01"})
    risk = await child.has_risk(world.school)
    assert (await child.ends(last_year, "COMPLETED", "2021-08-31")).status_code == 200
    await child.comes(world.other_school)
    assert await child.risks_seen(world.other_school) == set()
    await child.comes(world.school)
    assert await child.risks_seen(world.other_school) == set()
    assert await child.risks_seen(world.school) == {risk}


@pytest.mark.parametrize("reason", ["COMPLETED", "LEFT", "EMIGRATED", "DECEASED"])
async def test_no_end_but_a_transfer_opens_and_the_authority_may(world: World, child: Child, reason: str) -> None:
    old = await child.comes(world.school)
    risk = await child.has_risk(world.school)
    assert (await child.ends(old, reason)).status_code == 200
    new = await child.comes(world.other_school, **IN_NOVEMBER)
    assert await child.risks_seen(world.other_school) == set()
    assert (await child.confirmed(new))["opened"] == [world.school]
    assert await child.risks_seen(world.other_school) == {risk}


async def test_an_earlier_transfer_does_not_open_after_a_later_end_of_another_kind(world: World, child: Child) -> None:
    first = await child.comes(world.school)
    await child.has_risk(world.school)
    await child.moves(first, "2021-09-30")
    second = await child.comes(world.school, **{"from": "2021-10-01"})
    assert (await child.ends(second, "LEFT")).status_code == 200
    await child.comes(world.other_school, **IN_NOVEMBER)
    assert await child.risks_seen(world.other_school) == set()


async def test_a_transfer_ahead_is_not_recorded_and_another_end_ahead_opens_nothing(world: World, child: Child) -> None:
    old = await child.comes(world.school)
    risk = await child.has_risk(world.school)
    await child.comes(world.other_school)
    ahead = await child.ends(old, "TRANSFERRED", "2021-11-16")
    assert [(each["pointer"], each["code"]) for each in ahead.json()["violations"]] == [("/to", "in-the-future")]
    assert (await child.ends(old, "EMIGRATED", "2021-11-16")).status_code == 200
    assert await child.risks_seen(world.other_school) == set()
    assert await child.risks_seen(world.school) == {risk}


async def test_there_and_back_again(world: World, child: Child, owner: asyncpg.Connection) -> None:
    first = await child.comes(world.school)
    old = await child.has_risk(world.school)
    await child.moves(first, "2021-09-30")
    away = await child.comes(world.other_school, **{"from": "2021-10-01"})
    theirs = await child.has_risk(world.other_school)
    assert await child.risks_seen(world.other_school) == {old, theirs}
    await child.moves(away)
    assert await child.risks_seen(world.other_school) == {theirs}
    await child.comes(world.school, **IN_NOVEMBER)
    new = await child.has_risk(world.school)
    assert await child.risks_seen(world.school) == {old, theirs, new}
    assert await child.risks_seen(world.other_school) == {theirs}
    entries = await owner.fetch(
        "SELECT action, institution_ids, organisation FROM audit_event WHERE action LIKE '%\\_HISTORY' AND $1 = ANY (student_ids)"
        " ORDER BY at",
        child.id,
    )
    here, there = world.school, world.other_school
    assert [tuple(each) for each in entries] == [
        ("OPEN_HISTORY", [here, there], f"institution {there}"),
        ("CLOSE_HISTORY", [here, there], f"institution {there}"),
        ("OPEN_HISTORY", [there, here], f"institution {here}"),
    ]


async def test_coming_back_closes_what_was_handed_over_though_the_receiver_keeps_the_student(
    world: World, child: Child
) -> None:
    first = await child.comes(world.school)
    await child.has_risk(world.school)
    await child.moves(first)
    await child.comes(world.other_school, **IN_NOVEMBER)
    theirs = await child.has_risk(world.other_school)
    back = await child.comes(world.school, **IN_NOVEMBER)
    await child.has_risk(world.school)
    assert await child.risks_seen(world.other_school) == {theirs}
    await child.moves(back, "2021-11-10")
    assert len(await child.risks_seen(world.other_school)) == 3


async def test_every_institution_that_attends_receives_and_one_that_leaves_loses(world: World, child: Child) -> None:
    first = await child.comes(world.school)
    old = await child.has_risk(world.school)
    at_college = await child.comes(world.college)
    await child.comes(world.other_school)
    assert await child.risks_seen(world.college) == await child.risks_seen(world.other_school) == set()
    await child.moves(first)
    assert await child.risks_seen(world.college) == await child.risks_seen(world.other_school) == {old}
    theirs = await child.has_risk(world.college)
    assert (await child.ends(at_college, "LEFT")).status_code == 200
    assert await child.risks_seen(world.college) == {theirs}
    assert await child.risks_seen(world.other_school) == {old}


async def test_what_the_authority_opened_stays_while_the_receiver_attends(world: World, child: Child) -> None:
    first = await child.comes(world.school)
    old = await child.has_risk(world.school)
    new = await child.comes(world.other_school)
    await child.confirmed(new)
    assert (await child.ends(first, "LEFT")).status_code == 200
    await child.comes(world.school, **IN_NOVEMBER)
    assert await child.risks_seen(world.other_school) == {old}
    assert (await child.ends(new, "LEFT")).status_code == 200
    assert await child.risks_seen(world.other_school) == set()
