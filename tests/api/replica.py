"""A follower of the feed as anybody could write one: it does what the items say, and nothing else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx

Json = dict[str, Any]
Key = tuple[str, str]
LISTS = {
    "student": "students",
    "enrolment": "enrolments",
    "risk": "risks",
    "plan": "plans",
    "intervention": "interventions",
    "outcome": "outcomes",
}


class Expired(Exception):
    """The cursor has expired: begin again."""


@dataclass(slots=True, kw_only=True)
class Replica:
    """What one follower has kept. `cursor` is stored with each page that was applied: a crash forgets neither or both."""

    http: httpx.AsyncClient
    headers: dict[str, str]
    limit: int = 1000
    filters: dict[str, Any] = field(default_factory=dict)
    cursor: str | None = None
    kept: dict[Key, Json] = field(default_factory=dict)
    sent: set[Key] | None = None
    """Since `load-begins`."""
    items: list[Json] = field(default_factory=list)
    """Of the last page."""

    async def page(self, **asked: Any) -> bool:
        """Apply one page; whether there is more at once."""
        answer = await self.ask(**asked)
        if answer.status_code == httpx.codes.GONE:
            raise Expired(answer.json()["type"])
        assert answer.status_code == httpx.codes.OK, answer.text
        *self.items, end = map(json.loads, answer.text.splitlines())
        for item in self.items:
            self.apply(item)
        self.cursor = end["cursor"]
        return bool(end["more"])

    async def ask(self, **asked: Any) -> httpx.Response:
        query = {"limit": self.limit, **asked, **(self.filters if self.cursor is None else {"cursor": self.cursor})}
        headers = {**self.headers, "Accept": "application/x-ndjson"}
        return await self.http.get("/v1/changes", params=query, headers=headers)

    async def follow(self) -> "Replica":
        """Until there is nothing more."""
        while await self.page():
            pass
        return self

    def apply(self, item: Json) -> None:
        match item["op"]:
            case "upsert":
                key = (item["type"], item["id"])
                if key not in self.kept or self.kept[key]["version"] <= item["version"]:
                    self.kept[key] = item
                if self.sent is not None:
                    self.sent.add(key)
            case "delete":
                self._forget(key for key, kept in self.kept.items() if _is_gone(item, key, kept))
            case "merge":
                self._forget(key for key, kept in self.kept.items() if kept["student_id"] == item["id"])
            case "close":
                pair = (item["student_id"], item["institution_id"])
                self._forget(key for key, kept in self.kept.items() if _pair(kept) == pair)
            case "scope":
                self._keep_within(item)
            case "load-begins":
                self.sent = set()
            case "load-ends":
                assert self.sent is not None
                self._forget(self.kept.keys() - self.sent)
                self.sent = None
            case other:
                raise AssertionError(other)

    def _keep_within(self, item: Json) -> None:
        handed = {_pair(each) for each in item["handed"]}
        mine = set(item["institution_ids"])
        self._forget(
            key
            for key, kept in self.kept.items()
            if key[0] != "student" and kept["institution_id"] not in mine and _pair(kept) not in handed
        )
        spoken_of = {kept["student_id"] for (noun, _), kept in self.kept.items() if noun != "student"}
        self._forget(key for key in self.kept if key[0] == "student" and key[1] not in spoken_of)

    def _forget(self, keys: Iterable[Key]) -> None:
        for key in list(keys):
            del self.kept[key]

    @property
    def data(self) -> dict[Key, Json]:
        return {key: item["data"] for key, item in self.kept.items()}


def _pair(item: Json) -> tuple[str, int]:
    return item["student_id"], item["institution_id"]


def _is_gone(item: Json, key: Key, kept: Json) -> bool:
    return (item["type"] == "student" and kept["student_id"] == item["id"]) or key == (item["type"], item["id"])


async def view(http: httpx.AsyncClient, headers: dict[str, str]) -> dict[Key, Json]:
    """Everything that the lists of the service answer to the same reader."""
    found: dict[Key, Json] = {}
    for noun, path in LISTS.items():
        cursor: str | None = None
        while True:
            query: Json = {"limit": 200, **({"cursor": cursor} if cursor else {})}
            answer = await http.get(f"/v1/{path}", params=query, headers=headers)
            assert answer.status_code == httpx.codes.OK, answer.text
            found.update({(noun, each["id"]): each for each in answer.json()["items"]})
            cursor = answer.json()["next"]
            if cursor is None:
                break
    return found


def digest(data: dict[Key, Json]) -> str:
    """A hash of all of it: two are alike, or something was missed."""
    lines = sorted(json.dumps([key, each], sort_keys=True) for key, each in data.items())
    return sha256("\n".join(lines).encode()).hexdigest()


async def is_equal(replica: Replica) -> bool:
    """After it has read on: hash for hash what the service shows its reader. Where it is not, the difference is told."""
    await replica.follow()
    shown = await view(replica.http, replica.headers)
    if digest(replica.data) == digest(shown):
        return True
    missing, left = shown.keys() - replica.data.keys(), replica.data.keys() - shown.keys()
    stale = {key for key in shown.keys() & replica.data.keys() if shown[key] != replica.data[key]}
    raise AssertionError(f"missing {missing}, left over {left}, stale {stale}")
