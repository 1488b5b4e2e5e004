"""Who the register takes the caller for, and where that lets them see and act."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.api.auth import MayReadReference
from app.api.problems import problems
from app.api.register import register_of
from app.db import reach
from app.domain.actors import Level, Role
from app.domain.ids import InstitutionId, PartnerId
from app.domain.permissions import PERMISSIONS, Permission

router = APIRouter(prefix="/v1/me", tags=["me"])


class MyGrant(BaseModel):
    institution_id: InstitutionId
    to: date | None = Field(
        description="The last day on which you act for it, unless another grant follows. Null: until further notice.",
        examples=["2022-06-30"],
    )


class Me(BaseModel):
    subject: str = Field(examples=["coordinator-17"])
    role: Role
    level: Level
    permissions: list[Permission] = Field(description="What the role may do at all.")
    institution_ids: list[InstitutionId] | None = Field(
        description="The institutions whose records are open to you today. Null: not limited to institutions."
    )
    grants: list[MyGrant] | None = Field(
        description="Of a registered client: until when it acts for each of its institutions. Null: you are none."
    )
    partner_id: PartnerId | None = Field(description="Of a partner's coordinator.")
    region: str | None = Field(
        description="Of a regional coordinator: the planning region's code.", examples=["PR-VIDZEME"]
    )
    staff_member: str | None = Field(description="Of a support provider, who sees the plans it is named in.")


@router.get("", operation_id="get_me", responses=problems())
async def get_me(actor: MayReadReference, request: Request, response: Response) -> Me:
    """Your role, what it may do, and for which institutions today."""
    register = register_of(request)
    scope = await reach.for_records(
        register.database, actor, geography=register.reference.geography, today=register.today()
    )
    response.headers["Cache-Control"] = "no-store"
    everywhere = actor.level is Level.STATE
    return Me(
        subject=actor.subject,
        role=actor.role,
        level=actor.level,
        permissions=sorted(PERMISSIONS[actor.role]),
        institution_ids=None if everywhere else [InstitutionId(each) for each in scope.institution_ids],
        grants=None if actor.granted_until is None else _grants(actor.granted_until),
        partner_id=actor.partner_id,
        region=actor.region_code,
        staff_member=actor.staff_member,
    )


def _grants(granted_until: Mapping[InstitutionId, date | None]) -> list[MyGrant]:
    return [MyGrant(institution_id=each, to=last_day) for each, last_day in sorted(granted_until.items())]
