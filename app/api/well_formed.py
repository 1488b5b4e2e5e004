"""What is wrong with a request before anybody looks at what it says: for all routes, in this one place.

A query parameter that the route does not know is a typing error that would silently widen a list; it is told with all else that is
wrong with the address. A body is JSON and says so; a key that stands there twice, or a number that is none, is refused rather than
guessed at.
"""

import json
from collections.abc import Iterator, Sequence
from email.message import Message
from itertools import islice
from typing import Any, Final, NoReturn

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.params import Form
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.api.problems import UNREADABLE, UnsupportedMediaType, violation_of
from app.domain.errors import Invalid, Violation, check
from app.domain.suggestions import did_you_mean

MAX_KEYS: Final = 100
MAX_NAME: Final = 100
"""Of an object, far beyond what any operation takes: each that is not known is answered with words of its own."""


async def well_formed(request: Request) -> None:
    """Raises Invalid and UnsupportedMediaType. A route that reads its parameters by itself says by itself what is wrong with them."""
    route = _route_of(request)
    if not (route.openapi_extra or {}).get("parameters"):
        check_address(request)
    if route.body_field is not None and not isinstance(route.body_field.field_info, Form):
        _check_json(request.headers.get("content-type", ""), await request.body())


def check_address(request: Request, also: Sequence[Violation] = ()) -> None:
    """Raise Invalid where there are parameters that the route does not know, or `also` anything is wrong: with all that is wrong with the
    address. Where nothing of that is, FastAPI tells by itself what is wrong with parameters that the route declares.
    """
    route = _route_of(request)
    unknown = [*_unknown_parameters(request, route)]
    if unknown or also:
        check([*unknown, *_wrong_parameters(request, route.dependant), *also])


def _route_of(request: Request) -> APIRoute:
    route = request.scope["route"]
    assert isinstance(route, APIRoute)  # noqa: S101 - it is asked for such routes alone
    return route


def _unknown_parameters(request: Request, route: APIRoute) -> Iterator[Violation]:
    if not request.query_params:
        return
    known = dict.fromkeys([*_parameters(route.dependant), *_described(route)])
    for name in islice(request.query_params, MAX_KEYS):
        if name not in known:
            pointer = name.replace("~", "~0").replace("/", "~1")
            message = f"This operation has no such parameter.{did_you_mean(name, known)}"
            yield Violation(pointer=f"/query/{pointer}", code="unknown-parameter", message=message)


def _wrong_parameters(request: Request, dependant: Dependant) -> Iterator[Violation]:
    for fields, sent in ((dependant.path_params, request.path_params), (dependant.query_params, request.query_params)):
        for error in request_params_to_args(fields, sent)[1]:
            place, *path = error["loc"]
            yield violation_of(error, path, prefix=f"/{place}")
    for dependency in dependant.dependencies:
        yield from _wrong_parameters(request, dependency)


def _parameters(dependant: Dependant) -> Iterator[str]:
    """Names of query parameters, those of dependencies and of models that stand for several included."""
    for each in dependant.query_params:
        model = each.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from (field.alias or name for name, field in model.model_fields.items())
        else:
            yield each.alias
    for dependency in dependant.dependencies:
        yield from _parameters(dependency)


def _described(route: APIRoute) -> Iterator[str]:
    """Names of query parameters that the route reads by itself."""
    described = (route.openapi_extra or {}).get("parameters", [])
    yield from (each["name"] for each in described if each["in"] == "query")


def _check_json(content_type: str, body: bytes) -> None:
    if not body:
        return  # the route says what is missing
    if not _is_json(content_type):
        raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
    _read(body)


def read_json(text: str) -> Any:  # noqa: ANN401 - as JSON is
    """Of a parameter. Raises Invalid, also for half a surrogate pair: JSON can spell it, no text has it, and no answer could repeat it."""
    found = _read(text)
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Invalid([UNREADABLE]) from None
    return found


def _read(text: str | bytes) -> Any:  # noqa: ANN401 - as JSON is
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Invalid([UNREADABLE]) from None


def _is_json(content_type: str) -> bool:
    message = Message()
    message["content-type"] = content_type
    return message.get_content_maintype() == "application" and message.get_content_subtype().split("+")[-1] == "json"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS or any(len(name) > MAX_NAME for name, _ in pairs):
        words = f"An object has more than {MAX_KEYS} keys, or one of more than {MAX_NAME} characters."
        raise Invalid([Violation(pointer="", code="too-many-keys", message=words)])
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Invalid([Violation(pointer="", code="repeated-key", message="An object has the same key twice.")])
    return found


def _refuse_constant(_name: str) -> NoReturn:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise Invalid([UNREADABLE])
