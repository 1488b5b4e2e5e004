"""The life of a plan over REST: who takes which step, and what each leaves behind."""

import asyncio

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from tests.api.plan_chain import activated, draft, draft_body, moved, record_risk, step
from tests.factories import World, end_enrolment, enrol, register_student

BECAUSE = {"reason": "Mērķi nav skaidri."}


async def test_a_plan_passes_the_chain_and_every_step_is_kept(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    plan = await activated(http, world, await draft(http, world, world.school))
    assert (plan["state"], plan["activated_on"], plan["version"]) == ("ACTIVE", "2021-11-15", 5)
    steps = (await http.get(f"/v1/plans/{plan['id']}/steps", headers=world.head(world.school))).json()
    assert [(each["step"], each["from_state"], each["to_state"], each["role"]) for each in steps] == [
        ("SUBMIT", "DRAFT", "SUBMITTED", "SCHOOL_COORDINATOR"),
        ("APPROVE_SCHOOL", "SUBMITTED", "SCHOOL_APPROVED", "SCHOOL_HEAD"),
        ("APPROVE_PARTNER", "SCHOOL_APPROVED", "PARTNER_APPROVED", "MUNICIPALITY_COORDINATOR"),
        ("ACTIVATE", "PARTNER_APPROVED", "ACTIVE", "PROGRAMME_AUTHORITY"),
    ]
    audited = await owner.fetch(
        "SELECT action, role FROM audit_event WHERE record_id = $1 AND action <> 'READ' ORDER BY id", plan["id"]
    )
    assert [each["action"] for each in audited] == ["CREATE", "DECIDE", "DECIDE", "DECIDE", "DECIDE"]


async def test_a_college_that_is_its_own_partner_skips_the_partner(http: httpx.AsyncClient, world: World) -> None:
    plan = await draft(http, world, world.college)
    plan = await moved(http, plan, "submission", world.coordinator(world.college))
    plan = await moved(http, plan, "approval", world.head(world.college))
    own = world.bearer(Role.VOCATIONAL_COORDINATOR, partner_id=world.college_itself)
    refused = await step(http, plan, "approval", own)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/step-not-possible")
    assert (await moved(http, plan, "activation", world.authority()))["state"] == "ACTIVE"


async def test_a_step_of_somebody_else_is_forbidden(http: httpx.AsyncClient, world: World) -> None:
    plan = await moved(http, await draft(http, world, world.school), "submission", world.coordinator(world.school))
    for headers in (world.coordinator(world.school), world.sync(world.school)):
        refused = await step(http, plan, "approval", headers)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-may-not")
    for headers in (world.authority(), world.municipality(world.madona)):
        refused = await step(http, plan, "approval", headers)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/step-not-yours")


async def test_a_step_out_of_turn_is_refused_and_says_what_is_possible(http: httpx.AsyncClient, world: World) -> None:
    plan = await draft(http, world, world.school)
    refused = await step(http, plan, "activation", world.authority())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/step-not-possible")
    assert "possible: SUBMIT" in refused.json()["detail"]


async def test_a_draft_that_lacks_everything_is_told_everything(http: httpx.AsyncClient, world: World) -> None:
    made = await draft(http, world, world.school, risk_ids=[], planned_measures=[], consent={})
    answer = await step(http, made, "submission", world.coordinator(world.school))
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["violations"]} == {
        "/risk_ids",
        "/planned_measures",
        "/consent/application_signed_on",
        "/consent/application_signed_by",
        "/consent/student_agreed_on",
        "/consent/guardian_agreed_on",
    }


async def test_a_returned_plan_is_a_draft_again_with_the_reason(http: httpx.AsyncClient, world: World) -> None:
    plan = await moved(http, await draft(http, world, world.school), "submission", world.coordinator(world.school))
    without = await step(http, plan, "return", world.head(world.school), {"reason": "  "})
    assert [each["pointer"] for each in without.json()["violations"]] == ["/reason"]
    back = await moved(http, plan, "return", world.head(world.school), BECAUSE)
    assert back["state"] == "DRAFT"
    steps = (await http.get(f"/v1/plans/{plan['id']}/steps", headers=world.head(world.school))).json()
    assert steps[-1]["reason"] == BECAUSE["reason"]


