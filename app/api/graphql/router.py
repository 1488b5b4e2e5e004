"""POST /graphql: one document or its hash, one answer. No batches, no GET: a document in an address would be in every log."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from graphql import GraphQLError
from pydantic import BaseModel, Field
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from app.api.auth import Authenticated
from app.api.correlation import correlation_id
from app.api.graphql.context import Context, new_context
from app.api.graphql.errors import presented
from app.api.graphql.requests import GraphQLRequest
from app.api.graphql.schema import schema
from app.api.graphql.sizes import check_variables
from app.api.problems import problems
from app.api.register import register_of
from app.db import audit
from app.domain.errors import Forbidden

MAX_BODY = 100_000
"""Bytes of document and variables."""

router = APIRouter(tags=["graphql"])


class GraphQLAnswer(BaseModel):
    data: dict[str, Any] | None = Field(
        default=None, description="As the document selects. Absent where nothing could be answered."
    )
    errors: list[dict[str, Any]] | None = Field(
        default=None,
        description="Each with message, path, and extensions: code, correlationId, and violations of the arguments.",
    )


@router.post(
    "/graphql",
    operation_id="query",
    summary="Ask a GraphQL query",
    response_model=GraphQLAnswer,
    responses=problems(),
    max_body_size=MAX_BODY,
)
async def query(body: GraphQLRequest, request: Request, actor: Authenticated) -> Response:
    """The schema is in `openapi/schema.graphql`. The answer is 200 as soon as the body is a GraphQL request; look for `errors` in it.
    Persisted queries are answered as `docs/graphql.md` tells.
    """
    register = register_of(request)
    context = new_context(register, actor, correlation_id())
    digest = body.digest
    answer: dict[str, Any]
    try:
        check_variables(body.variables)
        document = body.document if digest is None else register.operations.asked(body.query, digest, actor.subject)
        result = await schema.execute(
            document,
            variable_values=body.variables,
            context_value=context,
            operation_name=body.operationName,
            allowed_operation_types={OperationType.QUERY},
        )
    except (CannotGetOperationTypeError, InvalidOperationTypeError):
        error = GraphQLError("Name one operation of the document, and let it be a query.")
        answer = {"errors": [presented(error, context.correlation_id)]}
    except GraphQLError as error:
        answer = {"errors": [presented(error, context.correlation_id)]}
    else:
        unsound = isinstance(result, PreExecutionError)
        answer = {} if unsound else {"data": result.data}
        if digest is not None and not unsound:
            register.operations.learn(document, digest, actor.subject)
        if result.errors:
            answer["errors"] = [presented(each, context.correlation_id) for each in result.errors]
            _keep_refusals(context, result.errors)
    # What was read is kept before it is sent.
    await audit.append(context.database, context.deeds)
    return Response(orjson.dumps(answer), media_type="application/json", headers={"Cache-Control": "no-store"})


def _keep_refusals(context: Context, errors: list[GraphQLError]) -> None:
    for error in errors:
        if isinstance(error.original_error, Forbidden):
            context.refused(".".join(map(str, error.path or ())), error.original_error.code)
