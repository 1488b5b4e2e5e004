"""A plan over REST, from the draft through the chain: each step by whoever takes it."""

from typing import Any

import httpx

from app.domain.ids import InstitutionId
from tests.factories import Json, World, enrol, identify_risk, register_student


async def record_risk(
    http: httpx.AsyncClient, world: World, student_id: str, institution_id: InstitutionId, **stated: Any
) -> Json:
    usual = {"type": "LEARNING_DIFFICULTY", "identified_on": "2021-09-10"}
    return await identify_risk(http, world, student_id, institution_id, **(usual | stated))


def draft_body(enrolment: Json, risk: Json, **stated: Any) -> Json:
    return {
        "enrolment_id": enrolment["id"],
        "semester": "2021-1",
        "risk_ids": [risk["id"]],
        "planned_measures": [
            {
                "risk_id": risk["id"],
                "support_measure": "SUBJECT_CONSULTATION",
                "hours": "12.50",
                "subject": "MATHEMATICS",
            }
        ],
        "consent": {
            "application_signed_on": "2021-09-05",
            "application_signed_by": "GUARDIAN",
            "guardian_agreed_on": "2021-09-06",
            "student_agreed_on": "2021-09-06",
        },
        "providers": ["T-001"],
        **stated,
    }


async def draft(http: httpx.AsyncClient, world: World, institution_id: InstitutionId, **stated: Any) -> Json:
    """A draft for a new student of the institution."""
    student_id = await register_student(http, world, institution_id)
    grade = 2 if institution_id == world.college else 7
    enrolment = await enrol(http, world, student_id, institution_id, grade=grade)
    risk = await record_risk(http, world, student_id, institution_id)
    body = draft_body(enrolment, risk, **stated)
    answer = await http.post("/v1/plans", json=body, headers=world.coordinator(institution_id))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


async def step(
    http: httpx.AsyncClient, plan: Json, name: str, headers: dict[str, str], body: Json | None = None
) -> httpx.Response:
    """One step on the version of the plan that is given."""
    seen = {**headers, "If-Match": f'"{plan["version"]}"'}
    return await http.post(f"/v1/plans/{plan['id']}/{name}", headers=seen, json=body)


async def moved(
    http: httpx.AsyncClient, plan: Json, name: str, headers: dict[str, str], body: Json | None = None
) -> Json:
    answer = await step(http, plan, name, headers, body)
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


async def activated(http: httpx.AsyncClient, world: World, plan: Json) -> Json:
    """Through the chain of a school under a municipality's agreement."""
    school = plan["institution_id"]
    partner = world.madona if school == world.school else world.riga
    plan = await moved(http, plan, "submission", world.coordinator(school))
    plan = await moved(http, plan, "approval", world.head(school))
    plan = await moved(http, plan, "approval", world.municipality(partner))
    return await moved(http, plan, "activation", world.authority())
