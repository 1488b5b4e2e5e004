"""One student whom two institutions know, with nothing settled between them: each sees what it wrote itself."""

from dataclasses import dataclass
from datetime import date

import asyncpg
import httpx

from tests.api.delivered import consultation
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import draft_body, record_risk
from tests.factories import Json, World, enrol, register_student
from tests.matrix.sides import ACTIVE_SINCE, OWN_STAFF, Side, new_code

PLANTED_STAFF = "T-077"
"""Named by the school in a plan of the other institution, and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """`plan` is the school's own, `theirs` the other institution's."""

    student: str
    plan: str
    theirs: Json


async def make_shared(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, school: Side, other: Side
) -> Shared:
    code = new_code()
    theirs = await _known_to(http, world, owner, other, code, since="2021-09-01")
    ours = await _known_to(http, world, owner, school, code, since="2021-09-13")
    assert ours["student_id"] == theirs["student_id"]
    other.secrets.discard(theirs["student_id"])
    return Shared(student=ours["student_id"], plan=ours["id"], theirs=theirs)


async def plant(owner: asyncpg.Connection, shared: Shared) -> frozenset[str]:
    """Write the other institution's plan, enrolment and risk into the school's plan, and tell their ids."""
    theirs = shared.theirs
    await owner.execute(
        "UPDATE plan SET continues = $2::text::uuid, enrolment_id = $3::text::uuid WHERE id = $1::text::uuid",
        shared.plan,
        theirs["id"],
        theirs["enrolment_id"],
    )
    await owner.execute(
        "INSERT INTO plan_risk (plan_id, student_id, risk_id, institution_id, position)"
        " SELECT id, student_id, $2::text::uuid, institution_id, 1 FROM plan WHERE id = $1::text::uuid",
        shared.plan,
        theirs["risk_ids"][0],
    )
    await owner.execute(
        "INSERT INTO plan_provider (plan_id, student_id, staff_member, institution_id)"
        " SELECT $2::text::uuid, student_id, $3, institution_id FROM plan WHERE id = $1::text::uuid ON CONFLICT DO NOTHING",
        shared.plan,
        theirs["id"],
        PLANTED_STAFF,
    )
    return frozenset({theirs["id"], theirs["enrolment_id"], theirs["risk_ids"][0]})


async def _known_to(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, side: Side, code: str, *, since: str
) -> Json:
    """A plan of the student at this institution that has been in force, with all that hangs on it."""
    headers, at = world.coordinator(side.institution), side.institution
    person = {
        "given_names": side.mark,
        "family_name": side.mark,
        "birth_date": side.born,
        "personal_code": code,
    }
    student_id = await register_student(http, world, at, person)
    side.secrets.add(student_id)
    enrolment = await enrol(http, world, student_id, at, **{"from": since})
    risk = await record_risk(http, world, student_id, at)
    body = {**draft_body(enrolment, risk, providers=[OWN_STAFF, f"T-{side.mark}"]), "from": since}

    async def post(noun: str, what: Json) -> Json:
        answer = await http.post(f"/v1/{noun}", json=what, headers=headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        side.secrets.add(answer.json()["id"])
        return dict(answer.json())

    plan = await post("plans", body)
    await owner.execute(
        "UPDATE plan SET state = 'COMPLETED', activated_on = $2, ended_on = $3 WHERE id = $1::text::uuid",
        plan["id"],
        ACTIVE_SINCE,
        date(2021, 11, 12),
    )
    side.secrets.update((enrolment["id"], risk["id"], plan["code"]))
    await post("interventions", consultation(plan))
    await post("outcomes", of_plan(plan, recorded_on="2021-11-12", evaluation=f"{side.mark} sekmes"))
    await post("outcomes", of_year(student_id, at))
    return plan
