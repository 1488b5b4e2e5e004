"""An identity provider for tests, as a process of its own: discovery, keys, and every way in which they can fail to come.

`PUT /control` sets what it publishes and how it behaves, `GET /control` tells how often it was asked. It holds no private key: tests
sign for themselves. Usage: python provider_process.py PORT (0: any), which prints the port once it listens.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

state: dict[str, Any] = {"keys": [], "mode": "answers", "issuer": None, "jwks_uri": None}
asked: list[str] = []
lock = threading.Lock()


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/control":
            with lock:
                return self.answer({"asked": asked})
        with lock:
            asked.append(self.path)
        return self.publish(f"http://{self.headers['Host']}")

    def publish(self, here: str) -> None:
        match state["mode"], self.path:
            case "fails", _:
                self.answer({}, status=500)
            case "hangs", _:
                time.sleep(30)
            case "drips", _:
                self.drip()
            case "redirects", "/keys":
                self.answer({}, status=302, headers={"Location": f"{here}/elsewhere"})
            case "floods", "/keys":
                self.answer({"keys": state["keys"], "more": "x" * 300_000})
            case "squeezes", "/keys":
                self.answer({"keys": state["keys"]}, headers={"Content-Encoding": "gzip"})
            case "babbles", "/keys":
                self.answer("not a key set")
            case _, "/keys" | "/elsewhere":
                self.answer({"keys": state["keys"]})
            case _, "/.well-known/openid-configuration":
                self.answer({"issuer": state["issuer"] or here, "jwks_uri": state["jwks_uri"] or f"{here}/keys"})
            case _:
                self.answer({}, status=404)

    def do_PUT(self) -> None:
        change = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with lock:
            state.update(change)
        self.answer({})

    def answer(self, document: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        """A byte now and then: each comes in time, the whole never."""
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.3)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
        """Quietly."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider)
    print(server.server_port, flush=True)  # noqa: T201 - that is how a test learns it
    server.serve_forever()
