"""Outcomes over REST: what came of a plan, and how a school year ended."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status

from app.api import recording
from app.api.auth import MayReadRecords, MayWriteOutcomes
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.rest.outcome_models import (
    OutcomeNew,
    OutcomeOut,
    OutcomePatch,
    OutcomeQuery,
    PlanOutcomeNew,
    YearOutcomeNew,
    present,
)
from app.api.transactions import ReadTx, Transaction, WriteTx
from app.db import outcomes
from app.domain.ids import OutcomeId
from app.domain.outcomes import Outcome, YearOutcome

router = APIRouter(prefix="/v1/outcomes", tags=["outcomes"])


@router.get("", operation_id="list_outcomes", responses=problems())
async def list_outcomes(
    _actor: MayReadRecords, tx: ReadTx, pages: Pages, asked: Annotated[OutcomeQuery, Query()]
) -> Page[OutcomeOut]:
    """Outcomes that you may see, in the order of their ids."""
    found = await outcomes.page(tx.connection, asked.filter(), after=pages.after, limit=pages.fetch)
    return tx.saw("outcome", pages.page(found, present))


@router.post("", operation_id="create_outcome", status_code=status.HTTP_201_CREATED, responses=problems(404, 409))
async def create_outcome(_actor: MayWriteOutcomes, tx: WriteTx, body: OutcomeNew, response: Response) -> OutcomeOut:
    """Record what came of a plan, with a result for each of its risks, or how a student's school year ended. One each."""
    outcome = await _add(tx, body)
    response.headers["Location"] = f"/v1/outcomes/{outcome.id}"
    show_version(response, outcome.version)
    return present(outcome)


@router.get("/{outcome_id}", operation_id="get_outcome", responses=problems(404))
async def get_outcome(_actor: MayReadRecords, tx: ReadTx, outcome_id: OutcomeId, response: Response) -> OutcomeOut:
    """One outcome."""
    outcome = tx.saw("outcome", await outcomes.get(tx.connection, outcome_id))
    show_version(response, outcome.version)
    return present(outcome)


@router.patch("/{outcome_id}", operation_id="update_outcome", responses=problems(404, 409, 412, 428))
async def update_outcome(
    _actor: MayWriteOutcomes,
    tx: WriteTx,
    outcome_id: OutcomeId,
    seen: SeenVersion,
    body: OutcomePatch,
    response: Response,
) -> OutcomeOut:
    """Change some fields by JSON merge patch (RFC 7396). `results` and `improvements` are replaced whole."""
    outcome, plan = await recording.outcomes.locked(tx, outcome_id)
    demand_version("outcome", outcome.version, seen)
    stated = body.of_year(outcome) if isinstance(outcome, YearOutcome) else body.of_plan(outcome)
    saved = await recording.outcomes.change(tx, stated, plan)
    show_version(response, saved.version)
    return present(saved)


@router.delete(
    "/{outcome_id}",
    operation_id="delete_outcome",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 412, 428),
)
async def delete_outcome(_actor: MayWriteOutcomes, tx: WriteTx, outcome_id: OutcomeId, seen: SeenVersion) -> None:
    """Delete an outcome that was recorded by mistake."""
    outcome, _plan = await recording.outcomes.locked(tx, outcome_id)
    demand_version("outcome", outcome.version, seen)
    await recording.outcomes.remove(tx, outcome)


async def _add(tx: Transaction, body: PlanOutcomeNew | YearOutcomeNew) -> Outcome:
    outcome_id = OutcomeId(uuid4())
    if isinstance(body, YearOutcomeNew):
        return await recording.outcomes.add_of_year(tx, body.outcome(outcome_id))
    plan = await recording.plans.locked(tx, body.plan_id)
    return await recording.outcomes.add_of_plan(tx, body.outcome(outcome_id, plan), plan)
