"""Sending one request of the matrix, and reading its answer so that two of them can be compared."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.factories import Json
from tests.matrix.cast import Player
from tests.matrix.rows import Ids, Row

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PASSING = frozenset({"x-correlation-id", "content-length", "date"})
"""Headers that differ between any two answers. Limits of rates count down from request to request as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: `swapped` are the objects in it that stand in the place of the player's own. The other fields make it careless."""

    row: Row
    base: Mapping[str, Any]
    swapped: Mapping[str, Any] = field(default_factory=dict)
    if_match: str | None = '"1"'
    body: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`whole` is all that was sent back, for whoever looks for what should not be there."""

    status: int
    kind: str
    whole: str
    plain: str

    @classmethod
    def of(
        cls, answer: httpx.Response, sent: Collection[str], *, new_ids: bool = False, named_by_question: bool = False
    ) -> "Answer":
        """`plain` has neither the correlation id nor what the request itself named (nor, with `new_ids`, any id)."""
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if not _passes(name))
        whole = f"{answer.status_code}\n{headers}\n{answer.text}"
        plain = whole.replace(answer.headers["x-correlation-id"], "<correlation id>")
        for each in sorted(sent, key=len, reverse=True):
            plain = re.sub(rf"(?<![\w-]){re.escape(each)}(?![\w-])", "<sent>", plain)
        if named_by_question:
            plain = plain.replace(answer.headers.get("etag", "<no tag>"), "<tag>")
        if new_ids:
            plain = _UUID.sub("<id>", plain)
        kind = answer.json().get("type", "") if "problem" in answer.headers.get("content-type", "") else ""
        return cls(status=answer.status_code, kind=kind, whole=f"{answer.headers}\n{whole}", plain=plain)


def _passes(name: str) -> bool:
    return name in _PASSING or name.startswith("ratelimit")


async def ask(http: httpx.AsyncClient, player: Player, asked: Asked) -> Answer:
    row, ids = asked.row, Ids(asked.base, asked.swapped)
    headers = dict(player.headers)
    if row.seen and asked.if_match is not None:
        headers["If-Match"] = asked.if_match
    answer = await http.request(
        row.method,
        row.path(ids),
        params=row.query(ids),
        json=row.body(ids) if asked.body is None else asked.body,
        headers=headers,
    )
    sent = [str(each) for each in asked.swapped.values()]
    return Answer.of(answer, sent, new_ids=row.pseudonyms, named_by_question=row.named_by_question)
