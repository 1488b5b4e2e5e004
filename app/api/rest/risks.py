"""Risks over REST."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from app.api.auth import MayReadRecords, MayWriteStudents
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.ids import InstitutionNumber
from app.api.paging import Page, Pages
from app.api.patches import MergePatch, unchanged
from app.api.problems import problems
from app.api.texts import Line
from app.api.transactions import ReadTx, WriteTx
from app.db import risks, students
from app.domain.deeds import Action
from app.domain.errors import Refused
from app.domain.ids import RiskId, StudentId
from app.domain.risks import IdentifiedBy, Risk, Severity, check_risk

router = APIRouter(prefix="/v1/risks", tags=["risks"])

RiskCode = Annotated[Line, Field(description="A code of the list `risks`.", examples=["LANGUAGE_BARRIER"])]


class RiskNew(BaseModel, extra="forbid"):
    student_id: StudentId
    institution_id: Annotated[InstitutionNumber, Field(description="The institution that identified it.")]
    type: RiskCode
    identified_on: date
    identified_by: IdentifiedBy
    severity: Severity
    resolved_on: date | None = None


class RiskPatch(MergePatch):
    type: RiskCode = unchanged()
    identified_on: date = unchanged()
    identified_by: IdentifiedBy = unchanged()
    severity: Severity = unchanged()
    resolved_on: date | None = unchanged()


class RiskOut(RiskNew):
    id: RiskId
    version: int

    @classmethod
    def of(cls, each: Risk) -> "RiskOut":
        return cls.model_validate(each, from_attributes=True)


@router.get("", operation_id="list_risks", responses=problems())
async def list_risks(
    _actor: MayReadRecords,
    tx: ReadTx,
    pages: Pages,
    student_id: StudentId | None = None,
    institution_id: InstitutionNumber | None = None,
    risk_type: Annotated[Line | None, Query(alias="type")] = None,
    open_only: Annotated[bool, Query(description="Only risks that are not resolved.")] = False,
) -> Page[RiskOut]:
    """Risks that you may see, in the order in which they were recorded."""
    found = await risks.page(
        tx.connection,
        student_id=student_id,
        institution_id=institution_id,
        risk_type=risk_type,
        open_only=open_only,
        after=pages.after,
        limit=pages.fetch,
    )
    return tx.saw("risk", pages.page(found, RiskOut.of))


@router.post("", operation_id="create_risk", status_code=status.HTTP_201_CREATED, responses=problems(404, 409))
async def create_risk(_actor: MayWriteStudents, tx: WriteTx, body: RiskNew, response: Response) -> RiskOut:
    """Record an identified risk of a student of your institution."""
    student_id = await students.demand_own(tx.connection, body.student_id, body.institution_id)
    stated = body.model_dump() | {"student_id": student_id}
    risk = check_risk(Risk(id=RiskId(uuid4()), **stated), codes=tx.reference.code_lists, today=tx.today)
    await risks.add(tx.connection, risk, tx.deed(Action.CREATE, "risk", risk))
    response.headers["Location"] = f"/v1/risks/{risk.id}"
    show_version(response, risk.version)
    return RiskOut.of(risk)


@router.get("/{risk_id}", operation_id="get_risk", responses=problems(404))
async def get_risk(_actor: MayReadRecords, tx: ReadTx, risk_id: RiskId, response: Response) -> RiskOut:
    """One risk."""
    risk = tx.saw("risk", await risks.get(tx.connection, risk_id))
    show_version(response, risk.version)
    return RiskOut.of(risk)


@router.patch("/{risk_id}", operation_id="update_risk", responses=problems(404, 412, 428))
async def update_risk(
    _actor: MayWriteStudents, tx: WriteTx, risk_id: RiskId, seen: SeenVersion, body: RiskPatch, response: Response
) -> RiskOut:
    """Change some fields by JSON merge patch (RFC 7396); `resolved_on: null` reopens the risk."""
    risk = await risks.get(tx.connection, risk_id, lock=True)
    demand_version("risk", risk.version, seen)
    changed = check_risk(replace(risk, **body.changes()), codes=tx.reference.code_lists, today=tx.today)
    saved = await risks.change(tx.connection, changed, tx.deed(Action.CHANGE, "risk", changed))
    show_version(response, saved.version)
    return RiskOut.of(saved)


@router.delete(
    "/{risk_id}",
    operation_id="delete_risk",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409, 412, 428),
)
async def delete_risk(_actor: MayWriteStudents, tx: WriteTx, risk_id: RiskId, seen: SeenVersion) -> None:
    """Delete a risk that was recorded by mistake. One that a plan answers stays: resolve it instead."""
    risk = await risks.get(tx.connection, risk_id, lock=True)
    demand_version("risk", risk.version, seen)
    if await risks.is_answered(tx.connection, risk):
        raise Refused("A plan answers this risk: it cannot be deleted. Set resolved_on instead.", code="risk-in-use")
    await risks.remove(tx.connection, risk, tx.deed(Action.DELETE, "risk", risk))
