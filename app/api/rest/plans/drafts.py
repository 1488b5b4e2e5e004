"""Plans over REST: the draft, and what it contains. The steps of its life are in `steps`."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status

from app.api.auth import MayReadRecords, MayWritePlans
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.ids import InstitutionNumber
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.rest.plans.models import PlanNew, PlanOut, PlanPatch, SemesterCode
from app.api.texts import Line
from app.api.transactions import ReadTx, Transaction, WriteTx
from app.db import enrolments, plans, risks
from app.domain.calendar import Semester
from app.domain.deeds import Action
from app.domain.errors import Violation, check, violation
from app.domain.ids import PlanId, StudentId
from app.domain.periods import Period
from app.domain.plans import Content, Plan, PlanState, check_continuation, check_enrolment_lasts, check_plan

router = APIRouter(prefix="/v1/plans", tags=["plans"])


@router.get("", operation_id="list_plans", responses=problems())
async def list_plans(
    _actor: MayReadRecords,
    tx: ReadTx,
    pages: Pages,
    student_id: StudentId | None = None,
    institution_id: InstitutionNumber | None = None,
    semester: SemesterCode | None = None,
    state: PlanState | None = None,
    code: Annotated[Line | None, Query(examples=["IAP-2021-1-4QX7ZK2M"])] = None,
) -> Page[PlanOut]:
    """Plans that you may see, in the order in which they were made."""
    found = await plans.page(
        tx.connection,
        student_id=student_id,
        institution_id=institution_id,
        semester=semester,
        state=state,
        code=code,
        after=pages.after,
        limit=pages.fetch,
    )
    return tx.saw("plan", pages.page(found, PlanOut.of))


@router.post("", operation_id="create_plan", status_code=status.HTTP_201_CREATED, responses=problems(404, 409))
async def create_plan(_actor: MayWritePlans, tx: WriteTx, body: PlanNew, response: Response) -> PlanOut:
    """Draft a plan for a student whose enrolment at your institution has no end. Nothing is asked of anybody until it is submitted."""
    enrolment = await enrolments.get(tx.connection, body.enrolment_id, lock=True)
    check(_unknown(tx, body))
    semester = Semester.parse(body.semester)
    plan = Plan(
        id=PlanId(uuid4()),
        student_id=enrolment.student_id,
        institution_id=enrolment.institution_id,
        enrolment_id=enrolment.id,
        programme=body.programme,
        semester=semester,
        period=Period(body.first_day or semester.start, body.last_day or semester.end),
        content=body.content(),
        consent=body.consent.consent(),
        providers=tuple(sorted(set(body.providers))),
        continues=body.continues,
    )
    await _check(tx, plan)
    await plans.add(tx.connection, plan, tx.deed(Action.CREATE, "plan", plan))
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
    plan = await plans.get(tx.connection, plan_id, lock=True)
    demand_version("plan", plan.version, seen)
    changed = _patched(plan, body)
    await _check(tx, changed)
    saved = await plans.change(tx.connection, changed, tx.deed(Action.CHANGE, "plan", plan), content=True)
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
    plan = await plans.get(tx.connection, plan_id, lock=True)
    demand_version("plan", plan.version, seen)
    plan.demand_deletable()
    await plans.remove(tx.connection, plan, tx.deed(Action.DELETE, "plan", plan))


def _patched(plan: Plan, body: PlanPatch) -> Plan:
    sent = body.model_fields_set
    content = Content(
        risk_ids=tuple(body.risk_ids) if "risk_ids" in sent else plan.content.risk_ids,
        planned_measures=tuple(each.measure() for each in body.planned_measures)
        if "planned_measures" in sent
        else plan.content.planned_measures,
    )
    edited = plan.edit(
        content,
        body.consent.consent() if "consent" in sent else plan.consent,
        tuple(sorted(set(body.providers))) if "providers" in sent else plan.providers,
        Period(
            body.first_day if "first_day" in sent else plan.period.start,
            body.last_day if "last_day" in sent else plan.period.end,
        ),
    )
    return replace(edited, continues=body.continues if "continues" in sent else plan.continues)


def _unknown(tx: Transaction, body: PlanNew) -> Iterable[Violation]:
    if body.programme not in tx.reference.programmes:
        yield violation("/programme", "unknown-code", f"No programme {body.programme}.")
    if body.semester not in {str(each) for each in tx.reference.semesters}:
        yield violation("/semester", "unknown-code", f"No semester {body.semester}.")


async def _check(tx: Transaction, plan: Plan) -> None:
    enrolment = await enrolments.get(tx.connection, plan.enrolment_id)
    check_enrolment_lasts(enrolment)
    known = await risks.of_students(tx.connection, [plan.student_id])
    check_plan(plan, enrolment=enrolment, risk_ids=frozenset(each.id for each in known), codes=tx.reference.code_lists)
    if plan.continues is not None:
        check_continuation(plan, await plans.get(tx.connection, plan.continues))
