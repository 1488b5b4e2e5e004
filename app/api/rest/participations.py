"""Participations over REST: when an institution takes part in a programme, and under whose agreement."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status

from app.api.auth import MayReadInstitutions, MayWriteInstitutions
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.ids import InstitutionNumber, PartnerNumber
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.rest.participation_models import ParticipationNew, ParticipationOut, ParticipationPatch
from app.api.texts import Line
from app.api.transactions import ReadTx, Transaction, WriteTx
from app.db import institutions, participations, partners
from app.domain.deeds import Action
from app.domain.errors import Invalid, NotFound, Refused, violation
from app.domain.ids import ParticipationId
from app.domain.institutions import Institution
from app.domain.participations import Participation, check_participation, check_signatory

router = APIRouter(prefix="/v1/participations", tags=["participations"])


@router.get("", operation_id="list_participations", responses=problems())
async def list_participations(
    _actor: MayReadInstitutions,
    tx: ReadTx,
    pages: Pages,
    institution_id: InstitutionNumber | None = None,
    partner_id: PartnerNumber | None = None,
    on: Annotated[date | None, Query(description="Those in force on that day.", examples=["2021-01-15"])] = None,
    municipality: Annotated[
        Line | None,
        Query(description="ATVK code: the institution lies there on `on`, else today.", examples=["0038000"]),
    ] = None,
) -> Page[ParticipationOut]:
    """Participations in the order in which they were recorded."""
    found = await participations.page(
        tx.connection,
        institution_id=institution_id,
        partner_id=partner_id,
        on=on,
        located_in=None if municipality is None else (municipality, on or tx.today),
        after=pages.after,
        limit=pages.fetch,
    )
    return pages.page(found, ParticipationOut.of)


@router.post("", operation_id="create_participation", status_code=status.HTTP_201_CREATED, responses=problems(409))
async def create_participation(
    _actor: MayWriteInstitutions, tx: WriteTx, body: ParticipationNew, response: Response
) -> ParticipationOut:
    """Let an institution take part in a programme under a cooperation agreement."""
    participation = body.participation(ParticipationId(uuid4()))
    await _check_partner(tx, participation)
    try:
        institution = await institutions.get(tx.connection, participation.institution_id, lock=True)
    except NotFound as error:
        raise Invalid([violation("/institution_id", "unknown-institution", "There is no such institution.")]) from error
    await _check(tx, participation, institution)
    await participations.add(tx.connection, participation, tx.deed(Action.CREATE, "participation", participation))
    response.headers["Location"] = f"/v1/participations/{participation.id}"
    show_version(response, participation.version)
    return ParticipationOut.of(participation)


@router.get("/{participation_id}", operation_id="get_participation", responses=problems(404))
async def get_participation(
    _actor: MayReadInstitutions, tx: ReadTx, participation_id: ParticipationId, response: Response
) -> ParticipationOut:
    """One participation."""
    participation = await participations.get(tx.connection, participation_id)
    show_version(response, participation.version)
    return ParticipationOut.of(participation)


@router.patch("/{participation_id}", operation_id="update_participation", responses=problems(404, 409, 412, 428))
async def update_participation(
    _actor: MayWriteInstitutions,
    tx: WriteTx,
    participation_id: ParticipationId,
    seen: SeenVersion,
    body: ParticipationPatch,
    response: Response,
) -> ParticipationOut:
    """Change some fields by JSON merge patch (RFC 7396). `to` closes it; another partner or a reopening is a new participation."""
    participation, institution = await _locked(tx, participation_id)
    demand_version("participation", participation.version, seen)
    changed = replace(participation, **body.applied_to(participation))
    await _check(tx, changed, institution)
    if await participations.is_used_outside(tx.connection, participation, changed.period):
        raise Refused("Plans or support lie in the days that this would take away.", code="participation-in-use")
    saved = await participations.change(tx.connection, changed, tx.deed(Action.CHANGE, "participation", changed))
    show_version(response, saved.version)
    return ParticipationOut.of(saved)


@router.delete(
    "/{participation_id}",
    operation_id="delete_participation",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409, 412, 428),
)
async def delete_participation(
    _actor: MayWriteInstitutions, tx: WriteTx, participation_id: ParticipationId, seen: SeenVersion
) -> None:
    """Delete a participation that was recorded by mistake. One on which a plan hangs stays: close it instead."""
    participation, _ = await _locked(tx, participation_id)
    demand_version("participation", participation.version, seen)
    if await participations.is_used_outside(tx.connection, participation, None):
        raise Refused("A plan hangs on this participation: set its last day (to) instead.", code="participation-in-use")
    await participations.remove(tx.connection, participation, tx.deed(Action.DELETE, "participation", participation))


async def _locked(tx: Transaction, participation_id: ParticipationId) -> tuple[Participation, Institution]:
    """The institution is locked first, as for a new participation, so that no two changes of its periods run at once."""
    owner = (await participations.get(tx.connection, participation_id)).institution_id
    institution = await institutions.get(tx.connection, owner, lock=True)
    return await participations.get(tx.connection, participation_id, lock=True), institution


async def _check(tx: Transaction, participation: Participation, institution: Institution) -> None:
    programme = tx.reference.programmes[participation.programme]
    existing = await participations.of_institution(tx.connection, institution.id, programme.code)
    others = [each for each in existing if each.id != participation.id]
    check_participation(participation, institution=institution, programme=programme, others=others)


async def _check_partner(tx: Transaction, participation: Participation) -> None:
    if participation.programme not in tx.reference.programmes:
        raise Invalid([violation("/programme", "unknown-programme", f"No programme {participation.programme}.")])
    try:
        partner = await partners.get(tx.connection, participation.partner_id)
    except NotFound as error:
        raise Invalid([violation("/partner_id", "unknown-partner", "There is no such partner.")]) from error
    check_signatory(partner, participation.institution_id)
