"""Institutions over REST. Everybody with a token reads them; the authority writes them."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from app.api.auth import MayReadInstitutions, MayWriteInstitutions
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.ids import InstitutionNumber
from app.api.numbered_paging import NumberedPages
from app.api.paging import Page
from app.api.problems import problems
from app.api.rest.institution_filter import InstitutionFilter
from app.api.rest.institution_models import InstitutionNew, InstitutionOut, InstitutionPatch
from app.api.transactions import ReadTx, Transaction, WriteTx
from app.db import institution_search, institutions, participations
from app.domain.deeds import Action
from app.domain.errors import Invalid, Refused, violation
from app.domain.ids import InstitutionId
from app.domain.institutions import Institution, check_institution
from app.domain.participations import check_life

router = APIRouter(prefix="/v1/institutions", tags=["institutions"])

On = Annotated[date | None, Query(description="The day of the borders; today unless given.", examples=["2021-06-30"])]


@router.get("", operation_id="list_institutions", responses=problems())
async def list_institutions(
    _actor: MayReadInstitutions,
    tx: ReadTx,
    pages: NumberedPages,
    asked: Annotated[InstitutionFilter, Depends()],
) -> Page[InstitutionOut]:
    """Institutions in Latvian alphabetical order."""
    geography = tx.reference.geography
    wanted = asked.wanted(geography, tx.today)
    found = await institution_search.page(tx.connection, wanted, after=pages.after, limit=pages.fetch)
    return pages.page(found, lambda each: InstitutionOut.of(each, geography, wanted.on))


@router.post("", operation_id="create_institution", status_code=status.HTTP_201_CREATED, responses=problems(409))
async def create_institution(
    _actor: MayWriteInstitutions, tx: WriteTx, body: InstitutionNew, response: Response
) -> InstitutionOut:
    """Add a school or a vocational institution, with its registration numbers and where it has lain."""
    unborn = InstitutionId(0)
    institution = check_institution(body.institution(unborn), tx.reference.geography)
    await _demand_successor(tx, institution)
    added = await institutions.add(tx.connection, institution, tx.deed(Action.CREATE, "institution", institution))
    response.headers["Location"] = f"/v1/institutions/{added.id}"
    show_version(response, added.version)
    return InstitutionOut.of(added, tx.reference.geography, tx.today)


@router.get("/{institution_id}", operation_id="get_institution", responses=problems(404))
async def get_institution(
    _actor: MayReadInstitutions, tx: ReadTx, institution_id: InstitutionNumber, response: Response, on: On = None
) -> InstitutionOut:
    """One institution: its whole past, and where it lies on the day asked."""
    institution = await institutions.get(tx.connection, institution_id)
    show_version(response, institution.version)
    return InstitutionOut.of(institution, tx.reference.geography, on or tx.today)


@router.patch("/{institution_id}", operation_id="update_institution", responses=problems(404, 409, 412, 428))
async def update_institution(
    _actor: MayWriteInstitutions,
    tx: WriteTx,
    institution_id: InstitutionNumber,
    seen: SeenVersion,
    body: InstitutionPatch,
    response: Response,
) -> InstitutionOut:
    """Change some fields by JSON merge patch (RFC 7396). To close one, end its participations first, then set `closed_on`."""
    institution = await institutions.get(tx.connection, institution_id, lock=True)
    demand_version("institution", institution.version, seen)
    changed = check_institution(replace(institution, **body.changes()), tx.reference.geography)
    await _demand_successor(tx, changed)
    check_life(changed, await participations.of_institution(tx.connection, institution_id))
    saved = await institutions.change(tx.connection, changed, tx.deed(Action.CHANGE, "institution", changed))
    show_version(response, saved.version)
    return InstitutionOut.of(saved, tx.reference.geography, tx.today)


@router.delete(
    "/{institution_id}",
    operation_id="delete_institution",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
async def delete_institution(_actor: MayWriteInstitutions, tx: WriteTx, institution_id: InstitutionNumber) -> None:
    """Always refused: what happened at an institution stays. Close it instead."""
    await institutions.get(tx.connection, institution_id)
    raise Refused("An institution is never deleted: set closed_on instead.", code="institution-stays")


async def _demand_successor(tx: Transaction, institution: Institution) -> None:
    wanted = institution.merged_into
    if wanted is not None and not await institutions.of_ids(tx.connection, [wanted]):
        raise Invalid([violation("/merged_into", "unknown-institution", f"There is no institution {wanted}.")])
