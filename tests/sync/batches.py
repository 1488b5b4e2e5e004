"""Batches as a school information system sends them."""

import gzip
import json
from collections.abc import Iterable
from itertools import count
from typing import Any

import httpx

from app.domain.ids import InstitutionId
from tests.factories import Json, World

_keys = count(1)


def ndjson(items: Iterable[Json]) -> bytes:
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in items)


def item(item_type: str, external_id: str, data: Json | None = None, op: str = "upsert") -> Json:
    said = {} if data is None else {"data": data}
    return {"op": op, "type": item_type, "external_id": external_id, **said}


def consultation(under: Json, **stated: Any) -> Json:
    """What an intervention's item says: one and a half hours of mathematics, in person."""
    return {
        "plan": {"id": under["id"]},
        "risk": {"id": under["risk_ids"][0]},
        "purpose": "REMEDIAL",
        "support_measure": "SUBJECT_CONSULTATION",
        "subject": "MATHEMATICS",
        "hours": "1.50",
        "on": "2021-10-11",
        "mode": "IN_PERSON",
        "staff_member": "T-001",
        **stated,
    }


async def send(
    http: httpx.AsyncClient,
    world: World,
    items: Iterable[Json] | bytes,
    *,
    institutions: tuple[InstitutionId, ...] = (),
    key: str | None = None,
    headers: dict[str, str] | None = None,
    **query: str,
) -> httpx.Response:
    """As the system of the school, unless other institutions are named, under a key of its own unless one is given."""
    body = items if isinstance(items, bytes) else ndjson(items)
    return await http.post(
        "/v1/sync/batches",
        content=body,
        params=query,
        headers={
            **world.sync(*(institutions or (world.school,))),
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": key or f"key-{next(_keys)}",
            **(headers or {}),
        },
    )


async def sent(http: httpx.AsyncClient, world: World, items: Iterable[Json] | bytes, **how: Any) -> Json:
    answer = await send(http, world, items, **how)
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


def wrong(report: Json) -> list[tuple[int, str, str]]:
    """Line, pointer and code of everything that was rejected."""
    return [
        (each["line"], found["pointer"], found["code"]) for each in report["rejected"] for found in each["violations"]
    ]


def counted(report: Json) -> Json:
    """How often each verdict was given, by type, without those that were not."""
    counts = report["counts"].items()
    return {each: {verdict: times for verdict, times in found.items() if times} for each, found in counts}


def zipped(items: Iterable[Json]) -> bytes:
    return gzip.compress(ndjson(items))
