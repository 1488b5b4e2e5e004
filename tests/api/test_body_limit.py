"""How large a body may be: declared or streamed, and that nobody is left waiting, or reset before reading why."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.middleware import Middleware

from app.api.body_limit import BodyLimit
from app.main import create_app
from app.settings import Settings
from tests.api.serving import on_a_socket, serving
from tests.factories import World

LARGEST = 1_048_576


async def chunks(size: int, many: int) -> AsyncIterator[bytes]:
    for _ in range(many):
        yield b" " * size


def assert_refused(answer: httpx.Response) -> None:
    assert answer.status_code == 413
    assert answer.json() == {
        "type": "/problems/content-too-large",
        "title": "Request Entity Too Large",
        "status": 413,
        "detail": "The body is larger than this operation takes.",
        "correlation_id": answer.headers["X-Correlation-Id"],
    }
    assert answer.headers["Connection"] == "close"


async def test_a_body_of_the_largest_size_is_read(http: httpx.AsyncClient, world: World) -> None:
    body = json.dumps({"personal_code": "000000-00000"}).encode()
    headers = {**world.head(world.school), "Content-Type": "application/json"}
    path = "/v1/students/search"
    assert (await http.post(path, content=body.ljust(LARGEST), headers=headers)).status_code == 422
    assert_refused(await http.post(path, content=body.ljust(LARGEST + 1), headers=headers))


async def test_a_streamed_body_is_counted_and_what_it_declares_is_believed(
    http: httpx.AsyncClient, world: World
) -> None:
    headers = {**world.head(world.school), "Content-Type": "application/json"}
    assert_refused(await http.post("/v1/risks", content=chunks(65_536, 17), headers=headers))
    huge = {**headers, "Content-Length": str(10**15)}
    assert_refused(await http.post("/v1/risks", content=b"{}", headers=huge))


async def test_where_nobody_reads_the_body_it_is_limited_too(http: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/healthz"), ("POST", "/nowhere"), ("DELETE", "/v1/risks")):
        assert_refused(await http.request(method, path, content=b" " * (LARGEST + 1)))


async def test_a_route_may_allow_more_and_the_setting_says_how_much_the_others_do(settings: Settings) -> None:
    app = FastAPI(middleware=[Middleware(BodyLimit, largest=10)])

    @app.post("/batches", max_body_size=100)
    async def batches(request: Request) -> int:
        return len(await request.body())

    @app.post("/usual")
    async def usual(request: Request) -> int:
        return len(await request.body())

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as http:
        sizes = [(path, size) for path in ("/usual", "/batches") for size in (10, 11, 100, 101)]
        statuses = {(path, size): (await http.post(path, content=b"x" * size)).status_code for path, size in sizes}
    assert [key for key, status in statuses.items() if status == 200] == [
        ("/usual", 10),
        ("/batches", 10),
        ("/batches", 11),
        ("/batches", 100),
    ]
    async with serving(settings, max_body=2_000) as small:
        assert (await small.post("/v1/risks", content=b" " * 2_001)).status_code == 413


@pytest.mark.parametrize("length", ["Content-Length: 50000000", "Transfer-Encoding: chunked"])
async def test_whoever_is_still_sending_reads_the_refusal_and_the_connection_ends(
    settings: Settings, length: str
) -> None:
    app = create_app(settings)
    async with on_a_socket(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"POST /v1/risks HTTP/1.1\r\nHost: r\r\nContent-Type: application/json\r\n{length}\r\n\r\n".encode()
        )
        chunk = b" " * 65_536 if "Length" in length else b"10000\r\n" + b" " * 65_536 + b"\r\n"
        async with asyncio.timeout(20):
            # An endless body: nobody waits for its end.
            sending = asyncio.create_task(send_on(writer, chunk))
            head = await reader.readuntil(b"\r\n\r\n")
            length_of_answer = next(
                int(each.split()[1]) for each in head.lower().splitlines() if b"content-length" in each
            )
            body = await reader.readexactly(length_of_answer)
            await end_of(reader)
        sending.cancel()
        writer.close()
        # And the service is there for others.
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
    assert head.startswith(b"HTTP/1.1 413")
    assert json.loads(body)["type"] == "/problems/content-too-large"


async def end_of(reader: asyncio.StreamReader) -> None:
    """Closed, or reset where we were still sending."""
    with contextlib.suppress(ConnectionError):
        assert await reader.read() == b""


async def send_on(writer: asyncio.StreamWriter, chunk: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0.01)
