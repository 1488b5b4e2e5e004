"""POST /graphql: one document or its hash, one answer. No batches, no GET: a document in an address would be in every log."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from app.api.auth import Authenticated, authenticated, bearer
from app.api.correlation import correlation_id
from app.api.graphql.answering import answer, answer_question
from app.api.graphql.context import new_context
from app.api.graphql.known_questions import Question
from app.api.graphql.requests import GraphQLRequest
from app.api.problems import problems
from app.api.register import register_of

MAX_BODY = 100_000
"""Bytes of document and variables."""


class KnownBodies(APIRoute):
    """What is known again by its bytes has been found in order before, so it goes past all that would find so once more. Who asks, and
    how often, is asked as ever.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        unknown = super().get_route_handler()

        async def handle(request: Request) -> Response:
            question = await _known(request)
            if question is None:
                return await unknown(request)
            actor = await authenticated(request, await bearer(request))
            context = new_context(register_of(request), actor, correlation_id())
            return _response((await answer_question(context, question)).body)

        return handle


async def _known(request: Request) -> Question | None:
    length = request.headers.get("content-length", "")
    if request.scope["query_string"] or request.headers.get("content-type") != "application/json":
        return None
    # Only of a declared size: the server reads no more than that.
    if not length.isdecimal() or int(length) > MAX_BODY:
        return None
    return register_of(request).questions.find(await request.body())


router = APIRouter(tags=["graphql"], route_class=KnownBodies)


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
    answered = await answer(new_context(register, actor, correlation_id()), body)
    # By a hash that was not registered, each caller asks for its own documents alone.
    if answered.question is not None and (body.digest is None or body.digest in register.operations.by_hash):
        register.questions.keep(await request.body(), answered.question)
    return _response(answered.body)


def _response(body: bytes) -> Response:
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
