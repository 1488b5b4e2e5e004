"""A register that is no more than a dictionary and the protocol: it can be told to fail in any way, and counts what it applies."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = dict[str, Any]
Act = Callable[[httpx.Request], httpx.Response | None]
"""Answers in the register's place, fails by raising, or lets the request pass by returning None."""

ADDRESS = "https://register.test"
ORDER = ("institution", "student", "enrolment", "risk", "plan", "intervention", "outcome")
TYPES = [{"type": each, "order": n, "operations": ["upsert", "delete"], "schema": {}} for n, each in enumerate(ORDER)]


def problem(status: int, code: str, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
    document = {"type": f"/problems/{code}", "title": "", "status": status, "detail": "As was said.", **more}
    return httpx.Response(status, headers=headers, json=document)


@dataclass(slots=True)
class FakeRegister:
    """`wrong`: external ids that are rejected. `acts`: what happens to the next requests for batches, one each.
    `refusing`: the answer to everything.
    """

    wrong: set[str] = field(default_factory=set)
    acts: list[Act] = field(default_factory=list)
    page: int = 1_000
    types: list[Json] = field(default_factory=lambda: list(TYPES))
    lifetime: int = 600
    token: int = 0
    refusing: httpx.Response | None = None
    requests: list[httpx.Request] = field(default_factory=list)
    applied: Counter[str] = field(default_factory=Counter)
    bodies: list[list[Json]] = field(default_factory=list)
    reports: dict[str, Json] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.refusing is not None:
            return self.refusing
        if request.url.path == "/oauth/token":
            self.token += 1
            return httpx.Response(200, json={"access_token": f"token-{self.token}", "expires_in": self.lifetime})
        if request.url.path == "/v1/sync/schema":
            return httpx.Response(200, json={"types": self.types, "limits": {"items": 1_000_000}})
        if request.url.path.endswith("/rejections"):
            return self._rejections(request)
        if request.method == "POST":
            act = self.acts.pop(0) if self.acts else None
            done = None if act is None else act(request)
            return self.batch(request) if done is None else done
        return httpx.Response(200, json=self._shown(self.reports[request.url.path.rpartition("/")[2]]))

    def batch(self, request: httpx.Request) -> httpx.Response:
        key = request.headers["idempotency-key"]
        if key not in self.reports:
            assert request.headers["content-encoding"] == "gzip"
            lines = gzip.decompress(request.content).splitlines()
            self._apply(key, [json.loads(each) for each in lines], request.url.params)
        report = self.reports[key]
        if report["state"] == "REFUSED":
            return problem(422, "batch-refused", batch=self._shown(report))
        return httpx.Response(200, json=self._shown(report))

    def _apply(self, key: str, items: list[Json], params: httpx.QueryParams) -> None:
        rejected = [
            {
                "line": line,
                "op": item.get("op", "upsert"),
                "type": item["type"],
                "external_id": item["external_id"],
                "violations": [{"pointer": "/data/grade", "code": "out-of-range", "message": "No such grade."}],
            }
            for line, item in enumerate(items, 1)
            if item["external_id"] in self.wrong
        ]
        refused = bool(rejected) and params.get("atomic") == "all"
        validated = params["mode"] == "validate"
        if not refused and not validated:
            self.applied.update(each["external_id"] for each in items if each["external_id"] not in self.wrong)
        self.bodies.append(items)
        self.reports[key] = {
            "id": key,
            "idempotency_key": key,
            "mode": params["mode"],
            "atomic": params.get("atomic", "item"),
            "state": "REFUSED" if refused else "VALIDATED" if validated else "APPLIED",
            "items": len(items),
            "counts": {"student": {"created": len(items) - len(rejected), "rejected": len(rejected)}},
            "rejected": rejected,
        }

    def _shown(self, report: Json) -> Json:
        shown = report["rejected"][: self.page]
        more = f"/v1/sync/batches/{report['id']}/rejections?after={shown[-1]['line']}" if shown else None
        long = len(report["rejected"]) > self.page
        return {**report, "rejected": shown, "more_rejected": more if long else None}

    def _rejections(self, request: httpx.Request) -> httpx.Response:
        report = self.reports[request.url.path.split("/")[-2]]
        after = int(request.url.params["after"])
        shown = [each for each in report["rejected"] if each["line"] > after]
        page, rest = shown[: self.page], len(shown) > self.page
        return httpx.Response(200, json={"items": page, "next": page[-1]["line"] if rest else None})


def lost(_request: httpx.Request) -> httpx.Response:
    """The connection breaks before the register has seen anything."""
    raise httpx.ConnectError("refused")


def lost_after(register: FakeRegister) -> Act:
    """The register does what it is asked, and its answer never arrives."""

    def act(request: httpx.Request) -> httpx.Response:
        register.batch(request)
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")

    return act


def answers(response: httpx.Response) -> Act:
    return lambda _request: response


def a_student(external_id: str, **more: Any) -> Json:
    return {"type": "student", "external_id": external_id, "data": {"institution": 1}, **more}


def students(count: int, start: int = 0) -> Iterable[Json]:
    return (a_student(f"S-{number}") for number in range(start, start + count))
