"""From a request to the bytes of its answer: one for all who are told the same, or the caller's own."""

from dataclasses import dataclass
from typing import Any, Final

import orjson
from graphql import GraphQLError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from app.api.graphql.context import Context
from app.api.graphql.errors import presented
from app.api.graphql.guards import admitted
from app.api.graphql.known_questions import Question
from app.api.graphql.questions import name_of
from app.api.graphql.requests import GraphQLRequest
from app.api.graphql.schema import schema
from app.api.graphql.sizes import check_variables
from app.db import audit
from app.domain.errors import Forbidden
from app.domain.permissions import PERMISSIONS, Permission

QUERIES: Final = frozenset({OperationType.QUERY})


@dataclass(frozen=True, slots=True)
class Answered:
    """`question`: what it was, if it was one to the statistics alone and has been answered without an error."""

    body: bytes
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class _Executed:
    """`sound`: the document could be executed; `faultless`: and there are no errors."""

    body: bytes
    sound: bool
    faultless: bool


async def answer(context: Context, asked: GraphQLRequest) -> Answered:
    """What was read is in the audit when this returns."""
    try:
        check_variables(asked.variables)
        text = _text(context, asked)
        document = admitted(text, schema._schema, context)  # noqa: SLF001 - strawberry offers no other way
    except GraphQLError as error:
        return Answered(_errors(context, error))
    if document.statistics_alone:
        return await answer_question(
            context, Question(asked, text, name_of(text, asked.variables, asked.operationName))
        )
    return Answered(await _own(context, text, asked))


async def answer_question(context: Context, question: Question) -> Answered:
    """Of a document that the caller may ask: executed once for all who stand at the same place.

    Not where there is an error: it is told with an id of the request, and refusals are in the audit under the name of who was refused.
    """
    if Permission.READ_STATISTICS not in PERMISSIONS[context.actor.role]:
        return Answered(await _own(context, question.text, question.asked))
    executed: _Executed | None = None

    async def make() -> bytes | None:
        nonlocal executed
        executed = await _execute(context, question.text, question.asked)
        return executed.body if executed.faultless else None

    standing = await context.register.standings.of(context.actor, context.today)
    context.statistics.within(standing.scope)
    body = await context.register.answers.of(standing.tag(question.name), make)
    if body is None:
        return Answered(await _own(context, question.text, question.asked, executed))
    _learn(context, question.text, question.asked)
    return Answered(body, question)


async def _own(context: Context, text: str, asked: GraphQLRequest, executed: _Executed | None = None) -> bytes:
    executed = executed or await _execute(context, text, asked)
    if executed.sound:
        _learn(context, text, asked)
    await audit.append(context.database, context.deeds)
    return executed.body


async def _execute(context: Context, text: str, asked: GraphQLRequest) -> _Executed:
    try:
        result = await schema.execute(
            text,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operationName,
            allowed_operation_types=QUERIES,
        )
    except (CannotGetOperationTypeError, InvalidOperationTypeError):
        error = GraphQLError("Name one operation of the document, and let it be a query.")
        return _Executed(_errors(context, error), sound=False, faultless=False)
    sound = not isinstance(result, PreExecutionError)
    told: dict[str, Any] = {"data": result.data} if sound else {}
    if result.errors:
        told["errors"] = [presented(each, context.correlation_id) for each in result.errors]
        _keep_refusals(context, result.errors)
    return _Executed(orjson.dumps(told), sound=sound, faultless=sound and not result.errors)


def _text(context: Context, asked: GraphQLRequest) -> str:
    """Raises GraphQLError, and Invalid where there is none."""
    digest = asked.digest
    if digest is None:
        return asked.document
    return context.register.operations.asked(asked.query, digest, context.actor.subject)


def _learn(context: Context, text: str, asked: GraphQLRequest) -> None:
    digest = asked.digest
    if digest is not None:
        context.register.operations.learn(text, digest, context.actor.subject)


def _errors(context: Context, error: GraphQLError) -> bytes:
    return orjson.dumps({"errors": [presented(error, context.correlation_id)]})


def _keep_refusals(context: Context, errors: list[GraphQLError]) -> None:
    for error in errors:
        if isinstance(error.original_error, Forbidden):
            context.refused(".".join(map(str, error.path or ())), error.original_error.code)
