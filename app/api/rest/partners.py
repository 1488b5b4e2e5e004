"""Partners over REST: who signs cooperation agreements."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from app.api.auth import MayReadInstitutions, MayWriteInstitutions
from app.api.ids import InstitutionNumber, PartnerNumber
from app.api.numbered_paging import NumberedPages
from app.api.paging import Page
from app.api.problems import problems
from app.api.texts import Line
from app.api.transactions import ReadTx, WriteTx
from app.db import institutions, partners
from app.domain.deeds import Action
from app.domain.errors import Invalid, Refused, violation
from app.domain.ids import InstitutionId, PartnerId
from app.domain.participations import Partner, check_partner

router = APIRouter(prefix="/v1/partners", tags=["partners"])

Municipality = Annotated[Line, Field(description="ATVK code, of today or of the past.", examples=["0038000"])]


class PartnerNew(BaseModel, extra="forbid"):
    """A municipality, or an institution that signs for itself: exactly one of the two."""

    municipality: Municipality | None = None
    institution_id: InstitutionNumber | None = None


class PartnerOut(BaseModel):
    id: PartnerId
    municipality: str | None
    institution_id: InstitutionId | None

    @classmethod
    def of(cls, each: Partner) -> "PartnerOut":
        return cls.model_validate(each, from_attributes=True)


@router.get("", operation_id="list_partners", responses=problems())
async def list_partners(
    _actor: MayReadInstitutions,
    tx: ReadTx,
    pages: NumberedPages,
    municipality: Annotated[Line | None, Query(description="ATVK code.", examples=["0038000"])] = None,
    institution_id: InstitutionNumber | None = None,
) -> Page[PartnerOut]:
    """Partners in the order in which they were recorded."""
    found = await partners.page(
        tx.connection, municipality=municipality, institution_id=institution_id, after=pages.after, limit=pages.fetch
    )
    return pages.page(found, PartnerOut.of)


@router.post("", operation_id="create_partner", status_code=status.HTTP_201_CREATED, responses=problems(409))
async def create_partner(_actor: MayWriteInstitutions, tx: WriteTx, body: PartnerNew, response: Response) -> PartnerOut:
    """Add a partner. There is one for each municipality and each institution: a second one is refused."""
    partner = check_partner(Partner(id=PartnerId(0), **body.model_dump()), geography=tx.reference.geography)
    if partner.institution_id is not None and not await institutions.of_ids(tx.connection, [partner.institution_id]):
        raise Invalid([violation("/institution_id", "unknown-institution", "There is no such institution.")])
    found = await partners.page(
        tx.connection, municipality=partner.municipality, institution_id=partner.institution_id, after=None, limit=1
    )
    if found:
        raise Refused(f"This partner exists: it is number {found[0].id}.", code="partner-exists")
    added = await partners.add(tx.connection, partner, tx.deed(Action.CREATE, "partner", partner))
    response.headers["Location"] = f"/v1/partners/{added.id}"
    return PartnerOut.of(added)


@router.get("/{partner_id}", operation_id="get_partner", responses=problems(404))
async def get_partner(_actor: MayReadInstitutions, tx: ReadTx, partner_id: PartnerNumber) -> PartnerOut:
    """One partner."""
    return PartnerOut.of(await partners.get(tx.connection, partner_id))