async def test_a_revision_is_shown_beside_what_stays_in_force(http: httpx.AsyncClient, world: World) -> None:
    plan = await activated(http, world, await draft(http, world, world.school))
    risk_id = plan["risk_ids"][0]
    more = {
        "risk_id": risk_id,
        "support_measure": "CONSULTATIVE_SUPPORT",
        "hours": "4.00",
        "specialist": "PSYCHOLOGIST",
    }
    body = {"risk_ids": [risk_id], "planned_measures": [more], "reason": "Cits atbalsts."}
    revised = await moved(http, plan, "revision", world.coordinator(world.school), body)
    assert revised["planned_measures"] == plan["planned_measures"]
    assert (revised["revision"]["state"], revised["revision"]["number"]) == ("DRAFT", 2)
    done = await activated(http, world, revised)
    assert (done["state"], done["revision"], done["revision_number"]) == ("ACTIVE", None, 2)
    assert [each["specialist"] for each in done["planned_measures"]] == ["PSYCHOLOGIST"]
    assert done["activated_on"] == plan["activated_on"]


async def test_a_plan_ends_with_its_enrolment(http: httpx.AsyncClient, world: World) -> None:
    plan = await activated(http, world, await draft(http, world, world.school))
    headers = world.coordinator(world.school)
    enrolment = (await http.get(f"/v1/enrolments/{plan['enrolment_id']}", headers=headers)).json()
    await end_enrolment(http, world, enrolment, on="2021-11-12")
    ended = (await http.get(f"/v1/plans/{plan['id']}", headers=headers)).json()
    assert (ended["state"], ended["end_reason"]) == ("DISCONTINUED", "ENROLMENT_ENDED")


async def test_two_schools_may_prepare_plans_but_only_one_comes_into_force(
    http: httpx.AsyncClient, world: World
) -> None:
    here = await draft(http, world, world.school)
    code = await http.get(f"/v1/students/{here['student_id']}/person", headers=world.coordinator(world.school))
    person = {name: code.json()[name] for name in ("given_names", "family_name", "birth_date", "personal_code")}
    student_id = await register_student(http, world, world.other_school, person)
    enrolment = await enrol(http, world, student_id, world.other_school)
    risk = await record_risk(http, world, student_id, world.other_school)
    there = await http.post(
        "/v1/plans", json=draft_body(enrolment, risk), headers=world.coordinator(world.other_school)
    )
    await activated(http, world, here)
    plan = await moved(http, there.json(), "submission", world.coordinator(world.other_school))
    plan = await moved(http, plan, "approval", world.head(world.other_school))
    plan = await moved(http, plan, "approval", world.municipality(world.riga))
    refused = await step(http, plan, "activation", world.authority())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/plan-active-elsewhere")


async def test_of_two_approvals_at_once_one_is_stale(http: httpx.AsyncClient, world: World) -> None:
    plan = await moved(http, await draft(http, world, world.school), "submission", world.coordinator(world.school))
    answers = await asyncio.gather(*(step(http, plan, "approval", world.head(world.school)) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 412, 412, 412]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("submission", None),
        ("approval", None),
        ("activation", None),
        ("return", BECAUSE),
        ("completion", None),
        ("discontinuation", BECAUSE),
    ],
)
async def test_foreign_and_absent_plans_answer_alike(
    http: httpx.AsyncClient, world: World, name: str, body: dict[str, str] | None
) -> None:
    foreign = await draft(http, world, world.school)
    absent = {**foreign, "id": "00000000-0000-4000-8000-000000000000"}
    answers = [await step(http, plan, name, world.head(world.other_school), body) for plan in (foreign, absent)]
    bodies = [{**each.json(), "correlation_id": None} for each in answers]
    if answers[0].status_code != 403:
        assert [each.status_code for each in answers] == [404, 404]
    assert bodies[0] == bodies[1]
