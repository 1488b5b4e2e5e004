"""Rows of plans: the draft, and every step of its life in every state in which a step is possible."""

from app.domain.plan_steps import Step
from app.domain.plans import PlanState
from tests.api.plan_chain import draft_body
from tests.factories import Json
from tests.matrix.rows import Ids, Row


def a_plan(ids: Ids) -> Json:
    return draft_body({"id": ids["enrolment.bare"]}, {"id": ids["risk.bare"]}, **{"from": "2021-09-06"})


def a_change(ids: Ids) -> Json:
    risk = ids["risk.DRAFT"]
    measure = {"risk_id": risk, "support_measure": "MEALS", "eur": "20.00"}
    return {"risk_ids": [risk], "planned_measures": [measure]}


def a_revision(ids: Ids) -> Json:
    return {"risk_ids": [ids["risk.ACTIVE"]], "planned_measures": [], "reason": "Citas vajadzības."}


def _reason(_ids: Ids) -> Json:
    return {"reason": "Iemesls."}


def _step(name: str, state: PlanState, step: Step) -> Row:
    with_reason = step in (Step.RETURN, Step.DISCONTINUE)
    return Row(
        operation=f"POST /v1/plans/{{plan_id}}/{name}",
        at=(f"plan.{state}",),
        body=_reason if with_reason else lambda _: None,
        seen=True,
        step=(state, step),
    )


S = PlanState
PLANS = (
    Row(operation="GET /v1/plans", query=lambda _: {"limit": 200}, shows="plan.ACTIVE"),
    Row(
        operation="GET /v1/plans",
        query=lambda ids: {"student_id": ids["student.ACTIVE"], "institution_id": ids["institution"]},
        shows="plan.ACTIVE",
        hidden=200,
    ),
    Row(
        operation="GET /v1/plans",
        query=lambda ids: {"code": ids["code.of.plan.ACTIVE"]},
        shows="plan.ACTIVE",
        hidden=200,
    ),
    Row(operation="POST /v1/plans", body=a_plan, own=201, hidden={"risk.bare": 422}),
    Row(
        operation="POST /v1/plans",
        body=lambda ids: {**a_plan(ids), "semester": "2021-1", "continues": ids["plan.COMPLETED"]},
        own=422,  # the plan of another student is not continued; whether it is foreign or absent makes no difference
        hidden={"risk.bare": 422},
        always_refused=True,
    ),
    Row(operation="GET /v1/plans/{plan_id}", at=("plan.ACTIVE",), shows="student.ACTIVE"),
    Row(
        operation="PATCH /v1/plans/{plan_id}",
        at=("plan.DRAFT",),
        body=a_change,
        seen=True,
        hidden={"risk.DRAFT": 422},
    ),
    Row(operation="DELETE /v1/plans/{plan_id}", at=("plan.DRAFT",), seen=True, own=204),
    Row(operation="GET /v1/plans/{plan_id}/steps", at=("plan.ACTIVE",)),
    Row(
        operation="POST /v1/plans/{plan_id}/revision",
        at=("plan.ACTIVE",),
        body=a_revision,
        seen=True,
        hidden={"risk.ACTIVE": 422},
    ),
    _step("submission", S.DRAFT, Step.SUBMIT),
    _step("approval", S.SUBMITTED, Step.APPROVE_SCHOOL),
    _step("approval", S.SCHOOL_APPROVED, Step.APPROVE_PARTNER),
    _step("activation", S.SCHOOL_APPROVED, Step.ACTIVATE),
    _step("activation", S.PARTNER_APPROVED, Step.ACTIVATE),
    _step("return", S.SUBMITTED, Step.RETURN),
    _step("return", S.SCHOOL_APPROVED, Step.RETURN),
    _step("return", S.PARTNER_APPROVED, Step.RETURN),
    _step("completion", S.ACTIVE, Step.COMPLETE),
    _step("discontinuation", S.SUBMITTED, Step.DISCONTINUE),
    _step("discontinuation", S.SCHOOL_APPROVED, Step.DISCONTINUE),
    _step("discontinuation", S.PARTNER_APPROVED, Step.DISCONTINUE),
    _step("discontinuation", S.ACTIVE, Step.DISCONTINUE),
)
del S
