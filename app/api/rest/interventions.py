"""Interventions over REST: support as it was delivered. The plan is locked first, so that hours of a day are counted one by one."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status

from app.api.auth import MayReadRecords, MayWriteInterventions
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.recording import interventions as recording
from app.api.rest.intervention_models import InterventionNew, InterventionOut, InterventionPatch, InterventionQuery
from app.api.transactions import ReadTx, WriteTx
from app.db import interventions
from app.domain.ids import InterventionId
from app.domain.interventions import demand_own_work, provider_of

router = APIRouter(prefix="/v1/interventions", tags=["interventions"])


@router.get("", operation_id="list_interventions", responses=problems())
async def list_interventions(
    _actor: MayReadRecords, tx: ReadTx, pages: Pages, asked: Annotated[InterventionQuery, Query()]
) -> Page[InterventionOut]:
    """Interventions that you may see, in the order of their ids."""
    found = await interventions.page(tx.connection, asked.filter(tx.reference), after=pages.after, limit=pages.fetch)
    return tx.saw("intervention", pages.page(found, InterventionOut.of))


@router.post("", operation_id="create_intervention", status_code=status.HTTP_201_CREATED, responses=problems(404, 409))
async def create_intervention(
    actor: MayWriteInterventions, tx: WriteTx, body: InterventionNew, response: Response
) -> InterventionOut:
    """Record support that was delivered under an active plan, or why it was not. It may be recorded later than the day."""
    ground = await recording.ground(tx, body.plan_id)
    if body.staff_member is None:
        body.staff_member = provider_of(actor)
    wanted = body.under(ground, body.risk_id, InterventionId(uuid4()))
    intervention = await recording.record(tx, recording.Change(wanted=wanted, before=None, ground=ground))
    response.headers["Location"] = f"/v1/interventions/{intervention.id}"
    show_version(response, intervention.version)
    return InterventionOut.of(intervention)


@router.get("/{intervention_id}", operation_id="get_intervention", responses=problems(404))
async def get_intervention(
    _actor: MayReadRecords, tx: ReadTx, intervention_id: InterventionId, response: Response
) -> InterventionOut:
    """One intervention."""
    intervention = tx.saw("intervention", await interventions.get(tx.connection, intervention_id))
    show_version(response, intervention.version)
    return InterventionOut.of(intervention)


@router.patch("/{intervention_id}", operation_id="update_intervention", responses=problems(404, 409, 412, 428))
async def update_intervention(
    actor: MayWriteInterventions,
    tx: WriteTx,
    intervention_id: InterventionId,
    seen: SeenVersion,
    body: InterventionPatch,
    response: Response,
) -> InterventionOut:
    """Change some fields by JSON merge patch (RFC 7396). The plan stays: delete the record and make it anew under the other."""
    intervention, ground = await recording.locked(tx, intervention_id)
    demand_version("intervention", intervention.version, seen)
    demand_own_work(intervention, actor)
    change = recording.Change(wanted=body.changed(intervention), before=intervention, ground=ground)
    saved = await recording.record(tx, change)
    show_version(response, saved.version)
    return InterventionOut.of(saved)


@router.delete(
    "/{intervention_id}",
    operation_id="delete_intervention",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 412, 428),
)
async def delete_intervention(
    _actor: MayWriteInterventions, tx: WriteTx, intervention_id: InterventionId, seen: SeenVersion
) -> None:
    """Delete an intervention that was recorded by mistake. One that did not take place stays: say why in `attendance`."""
    intervention, _ground = await recording.locked(tx, intervention_id)
    demand_version("intervention", intervention.version, seen)
    await recording.remove(tx, intervention)
