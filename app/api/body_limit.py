"""How large a body may be. Starlette counts it, declared or streamed; a route may allow more by its own `max_body_size`."""

import asyncio
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems

LINGER: Final = 2.0
"""Seconds for which the rest of a refused body is read and thrown away."""


class BodyLimit:
    """ASGI middleware: a refusal in the register's words, on a connection that then ends.

    A client that is still sending when the connection is closed would see it reset and never read why. So the answer goes out at
    once, the rest of the body is thrown away for a moment, and only then is the connection closed.
    """

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app = RequestBodyLimitMiddleware(app, max_body_size=largest)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def send_in_our_words(message: Message) -> None:
            nonlocal refused, send
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                send = _lingering(receive, send)
                headers = MutableHeaders(scope=message)
                headers["Connection"] = "close"
                # A route that speaks another protocol says it in the words of that one.
                refused = headers["Content-Type"].startswith(("text/plain", problems.MEDIA_TYPE))
                if refused:
                    await _refusal()(scope, receive, send)
            if not refused:
                await send(message)

        await self.app(scope, receive, send_in_our_words)


def _refusal() -> Response:
    answer = problems.answer(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "content-too-large", "The body is larger than this operation takes."
    )
    answer.headers["Connection"] = "close"
    return answer


def _lingering(receive: Receive, send: Send) -> Send:
    async def send_and_linger(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            await send({**message, "more_body": True})
            await _throw_away(receive)
            message = {"type": "http.response.body", "body": b""}
        await send(message)

    return send_and_linger


async def _throw_away(receive: Receive) -> None:
    try:
        async with asyncio.timeout(LINGER):
            while (await receive()).get("more_body", False):
                pass
    except TimeoutError:
        pass
