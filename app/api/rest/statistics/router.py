"""Statistics over REST. What GraphQL's `statistics` answers, for whoever works with addresses and tables."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response, status

from app.api.accepted import accepted
from app.api.auth import MayReadReference, MayReadStatistics
from app.api.exports import MEDIA_TYPES, AskedDelimiter
from app.api.languages import Language, asked_language
from app.api.problems import problems
from app.api.reference_route import CACHE_CONTROL, ReferenceRoute, is_known
from app.api.register import Register, register_of
from app.api.rest.statistics.columns import Table
from app.api.rest.statistics.explanation import definitions_of, explain
from app.api.rest.statistics.forms import Form, as_csv, as_json, as_ndjson, as_parquet
from app.api.rest.statistics.models import DefinitionsOut, ExplanationOut, StatisticsOut
from app.api.rest.statistics.parameters import described
from app.api.rest.statistics.places import at_their_parameters
from app.api.rest.statistics.question import read_question
from app.api.standings import Standing
from app.api.well_formed import check_address
from app.db.export_lines import Delimiter, Format
from app.db.statistics import answer
from app.domain.errors import Invalid
from app.domain.statistics.answer import Answer
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.names import Names
from app.domain.statistics.query import Query as Question

router = APIRouter(prefix="/v1/statistics", tags=["statistics"])
definitions_router = APIRouter(prefix="/v1/statistics", tags=["statistics"], route_class=ReferenceRoute)

_MEDIA_TYPES: Final = {
    Form.JSON: "application/json",
    Form.CSV: MEDIA_TYPES[Format.CSV],
    Form.NDJSON: MEDIA_TYPES[Format.NDJSON],
    Form.PARQUET: MEDIA_TYPES[Format.PARQUET],
}
_NAMED: Final = {media_type.partition(";")[0]: form for form, media_type in _MEDIA_TYPES.items()}
_VARY: Final = "Accept, Accept-Language, Authorization"
_CSV: Final = "\ufeffregion;region_name;students;delivered_hours\r\nPR-LATGALE;Latgale;1205;10432,50\r\n"
_ANSWER: Final[dict[str, Any]] = {
    "description": (
        "Exact figures within your scope, or those of releases, in the order asked for. As a table every code, name and number has a column, and rows of"
        " totals and subtotals say so in the column `row`."
    ),
    "headers": {
        "ETag": {
            "description": "Of the data behind it: another one as soon as they change.",
            "schema": {"type": "string"},
        },
        "Link": {"description": "The next page, where there is one (`rel=next`).", "schema": {"type": "string"}},
    },
    "content": {
        "application/json": {
            "schema": {
                "anyOf": [
                    {"$ref": "#/components/schemas/StatisticsOut"},
                    {"$ref": "#/components/schemas/ExplanationOut"},
                ]
            }
        },
        "text/csv": {"schema": {"type": "string"}, "example": _CSV},
        "application/x-ndjson": {"schema": {"type": "string"}},
        "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    form: Form
    delimiter: Delimiter
    language: Language


async def _layout(
    request: Request,
    form: Annotated[
        Form | None,
        Query(alias="format", description="Unless given, what `Accept` names of the four; JSON if it names none."),
    ] = None,
    delimiter: AskedDelimiter = Delimiter.SEMICOLON,
) -> Layout:
    chosen = form or accepted(request.headers.get("accept", ""), _NAMED) or Form.JSON
    return Layout(form=chosen, delimiter=delimiter, language=asked_language())


@contextmanager
def _at_parameters() -> Iterator[None]:
    try:
        yield
    except Invalid as error:
        raise at_their_parameters(error) from error


async def _question(request: Request) -> Question:
    try:
        question = read_question(request.query_params.multi_items(), register_of(request).reference)
    except Invalid as error:
        check_address(request, also=error.violations)
        raise
    check_address(request)
    return question


@router.get(
    "",
    operation_id="ask_statistics",
    response_class=Response,
    responses={
        200: {**_ANSWER, "model": StatisticsOut | ExplanationOut},
        304: {"description": "You have it already: see If-None-Match."},
        **problems(),
    },
    openapi_extra={"parameters": described()},
)
async def ask_statistics(
    actor: MayReadStatistics,
    request: Request,
    question: Annotated[Question, Depends(_question)],
    layout: Annotated[Layout, Depends(_layout)],
    explained: Annotated[
        bool,
        Query(
            alias="explain", description="Tells what the question means and how it is answered, in place of figures."
        ),
    ] = False,
    if_none_match: Annotated[
        str | None, Header(description="ETags of the answers that you have.", examples=['"6bd0cf0a"'])
    ] = None,
) -> Response:
    """Figures by any grouping and filter. The state sees the country, a municipality or an institution its own. Analysts, evaluators
    and the ministry are answered from sealed releases of the semesters that the question covers: every figure with its standard error, small
    ones not told; what releases do not have is refused, and the refusal tells what they have. Students are asked of one semester or by
    SEMESTER there, and they are among the measures unless others are named.
    """
    register = register_of(request)
    # Before anything is read: what is newer than its tag does no harm.
    standing = await register.standings.of(actor, register.today())
    if explained:
        with _at_parameters():
            told = await explain(register, standing, question)
        return Response(told.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})
    tag = standing.tag(_told(request, layout))
    headers = {"ETag": f'"{tag}"', "Cache-Control": CACHE_CONTROL, "Vary": _VARY}
    if if_none_match is not None and is_known(request.headers.getlist("if-none-match"), f'"{tag}"'):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    with _at_parameters():
        kept = await register.answers.of(tag, lambda: _made(register, standing, question, layout))
    assert kept is not None  # noqa: S101 - it is always made, or an error is raised
    cursor, _, body = kept.partition(b"\n")
    if cursor:
        headers["Link"] = f'<{_next(request, cursor.decode())}>; rel="next"'
    if layout.form is not Form.JSON:
        headers["Content-Disposition"] = f'attachment; filename="statistics-{standing.today}.{layout.form}"'
    return Response(body, media_type=_MEDIA_TYPES[layout.form], headers=headers)


def _told(request: Request, layout: Layout) -> bytes:
    """All that the answer depends on besides who asks."""
    asked = sorted(request.query_params.multi_items(), key=lambda each: each[0])
    return orjson.dumps(["rest", layout.form, layout.delimiter, layout.language, asked])


async def _made(register: Register, standing: Standing, question: Question, layout: Layout) -> bytes:
    """The answer in its form, after a line with the cursor of the next page."""
    async with register.database.transaction(standing.scope, read_only=True, snapshot=True) as connection:
        found = await answer(
            connection, question, reference=register.reference, scope=standing.scope, today=standing.today
        )
    names = Names(reference=register.reference, scheme=question.scheme)
    # In a thread: thousands of groups take a second or more, in which nobody else would be answered.
    body = await asyncio.to_thread(_written, question, found, names, layout)
    cursor = found.end_cursor if found.has_next and found.end_cursor else ""
    return cursor.encode() + b"\n" + body


def _written(question: Question, found: Answer, names: Names, layout: Layout) -> bytes:
    table = Table(question, found, names, layout.language)
    match layout.form:
        case Form.JSON:
            return as_json(question, found, names, layout.language)
        case Form.CSV:
            return as_csv(table, layout.delimiter)
        case Form.NDJSON:
            return as_ndjson(table)
        case Form.PARQUET:
            return as_parquet(table)


def _next(request: Request, cursor: str) -> str:
    asked = [each for each in request.query_params.multi_items() if each[0] != "after"]
    return f"{request.url.path}?{urlencode([*asked, ('after', cursor)])}"


@definitions_router.get("/definitions", operation_id="get_statistics_definitions", responses=problems(304))
async def get_statistics_definitions(
    _actor: MayReadReference,
    measures: Annotated[list[Measure] | None, Query(description="All of them, unless some are named.")] = None,
    dimensions: Annotated[list[Dimension] | None, Query(description="All of them, unless some are named.")] = None,
) -> DefinitionsOut:
    """What each measure counts and each dimension groups by, in Latvian and English: the catalogue, or what of it is asked for. If
    either is named, the other one is left out unless it is named as well.
    """
    if measures is None and dimensions is None:
        return definitions_of(list(Measure), list(Dimension))
    return definitions_of(measures or [], dimensions or [])
