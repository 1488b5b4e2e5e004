"""The fake register behind a real socket: commands speak HTTP to it as they would to any."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from app.cli.main import cli
from tests.cli.fields import SCHEMA
from tests.client.fake import FakeRegister

Handler = Callable[[httpx.Request], httpx.Response]


def serve(handler: Handler) -> ThreadingHTTPServer:
    """On a free port of loopback, in a thread of its own."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            url = f"http://127.0.0.1{self.path}"
            response = handler(httpx.Request(self.command, url, headers=dict(self.headers), content=body))
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.content)

        do_GET = do_POST = answer  # noqa: N815 - names of http.server

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


@dataclass(frozen=True, slots=True)
class Command:
    """`risk-register` with the address and the credentials of a register in its environment."""

    address: str

    def __call__(self, *arguments: object, env: dict[str, str] | None = None) -> Result:
        known = {
            "REGISTER_ADDRESS": self.address,
            "REGISTER_CLIENT_ID": "c-1",
            "REGISTER_CLIENT_SECRET": "s-1",
            "COLUMNS": "160",
            **(env or {}),
        }
        return CliRunner().invoke(cli, [str(each) for each in arguments], env=known)


@pytest.fixture
def register() -> FakeRegister:
    types: Sequence[Any] = [asdict(each) for each in SCHEMA.types]
    return FakeRegister(types=list(types))


@pytest.fixture
def command(register: FakeRegister) -> Iterator[Command]:
    server = serve(register)
    yield Command(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
