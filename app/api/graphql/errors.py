"""Errors as clients see them: the register's own in its words, the caller's mistakes as GraphQL says them, all else masked."""

import logging
import re
from typing import Any, Final

from graphql import GraphQLError

from app.domain.errors import Invalid, RegisterError

MASKED = "Something went wrong on our side."
_SUGGESTION: Final = re.compile(r" Did you mean .*", re.DOTALL)
"""What the library adds to errors in variables, whatever it is told; those in documents have none."""

log = logging.getLogger("register.graphql")


def presented(error: GraphQLError, correlation_id: str) -> dict[str, Any]:
    """With `extensions`: code, violations where fields are wrong, and the correlation id."""
    cause = error.original_error
    answer = {key: value for key, value in error.formatted.items() if key in ("path", "locations")}
    extensions: dict[str, Any] = {"correlationId": correlation_id}
    if isinstance(cause, RegisterError):
        message, extensions["code"] = cause.message, cause.code
        if isinstance(cause, Invalid):
            extensions["violations"] = [
                {"pointer": each.pointer, "code": each.code, "message": each.message} for each in cause.violations
            ]
    elif cause is None or isinstance(cause, GraphQLError):
        message = _SUGGESTION.sub("", error.message)
        extensions["code"] = (error.extensions or {}).get("code", "invalid-document")
    else:
        log.error("unexpected error", exc_info=cause)
        message, extensions["code"] = MASKED, "internal-error"
    return {"message": message, **answer, "extensions": extensions}
