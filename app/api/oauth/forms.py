"""The form that /oauth/token takes: read within bounds, each parameter at most once (RFC 6749, section 3.2)."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import Request

from app.api.oauth.errors import InvalidRequest

MEDIA_TYPE = "application/x-www-form-urlencoded"
LARGEST = 16 * 1024
"""Bytes. An assertion signed with RSA has some 800."""
MOST_FIELDS = 20


async def form_of(request: Request) -> Mapping[str, str]:
    """Parameters without a value count as left out. Raises InvalidRequest."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != MEDIA_TYPE:
        raise InvalidRequest(f"Send the parameters as {MEDIA_TYPE}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise InvalidRequest(f"The body has more than {LARGEST} bytes.", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        pairs = parse_qsl(body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise InvalidRequest("The body is no form that can be read.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise InvalidRequest("A parameter is given more than once.")
    return form
