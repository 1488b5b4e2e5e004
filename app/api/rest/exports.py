"""Exports over REST: all records of a noun that the caller may see, as a table, with types or without, or one a line, streamed."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.accepted import accepted
from app.api.auth import MayReadRecords
from app.api.exports import MEDIA_TYPES, AskedDelimiter, export
from app.api.problems import problems
from app.api.register import register_of
from app.api.rest.enrolment_models import EnrolmentQuery
from app.api.rest.intervention_models import InterventionQuery
from app.api.rest.outcome_models import OutcomeQuery
from app.api.rest.plans.models import PlanQuery
from app.api.rest.risks import RiskQuery
from app.db import tables
from app.db.export_lines import Delimiter, Format, Layout, Wanted

router = APIRouter(prefix="/v1", tags=["exports"])

_CSV: Final = (
    "\ufeffid;student_id;institution_id;type;identified_on;identified_by;severity;resolved_on;version\r\n"
    "0197a3f0-5b1c-7c43-8a2e-5d1f0c9b7e21;5f0c1d7e-3b0a-4a52-9c38-7d1f4e6a2b90;12;BULLYING;2021-09-10;TEACHER;MEDIUM;;1\r\n"
)
_NDJSON: Final = '{"id":"0197a3f0-5b1c-7c43-8a2e-5d1f0c9b7e21","student_id":"5f0c1d7e-3b0a-4a52-9c38-7d1f4e6a2b90","institution_id":12,"version":1}\n'
_ANSWER: Final[dict[str, Any]] = {
    "description": (
        "CSV by RFC 4180, in UTF-8 with a byte order mark; as `application/x-ndjson`, what the address of each record answers, one a line;"
        " or, as `application/vnd.apache.parquet`, the columns of CSV with types: days, decimals, whole numbers, and codes from a"
        " dictionary. It is whole only if the connection was not broken off."
    ),
    "content": {
        "text/csv": {"schema": {"type": "string"}, "example": _CSV},
        "application/x-ndjson": {"schema": {"type": "string"}, "example": _NDJSON},
        "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
    },
}
_NAMED: Final = {media_type.partition(";")[0]: form for form, media_type in MEDIA_TYPES.items()}
_SAID: Final[dict[str, Any]] = {"response_class": Response, "responses": {200: _ANSWER, **problems(409, 503)}}


async def _layout(
    request: Request,
    form: Annotated[
        Format | None,
        Query(alias="format", description="Unless given, what `Accept` names of the three; CSV if it names none."),
    ] = None,
    delimiter: AskedDelimiter = Delimiter.SEMICOLON,
) -> Layout:
    chosen = form or accepted(request.headers.get("accept", ""), _NAMED) or Format.CSV
    return Layout(format=chosen, delimiter=delimiter)


AskedLayout = Annotated[Layout, Depends(_layout)]


@router.get("/enrolments/export", operation_id="export_enrolments", **_SAID)
async def export_enrolments(
    actor: MayReadRecords, request: Request, layout: AskedLayout, asked: Annotated[EnrolmentQuery, Query()]
) -> Response:
    """All enrolments that you may see, in no order. In CSV, text that a spreadsheet would calculate has an apostrophe before it."""
    return await export(
        request, actor, Wanted(table=tables.enrolment, where=list(asked.filter().where()), layout=layout)
    )


@router.get("/risks/export", operation_id="export_risks", **_SAID)
async def export_risks(
    actor: MayReadRecords, request: Request, layout: AskedLayout, asked: Annotated[RiskQuery, Query()]
) -> Response:
    """All risks that you may see, in no order."""
    return await export(request, actor, Wanted(table=tables.risk, where=list(asked.filter().where()), layout=layout))


@router.get("/plans/export", operation_id="export_plans", **_SAID)
async def export_plans(
    actor: MayReadRecords, request: Request, layout: AskedLayout, asked: Annotated[PlanQuery, Query()]
) -> Response:
    """All plans that you may see, in no order. In CSV, lists and parts of a plan are JSON in their cell; so is a revision."""
    return await export(request, actor, Wanted(table=tables.plan, where=list(asked.filter().where()), layout=layout))


@router.get("/interventions/export", operation_id="export_interventions", **_SAID)
async def export_interventions(
    actor: MayReadRecords, request: Request, layout: AskedLayout, asked: Annotated[InterventionQuery, Query()]
) -> Response:
    """All interventions that you may see, in no order. In CSV, text that a spreadsheet would calculate has an apostrophe before it."""
    where = list(asked.filter(register_of(request).reference).where())
    return await export(request, actor, Wanted(table=tables.intervention, where=where, layout=layout))


@router.get("/outcomes/export", operation_id="export_outcomes", **_SAID)
async def export_outcomes(
    actor: MayReadRecords, request: Request, layout: AskedLayout, asked: Annotated[OutcomeQuery, Query()]
) -> Response:
    """All outcomes that you may see, in no order. In CSV both kinds have all columns; lists are JSON in their cell, and text that a
    spreadsheet would calculate has an apostrophe before it.
    """
    return await export(request, actor, Wanted(table=tables.outcome, where=list(asked.filter().where()), layout=layout))
