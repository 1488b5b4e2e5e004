"""Rate limits: of each authenticated client, of its attempts at personal codes, and of the failures that come from one address.

Every answer says where the client stands, in the fields `RateLimit` and `RateLimit-Policy` of the IETF's draft
(draft-ietf-httpapi-ratelimit-headers-11); a refusal says when to come back, in `Retry-After`.
"""

from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems
from app.api.problems import TooManyRequests
from app.api.quotas import Quotas, RateLimits, Standing
from app.domain.actors import Actor

STANDINGS: Final = "register.standings"
"""Where in the scope of a request the standings lie that its answer will tell."""

TOKENS: Final = "/oauth/token"
"""Where clients get tokens. RFC 6749 has it answer 400 to some of the attempts that fail."""


def spend(request: Request, quotas: Quotas, actor: Actor) -> None:
    """Count a request against what this actor may do. Raises TooManyRequests beyond it."""
    standing = quotas.take(actor.subject)
    request.scope.setdefault(STANDINGS, []).append(standing)
    if standing.refused:
        raise TooManyRequests(standing.retry_after)


class RateLimited:
    """ASGI middleware: tells the standings, and has an address wait from which too many attempts have failed.

    A failure is an answer that somebody is not known. Whoever has shown a token that is accepted is never held up by its
    neighbours behind the same address; only at the token endpoint, where nobody has shown anything yet, all of them wait.
    """

    def __init__(self, app: ASGIApp, limits: RateLimits) -> None:
        self.app = app
        self.failures = limits.failures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asks_for_token = scope["path"] == TOKENS
        standings: list[Standing] = scope.setdefault(STANDINGS, [])
        if asks_for_token and (standing := self.failures.look(address_of(scope))).refused:
            await _refuse(standing, scope, receive, send)
            return
        refused = False

        async def tell(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                status = message["status"]
                if status == HTTPStatus.UNAUTHORIZED or (asks_for_token and status == HTTPStatus.BAD_REQUEST):
                    standing = self.failures.take(address_of(scope))
                    if standing.refused:
                        refused = True
                        await _refuse(standing, scope, receive, send)
                        return
                    standings.append(standing)
                _show(standings, message)
            if not refused:
                await send(message)

        await self.app(scope, receive, tell)


def address_of(scope: Scope) -> str:
    """Of the client, as the server or its trusted proxy knows it. Who has one IPv6 address usually has all of its /64."""
    host = str((scope.get("client") or ("unknown", 0))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return host


async def _refuse(standing: Standing, scope: Scope, receive: Receive, send: Send) -> None:
    async def tell(message: Message) -> None:
        _show([standing], message)
        await send(message)

    await problems.presented(TooManyRequests(standing.retry_after))(scope, receive, tell)


def _show(standings: list[Standing], message: Message) -> None:
    if not standings or message["type"] != "http.response.start":
        return
    headers = MutableHeaders(scope=message)
    headers["RateLimit-Policy"] = ", ".join(f'"{s.policy}";q={s.rate.quota};w={s.rate.seconds}' for s in standings)
    headers["RateLimit"] = ", ".join(f'"{s.policy}";r={s.remaining};t={round(s.full)}' for s in standings)
