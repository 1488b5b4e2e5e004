"""Two students who are one person, and their merge."""

from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx

from tests.api.delivered import active_plan, consultation, recorded
from tests.api.outcomes import of_plan, of_year
from tests.factories import Json, World, a_person, enrol, identify_risk, register_student

REASON = "Disclosed: one person, registered with and without a personal code."


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """One person, recorded twice: at the one school with a risk and a past enrolment, at the other with everything there is."""

    elder: str
    younger: str
    plan: Json


async def recorded_twice(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Twice:
    elder = await register_student(http, world, world.school)
    await enrol(
        http,
        world,
        elder,
        world.school,
        **{"from": "2020-09-01", "to": "2021-08-31", "end_reason": "TRANSFERRED", "grade": 6},
    )
    await identify_risk(http, world, elder, world.school)
    plan = await active_plan(http, world, owner, world.other_school)
    coordinator = world.coordinator(world.other_school)
    await recorded(http, "/v1/interventions", consultation(plan), coordinator)
    await recorded(http, "/v1/outcomes", of_plan(plan), coordinator)
    await recorded(http, "/v1/outcomes", of_year(plan["student_id"], world.other_school), coordinator)
    return Twice(elder=elder, younger=plan["student_id"], plan=plan)


async def merge(http: httpx.AsyncClient, world: World, one: str, other: str, **stated: Any) -> httpx.Response:
    body = {"other_id": other, "reason": REASON, **stated}
    return await http.post(f"/v1/students/{one}/merge", json=body, headers=world.authority())


async def merged(http: httpx.AsyncClient, world: World, one: str, other: str, **stated: Any) -> Json:
    answer = await merge(http, world, one, other, **stated)
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


async def two_of(http: httpx.AsyncClient, world: World, institution_id: Any, **stated: Any) -> tuple[str, str]:
    """The elder and the younger of two whom one institution states with the same words."""
    person = a_person(personal_code=None, **stated)
    elder, younger = [await register_student(http, world, institution_id, person) for _ in range(2)]
    return elder, younger
