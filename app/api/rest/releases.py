"""Sealed releases over REST: which there are, what they are made of, and what they cost. Their figures are asked of the statistics."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, Field

from app.api import releasing
from app.api.auth import MayReadReleases, MaySealReleases
from app.api.correlation import correlation_id
from app.api.problems import problems
from app.api.register import register_of
from app.api.texts import Line, Paragraph
from app.api.transactions import ReadTx
from app.db import releases, semesters
from app.domain.actors import Actor
from app.domain.deeds import Action, Deed
from app.domain.ids import ReleaseId
from app.domain.releases.release import Release

router = APIRouter(prefix="/v1/releases", tags=["closing and releases"])


class ReleaseNew(BaseModel, extra="forbid"):
    semester: Annotated[Line, Field(description="A semester that is closed.", examples=["2020-1"])]


class Withdrawal(BaseModel, extra="forbid"):
    reason: Annotated[
        Paragraph, Field(description="Told to everybody.", examples=["Hours of one school were recorded twice."])
    ]


class ReleaseOut(BaseModel):
    id: ReleaseId
    number: int = Field(description="Counts the releases there ever were.", examples=[4])
    semester: str = Field(examples=["2020-1"])
    sealed_on: date
    rho: Decimal = Field(
        description="What it tells of one student at most: its privacy cost by zero-concentrated differential privacy.",
        examples=["0.191684"],
    )
    spent: Decimal = Field(description="What all releases up to it cost together.", examples=["0.766736"])
    epsilon: Decimal = Field(
        description="The same cost as (epsilon, delta)-differential privacy, at `delta`.", examples=["3.0586"]
    )
    delta: Decimal = Field(examples=["0.000001"])
    withdrawn_on: date | None = Field(description="Since when nothing is answered from it.")
    withdrawal_reason: str | None

    @classmethod
    def of(cls, each: Release) -> "ReleaseOut":
        return cls.model_validate(shown(each))


class ReleaseWithDefinition(ReleaseOut):
    definition: dict[str, Any] = Field(
        description="What it is made of: its tables with the noise of each, the bounds of what one student gives, places and codes."
    )


def shown(each: Release) -> dict[str, Any]:
    return {
        "id": each.id,
        "number": each.number,
        "semester": str(each.semester),
        "sealed_on": each.sealed_on,
        "rho": each.rho,
        "spent": each.spent,
        "epsilon": each.epsilon.normalize(),
        "delta": f"{each.delta.normalize():f}",
        "withdrawn_on": each.withdrawn_on,
        "withdrawal_reason": each.withdrawal_reason,
    }


@router.get("", operation_id="list_releases", responses=problems())
async def list_releases(_actor: MayReadReleases, tx: ReadTx) -> list[ReleaseOut]:
    """All releases in the order in which they were sealed. A semester is answered from its last one that was not withdrawn."""
    return [ReleaseOut.of(each) for each in await releases.ledger.all_of_them(tx.connection)]


@router.post("", operation_id="seal_release", status_code=status.HTTP_201_CREATED, responses=problems(404, 409))
async def seal_release(actor: MaySealReleases, request: Request, body: ReleaseNew, response: Response) -> ReleaseOut:
    """Seal a release of a closed semester: figures with noise that is drawn once, for everybody outside the register. It takes up to a
    minute. It is never changed. Once the semester was reopened and closed again there may be another. Its cost is spent for good: beyond the ceiling there is none.
    """
    register = register_of(request)
    order = releasing.Order(
        semester=semesters.get(body.semester), today=register.today(), ceiling=register.release_ceiling
    )
    release = await releasing.build(
        register.database, register.reference, order, lambda made: _deed(actor, Action.SEAL, made.id)
    )
    response.headers["Location"] = f"/v1/releases/{release.id}"
    return ReleaseOut.of(release)


@router.get("/{release_id}", operation_id="get_release", responses=problems(404))
async def get_release(_actor: MayReadReleases, tx: ReadTx, release_id: ReleaseId) -> ReleaseWithDefinition:
    """One release, with all that was fixed before it was sealed."""
    found = await releases.ledger.get(tx.connection, release_id)
    return ReleaseWithDefinition.model_validate({**shown(found), "definition": found.definition})


@router.post("/{release_id}/withdrawal", operation_id="withdraw_release", responses=problems(404, 409))
async def withdraw_release(
    actor: MaySealReleases, request: Request, release_id: ReleaseId, body: Withdrawal
) -> ReleaseOut:
    """Answer nothing from it any more. What was read of it is known, so its cost stays spent. An earlier release of the semester that
    was not withdrawn is answered from again: withdraw that one, too, if it should not be.
    """
    register = register_of(request)
    withdrawn = await releasing.withdraw(
        register.database,
        release_id,
        on=register.today(),
        reason=body.reason,
        deed=_deed(actor, Action.WITHDRAW, release_id, body.reason),
    )
    return ReleaseOut.of(withdrawn)


def _deed(actor: Actor, action: Action, release_id: ReleaseId, reason: str | None = None) -> Deed:
    return Deed(
        actor=actor,
        action=action,
        noun="release",
        correlation_id=correlation_id(),
        record_id=str(release_id),
        reason=reason,
    )
