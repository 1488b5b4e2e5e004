"""Risks over REST."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from app.api import recording
from app.api.auth import MayReadRecords, MayWriteStudents
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.ids import InstitutionNumber
from app.api.paging import Page, Pages
from app.api.patches import MergePatch, unchanged
from app.api.problems import problems
from app.api.texts import CodeOf, Line
from app.api.transactions import ReadTx, Transaction, WriteTx
from app.db import risks
from app.db.risks import RiskFilter
from app.domain.ids import InstitutionId, RiskId, StudentId
from app.domain.risks import IdentifiedBy, Risk, Severity

router = APIRouter(prefix="/v1/risks", tags=["risks"])

RiskCode = Annotated[
    Line,
    CodeOf("risks"),
    Field(description="A code of the list `risks`.", examples=["LANGUAGE_BARRIER"]),
]


class RiskFields(BaseModel, extra="forbid"):
    """What a risk says besides whose it is, and who has identified it."""

    type: RiskCode
    identified_on: date
    identified_by: IdentifiedBy
    severity: Severity
    resolved_on: date | None = None

    def of_student(self, student_id: StudentId, institution_id: InstitutionId, risk_id: RiskId) -> Risk:
        return Risk(
            id=risk_id,
            student_id=student_id,
            institution_id=institution_id,
            type=self.type,
            identified_on=self.identified_on,
            identified_by=self.identified_by,
            severity=self.severity,
            resolved_on=self.resolved_on,
        )


class RiskNew(RiskFields):
    student_id: StudentId
    institution_id: Annotated[InstitutionNumber, Field(description="The institution that identified it.")]


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


class RiskQuery(BaseModel):
    student_id: StudentId | None = None
    institution_id: InstitutionNumber | None = None
    type: Line | None = None
    open_only: bool = Field(default=False, description="Only risks that are not resolved.")

    def filter(self) -> RiskFilter:
        return RiskFilter(**self.model_dump())


@router.get("", operation_id="list_risks", responses=problems())
async def list_risks(
    _actor: MayReadRecords, tx: ReadTx, pages: Pages, asked: Annotated[RiskQuery, Query()]
) -> Page[RiskOut]:
    """Risks that you may see, in the order in which they were recorded."""
    found = await risks.page(tx.connection, asked.filter(), after=pages.after, limit=pages.fetch)
    return tx.saw("risk", pages.page(found, RiskOut.of))


@router.post("", operation_id="create_risk", status_code=status.HTTP_201_CREATED, responses=problems(404, 409))
async def create_risk(_actor: MayWriteStudents, tx: WriteTx, body: RiskNew, response: Response) -> RiskOut:
    """Record an identified risk of a student of your institution."""
    risk = await recording.risks.add(tx, body.of_student(body.student_id, body.institution_id, RiskId(uuid4())))
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
    risk = await _locked(tx, risk_id, seen)
    saved = await recording.risks.change(tx, replace(risk, **body.changes()))
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
    await recording.risks.remove(tx, await _locked(tx, risk_id, seen))


async def _locked(tx: Transaction, risk_id: RiskId, seen: int) -> Risk:
    risk = await recording.risks.locked(tx, risk_id)
    demand_version("risk", risk.version, seen)
    return risk
