"""A record of every noun of students, with every field."""

import asyncpg
import httpx

from tests.api.delivered import active_plan, consultation, meals, recorded
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import draft, draft_body, moved, record_risk
from tests.factories import Json, World, enrol, register_student

AWKWARD = "Viņš teica: \"labi\"\\ …\n\tun <ļoti> 👍 %s {0} 'x' $1"


async def record_all_kinds(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    """With all optional fields, and with none. Returns an active plan."""
    coordinator = world.coordinator(world.school)
    student_id = await register_student(http, world, world.school)
    await enrol(
        http,
        world,
        student_id,
        world.school,
        **{"from": "2020-09-01", "to": "2021-08-31", "end_reason": "COMPLETED", "grade": 6},
    )
    enrolment = await enrol(
        http,
        world,
        student_id,
        world.school,
        home_municipality="0038000",
        minority_programme=True,
        returned_emigrant=True,
        special_need="56",
    )
    risk = await record_risk(http, world, student_id, world.school, resolved_on="2021-11-01")
    other = await record_risk(http, world, student_id, world.school, type="LANGUAGE_BARRIER")
    first = await _draft(http, coordinator, draft_body(enrolment, risk))
    first = await moved(http, first, "submission", coordinator)
    await moved(http, first, "discontinuation", world.head(world.school), {"reason": AWKWARD})
    measures = [
        {"risk_id": other["id"], "support_measure": "MEALS", "eur": "22.5"},
        {
            "risk_id": risk["id"],
            "support_measure": "CONSULTATIVE_SUPPORT",
            "hours": "3",
            "specialist": "PSYCHOLOGIST",
        },
    ]
    body = draft_body(enrolment, risk, providers=["T-002", "T-001"]) | {
        "semester": "2021-2",
        "from": "2022-01-03",
        "to": "2022-05-31",
        "risk_ids": [other["id"], risk["id"]],
        "planned_measures": measures,
        "continues": first["id"],
    }
    await _draft(http, coordinator, body)
    active = await active_plan(http, world, owner)
    revised = {"reason": AWKWARD, "risk_ids": active["risk_ids"], "planned_measures": active["planned_measures"]}
    await moved(http, active, "revision", coordinator, revised)
    remote = {"mode": "REMOTE", "head_order": AWKWARD.replace("\n\t", ""), "confirmed_on": "2021-10-11"}
    await recorded(http, "/v1/interventions", consultation(active, **remote), coordinator)
    psychology = {"support_measure": "CONSULTATIVE_SUPPORT", "subject": None, "specialist": "PSYCHOLOGIST"}
    await recorded(http, "/v1/interventions", consultation(active, **psychology), coordinator)
    await recorded(http, "/v1/interventions", meals(active), coordinator)
    await recorded(http, "/v1/outcomes", of_plan(active, evaluation=AWKWARD), coordinator)
    await recorded(http, "/v1/outcomes", of_year(student_id, world.school), coordinator)
    nothing: Json = {"consent": {}, "providers": [], "risk_ids": [], "planned_measures": []}
    bare = await draft(http, world, world.school, **nothing)
    await recorded(
        http,
        "/v1/outcomes",
        of_year(bare["student_id"], world.school, result="PROMOTED", left_on=None, leaving_reason=None),
        coordinator,
    )
    return active


async def _draft(http: httpx.AsyncClient, headers: dict[str, str], body: Json) -> Json:
    answer = await http.post("/v1/plans", json=body, headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())
