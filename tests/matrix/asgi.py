"""Speaks to the service without a client in between, which costs more than the answer where there are ten thousand of them."""

import json
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from tests.factories import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`headers`: as for an HTTP client."""

    method: str
    path: str
    headers: dict[str, str]
    query: str = ""
    body: Json | None = None


@dataclass(slots=True)
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def answered(app: FastAPI, request: Request, correlation_id: str) -> Answer:
    """The answer to one request that bears this correlation id."""
    body = b"" if request.body is None else json.dumps(request.body).encode()
    headers = {**request.headers, "X-Correlation-Id": correlation_id, "Content-Type": "application/json"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": request.query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("register.test", 80),
    }
    answer = Answer()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer
