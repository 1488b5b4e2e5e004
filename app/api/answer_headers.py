"""What every answer says to browsers and to whatever stands between us and them, unless its route says something else."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEFAULTS: Final = {
    # Data runs nothing, loads nothing and is shown in nobody's frame. Pages allow themselves what they need.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Files and reference data, which may be kept, say so themselves.
    "Cache-Control": "no-store",
}


_RAW: Final = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in DEFAULTS.items())
"""As they are sent: written once, for all answers."""


class AnswerHeaders:
    """ASGI middleware. `hsts`: for so many seconds a browser shall come back by https alone; 0 says nothing of it."""

    def __init__(self, app: ASGIApp, hsts: int = 0) -> None:
        self.app = app
        self.hsts = hsts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                said = {name for name, _ in headers.raw}
                headers.raw.extend(each for each in _RAW if each[0] not in said)
                if self.hsts and scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", f"max-age={self.hsts}; includeSubDomains")
            await send(message)

        await self.app(scope, receive, send_with_headers)
