"""Plans over REST: the draft, and what it contains. The steps of its life are in `steps`."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status

from app.api import recording
from app.api.auth import MayReadRecords, MayWritePlans
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.rest.plans.models import PlanNew, PlanOut, PlanPatch, PlanQuery
from app.api.transactions import ReadTx, Transaction, WriteTx
from app.db import enrolments, plans
from app.domain.ids import PlanId
from app.domain.plans import Plan

router = APIRouter(prefix="/v1/plans", tags=["plans"])


@router.get("", operation_id="list_plans", responses=problems())
async def list_plans(
    _actor: MayReadRecords, tx: ReadTx, pages: Pages, asked: Annotated[PlanQuery, Query()]
) -> Page[PlanOut]:
    """Plans that you may see, in the order in which they were made."""
    found = await plans.page(tx.connection, asked.filter(), after=pages.after, limit=pages.fetch)
    return tx.saw("plan", pages.page(found, PlanOut.of))


@router.post("", operation_id="create_plan", status_code=status.HTTP_201_CREATED, responses=problems(404, 409))
async def create_plan(_actor: MayWritePlans, tx: WriteTx, body: PlanNew, response: Response) -> PlanOut:
    """Draft a plan for a student whose enrolment at your institution has no end. Nothing is asked of anybody until it is submitted."""
    enrolment = await enrolments.get(tx.connection, body.enrolment_id, lock=True)
    semester = recording.plans.demand_known(tx, programme=body.programme, semester=body.semester)
    plan = await recording.plans.draft(tx, body.plan(PlanId(uuid4()), enrolment, semester))
    response.headers["Location"] = f"/v1/plans/{plan.id}"
    show_version(response, plan.version)
    return PlanOut.of(plan)


@router.get("/{plan_id}", operation_id="get_plan", responses=problems(404))
async def get_plan(_actor: MayReadRecords, tx: ReadTx, plan_id: PlanId, response: Response) -> PlanOut:
    """One plan, as it is in force, with the revision under way if there is one."""
    plan = tx.saw("plan", await plans.get(tx.connection, plan_id))
    show_version(response, plan.version)
    return PlanOut.of(plan)


@router.patch("/{plan_id}", operation_id="update_plan", responses=problems(404, 409, 412, 428))
async def update_plan(
    _actor: MayWritePlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion, body: PlanPatch, response: Response
) -> PlanOut:
    """Change a draft by JSON merge patch (RFC 7396). What is active is revised instead: see `revise_plan`."""
    plan = await _locked(tx, plan_id, seen)
    saved = await recording.plans.edit(tx, plan, body.stated(plan))
    show_version(response, saved.version)
    return PlanOut.of(saved)


@router.delete(
    "/{plan_id}",
    operation_id="delete_plan",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409, 412, 428),
)
async def delete_plan(_actor: MayWritePlans, tx: WriteTx, plan_id: PlanId, seen: SeenVersion) -> None:
    """Delete a draft. What has been submitted stays: discontinue it instead."""
    await recording.plans.remove(tx, await _locked(tx, plan_id, seen))


async def _locked(tx: Transaction, plan_id: PlanId, seen: int) -> Plan:
    plan = await recording.plans.locked(tx, plan_id)
    demand_version("plan", plan.version, seen)
    return plan
