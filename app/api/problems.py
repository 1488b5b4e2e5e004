"""Errors as RFC 9457 problem documents. The one place where the register's errors become HTTP.

401 unauthenticated          403 forbidden             404 not-found (absent or foreign: the same answer)
409 refused, conflict        410 cursor-expired        412 stale-version
422 invalid-data, with a JSON pointer for every wrong field
413 content-too-large        415 unsupported-media-type
428 precondition-required    429 too-many-requests, with Retry-After
500 internal-error (masked; the log has the rest under the correlation id)
503 unavailable, with Retry-After
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import attempts
from app.api.correlation import correlation_id
from app.api.languages import Language, asked_language, sentence, sentence_and_detail, worded
from app.domain.errors import (
    Expired,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    RegisterError,
    Stale,
    Unavailable,
    Violation,
)

MEDIA_TYPE = "application/problem+json"

UNREADABLE = Violation(pointer="", code="json-invalid", message="The body is not JSON that can be read.")

log = logging.getLogger("register.problems")


class ProblemViolation(BaseModel):
    """One wrong field."""

    pointer: str = Field(
        description="RFC 6901 JSON pointer into the request's body; parameters begin with `/query/`, `/header/` or `/path/`."
    )
    code: str = Field(description="Stable; for programs.")
    message: str = Field(description="For people, in the language that was asked for.")
    detail: str | None = Field(
        default=None,
        exclude_if=lambda said: said is None,
        description="The rule's own words in English, with the values at hand, where `message` is a translation; absent otherwise.",
    )

    @classmethod
    def of(cls, wrong: Violation, language: Language) -> "ProblemViolation":
        message, detail = sentence_and_detail(wrong.code, language, wrong.message)
        return cls(pointer=wrong.pointer, code=wrong.code, message=message, detail=detail)


class Problem(BaseModel):
    """RFC 9457 problem document."""

    type: str = Field(
        description="A stable relative reference, such as `/problems/not-found`.", examples=["/problems/not-found"]
    )
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no such plan, or it is not yours to see."])
    correlation_id: str = Field(description="Quote it when you ask for help.")
    violations: list[ProblemViolation] = Field(default=[], description="Every wrong field, in one answer.")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an operation may answer besides success, for its OpenAPI description. 401, 403 and 422 are always possible."""
    return {status: problem_response(status) for status in sorted({401, 403, 422, *statuses})}


def problem_response(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


class Unauthenticated(RegisterError):
    code = "unauthenticated"


class PreconditionRequired(RegisterError):
    code = "precondition-required"


class UnsupportedMediaType(RegisterError):
    code = "unsupported-media-type"


class TooManyRequests(RegisterError):
    """`retry_after`: seconds after which the next request is let in."""

    code = "too-many-requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests. The next one is answered after {retry_after} s.")
        self.retry_after = retry_after


STATUS: Mapping[type[RegisterError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Refused: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    Expired: HTTPStatus.GONE,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    PreconditionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: RegisterError) -> HTTPStatus:
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def answer(
    status: HTTPStatus, code: str, detail: str, violations: tuple[Violation, ...] = (), **members: object
) -> JSONResponse:
    """In the caller's language. `members` are those that this kind of problem has besides (RFC 9457, section 3.2)."""
    language = asked_language()
    problem = Problem(
        type=f"/problems/{code}",
        title=status.phrase,
        status=status,
        detail=sentence(code, language, detail),
        correlation_id=correlation_id(),
        violations=[ProblemViolation.of(each, language) for each in violations],
    )
    headers = {"Cache-Control": "no-store"}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="risk-register"'
    body = problem.model_dump(exclude_defaults=not violations) | members
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def presented(error: RegisterError) -> JSONResponse:
    """The answer that one of the register's own errors becomes."""
    violations = error.violations if isinstance(error, Invalid | Refused) else ()
    detail = "Some fields are wrong: see violations." if isinstance(error, Invalid) else error.message
    response = answer(status_of(error), error.code, detail, violations, **getattr(error, "facts", {}))
    if (retry_after := getattr(error, "retry_after", None)) is not None:
        response.headers["Retry-After"] = str(retry_after)
    if isinstance(error, Unavailable):
        log.warning("unavailable", exc_info=error.__cause__ or error)
    return response


def register_handlers(app: FastAPI) -> None:
    """Translate everything that a route may raise."""

    @app.exception_handler(RegisterError)
    async def _refused(request: Request, error: RegisterError) -> JSONResponse:
        await attempts.keep(request, error)
        return presented(error)

    @app.exception_handler(RequestValidationError)
    async def _malformed(_request: Request, error: RequestValidationError) -> JSONResponse:
        violations = tuple(_violation(each, error.body) for each in error.errors())
        return answer(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-data", "Some fields are wrong: see violations.", violations
        )

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        if status is HTTPStatus.BAD_REQUEST:
            # FastAPI could not even read the body: a number of 5,000 digits, say.
            return answer(
                HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-data", "Some fields are wrong: see violations.", (UNREADABLE,)
            )
        response = answer(status, status.phrase.lower().replace(" ", "-"), str(error.detail))
        response.headers.update(error.headers or {})
        return response


class Masked:
    """ASGI middleware, within the correlation: a handler of Exception would run outside it, with no id to tell or to log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            if isinstance(error, Unavailable):  # by the audit, which is kept while an error is being answered
                await presented(error)(scope, receive, send)
                return
            log.exception("unexpected error")
            await _internal()(scope, receive, send)


def _internal() -> JSONResponse:
    return answer(
        HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", "Something went wrong on our side; nothing was changed."
    )


def _violation(error: Mapping[str, Any], body: object) -> Violation:
    place, *path = error["loc"]
    if error["type"] == "json_invalid":
        return UNREADABLE
    if place == "body":
        return violation_of(error, list(_in_body(path, body)))
    return violation_of(error, path, prefix=f"/{place}")


def violation_in(error: Mapping[str, Any], body: object, *, prefix: str = "") -> Violation:
    """What a model found wrong with a body that stands at `prefix` of what was sent."""
    return violation_of(error, list(_in_body(list(error["loc"]), body)), prefix=prefix)


def violation_of(error: Mapping[str, Any], path: list[str | int], *, prefix: str = "") -> Violation:
    """One of pydantic's errors in the register's words."""
    if error["type"].startswith("union_tag"):
        path = [*path, error["ctx"]["discriminator"].strip("'")]
    pointer = prefix + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    code = str(error["type"]).replace("_", "-")
    return Violation(pointer=pointer, code=code, message=worded(code, str(error["msg"])))


def _in_body(path: list[str | int], body: object) -> Iterator[str | int]:
    """The path without what is no place in the body: pydantic names the kind it has chosen among several, too."""
    for index, part in enumerate(path):
        if isinstance(body, Mapping) and part not in body and index < len(path) - 1:
            continue
        if isinstance(body, str | int | float) or (index and body is None):
            return  # which has no parts
        if isinstance(body, list) and isinstance(part, str):
            continue
        yield part
        if isinstance(body, Mapping):
            body = body.get(part)
        elif isinstance(body, Sequence) and isinstance(part, int):
            body = body[part] if part < len(body) else None
