"""Routes of reference data: an answer carries an ETag of its content, and whoever has it already is told so without its body."""

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response, status
from fastapi.routing import APIRoute

from app.api.problems import problems

CACHE_CONTROL = "private, max-age=0, must-revalidate"


class ReferenceRoute(APIRoute):
    """The tag is of the bytes sent, so it is strong: other data, another query, or another shape of the answer changes it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_conditionally(request: Request) -> Response:
            response = await handle(request)
            tag = f'"{sha256(response.body).hexdigest()[:32]}"'
            headers = {"ETag": tag, "Cache-Control": CACHE_CONTROL, "Vary": "Authorization"}
            if is_known(request.headers.getlist("if-none-match"), tag):
                return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
            response.headers.update(headers)
            return response

        return handle_conditionally


def is_known(if_none_match: list[str], tag: str) -> bool:
    """RFC 9110: any of several tags, or `*`; whether a sent tag is weak makes no difference here."""
    sent = [each.strip() for line in if_none_match for each in line.split(",")]
    return "*" in sent or any(each.removeprefix("W/") == tag for each in sent)


async def _if_none_match(
    if_none_match: Annotated[
        str | None, Header(description="ETags of the answers that you have.", examples=['"6bd0cf0a"'])
    ] = None,
) -> None:
    """For the description only; the route reads the header, since only it sees the answer."""


def reference_router(noun: str) -> APIRouter:
    """A router at `/v1/<noun>` whose answers can be kept and asked for again."""
    return APIRouter(
        prefix=f"/v1/{noun}",
        tags=["reference data"],
        route_class=ReferenceRoute,
        dependencies=[Depends(_if_none_match)],
        responses={**problems(), 304: {"description": "You have it already: see If-None-Match."}},
    )
