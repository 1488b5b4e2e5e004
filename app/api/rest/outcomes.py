"""Outcomes over REST: what came of a plan, and how a school year ended."""

from dataclasses import replace
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status

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
from app.db import outcomes, plans, students
from app.domain.deeds import Action
from app.domain.ids import OutcomeId
from app.domain.outcomes import Outcome, PlanOutcome, YearOutcome, check_plan_outcome, check_year_outcome
from app.domain.plans import Plan

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
    outcome = await _new(tx, body)
    await outcomes.add(tx.connection, outcome, tx.deed(Action.CREATE, "outcome", outcome))
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
    outcome, plan = await _locked(tx, outcome_id)
    demand_version("outcome", outcome.version, seen)
    changed = _patched(tx, outcome, plan, body)
    saved = await outcomes.change(tx.connection, changed, tx.deed(Action.CHANGE, "outcome", changed))
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
    outcome, _plan = await _locked(tx, outcome_id)
    demand_version("outcome", outcome.version, seen)
    await outcomes.remove(tx.connection, outcome, tx.deed(Action.DELETE, "outcome", outcome))


async def _new(tx: Transaction, body: PlanOutcomeNew | YearOutcomeNew) -> Outcome:
    outcome_id, codes = OutcomeId(uuid4()), tx.reference.code_lists
    if isinstance(body, YearOutcomeNew):
        student_id = await students.demand_own(tx.connection, body.student_id, body.institution_id)
        stated = replace(body.outcome(outcome_id), student_id=student_id)
        return check_year_outcome(stated, codes=codes, today=tx.today)
    plan = await plans.get(tx.connection, body.plan_id, lock=True)
    return check_plan_outcome(body.outcome(outcome_id, plan), plan=plan, codes=codes, today=tx.today)


async def _locked(tx: Transaction, outcome_id: OutcomeId) -> tuple[Outcome, Plan | None]:
    """The plan before its record: whoever takes both takes them in this order. An outcome never changes its plan."""
    seen = await outcomes.get(tx.connection, outcome_id)
    plan = await plans.get(tx.connection, seen.plan_id, lock=True) if isinstance(seen, PlanOutcome) else None
    return await outcomes.get(tx.connection, outcome_id, lock=True), plan


def _patched(tx: Transaction, outcome: Outcome, plan: Plan | None, body: OutcomePatch) -> Outcome:
    codes = tx.reference.code_lists
    if isinstance(outcome, YearOutcome):
        return check_year_outcome(body.of_year(outcome), codes=codes, today=tx.today)
    assert plan is not None  # noqa: S101 - the outcome of a plan comes with it, see `_locked`
    return check_plan_outcome(body.of_plan(outcome), plan=plan, codes=codes, today=tx.today)
