"""The steps of a plan's life over REST. Each is one endpoint; who may take it, and when, is a table of the domain."""

from fastapi import APIRouter, Response

from app.api import recording
from app.api.auth import MayDecidePlans, MayEndPlans, MayReadRecords, MayWritePlans
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.problems import problems
from app.api.rest.plans.models import PlanOut, PlanStepOut, Reason, RevisionNew
from app.api.transactions import ReadTx, Transaction, WriteTx
from app.db import plan_steps, plans
from app.domain.ids import PlanId
from app.domain.plan_steps import Step, approval_due
from app.domain.plans import Plan

router = APIRouter(prefix="/v1/plans/{plan_id}", tags=["plans"])
_ANSWERS = problems(404, 409, 412, 428)


@router.get("/steps", operation_id="list_plan_steps", responses=problems(404))
async def list_plan_steps(_actor: MayReadRecords, tx: ReadTx, plan_id: PlanId) -> list[PlanStepOut]:
    """Every step that the plan and its revisions have taken, the first one first."""
    plan = tx.saw("plan", await plans.get(tx.connection, plan_id))
    return [PlanStepOut.of(each) for _, each in await plan_steps.of_plans(tx.connection, [plan.id])]


@router.post("/submission", operation_id="submit_plan", responses=_ANSWERS)
async def submit_plan(
    _actor: MayWritePlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion, response: Response
) -> PlanOut:
    """Submit a draft, or a revision, with its signed application and agreements."""
    return await _take(tx, await _seen(tx, plan_id, seen), Step.SUBMIT, response)


@router.post("/approval", operation_id="approve_plan", responses=_ANSWERS)
async def approve_plan(
    _actor: MayDecidePlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion, response: Response
) -> PlanOut:
    """Give the approval that is due: the head's for a submitted plan, the partner's for one the school has approved."""
    plan = await _seen(tx, plan_id, seen)
    return await _take(tx, plan, approval_due(plan), response)


@router.post("/activation", operation_id="activate_plan", responses=_ANSWERS)
async def activate_plan(
    _actor: MayDecidePlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion, response: Response
) -> PlanOut:
    """Put an approved plan, or its revision, into force. The authority's step."""
    return await _take(tx, await _seen(tx, plan_id, seen), Step.ACTIVATE, response)


@router.post("/return", operation_id="return_plan", responses=_ANSWERS)
async def return_plan(
    _actor: MayDecidePlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion, body: Reason, response: Response
) -> PlanOut:
    """Send a plan, or its revision, back to draft instead of approving it."""
    return await _take(tx, await _seen(tx, plan_id, seen), Step.RETURN, response, body.reason)


@router.post("/completion", operation_id="complete_plan", responses=_ANSWERS)
async def complete_plan(
    _actor: MayEndPlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion, response: Response
) -> PlanOut:
    """End an active plan as planned."""
    return await _take(tx, await _seen(tx, plan_id, seen), Step.COMPLETE, response)


@router.post("/discontinuation", operation_id="discontinue_plan", responses=_ANSWERS)
async def discontinue_plan(
    _actor: MayEndPlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion, body: Reason, response: Response
) -> PlanOut:
    """End a plan before its time, with the reason."""
    return await _take(tx, await _seen(tx, plan_id, seen), Step.DISCONTINUE, response, body.reason)


@router.post("/revision", operation_id="revise_plan", responses=_ANSWERS)
async def revise_plan(
    _actor: MayWritePlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion, body: RevisionNew, response: Response
) -> PlanOut:
    """Propose other content for an active plan. It passes the chain like a plan, while what was approved stays in force."""
    plan = await _seen(tx, plan_id, seen)
    saved = await recording.plan_steps.revise(tx, plan, body.content(), body.reason)
    show_version(response, saved.version)
    return PlanOut.of(saved)


async def _seen(tx: Transaction, plan_id: PlanId, seen: int) -> Plan:
    plan = await recording.plans.locked(tx, plan_id)
    demand_version("plan", plan.version, seen)
    return plan


async def _take(tx: Transaction, plan: Plan, step: Step, response: Response, reason: str | None = None) -> PlanOut:
    saved = await recording.plan_steps.take(tx, plan, step, reason)
    show_version(response, saved.version)
    return PlanOut.of(saved)
