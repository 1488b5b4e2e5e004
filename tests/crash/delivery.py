"""Delivers batches as a school system should: the same again under the same key until it is answered, whatever happens meanwhile."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.crash.work import Batch, Client
from tests.factories import Json

PATIENCE = 300.0
"""Seconds within which a batch has been answered, whatever was killed: a service whose first COMMITs are cut starts several times."""
ANSWERED_WITHIN = 20.0


class NotDelivered(Exception):
    """A batch was answered by what no client can make anything of, or not at all."""


@dataclass(slots=True)
class Delivered:
    """What one client has seen: `acknowledged` by key, `lost` the batch after which it gave up, and how often it was told what."""

    client: Client
    sent: list[Batch] = field(default_factory=list)
    acknowledged: dict[str, Json] = field(default_factory=dict)
    lost: Batch | None = None
    seen: Counter[str] = field(default_factory=Counter)


async def deliver(address: str, headers: dict[str, str], client: Client, run: str) -> Delivered:
    delivered = Delivered(client)
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=ANSWERED_WITHIN) as http:
        for batch in client.batches(run):
            delivered.sent.append(batch)
            report = await _one(http, batch, delivered)
            if report is None:
                delivered.lost = batch
                break
            delivered.acknowledged[batch.key] = report
    return delivered


async def _one(http: httpx.AsyncClient, batch: Batch, delivered: Delivered) -> Json | None:
    deadline = time.monotonic() + PATIENCE
    pause = 0.05
    while time.monotonic() < deadline:
        try:
            answer = await http.post(
                "/v1/sync/batches",
                params=batch.query,
                content=batch.body,
                headers={"Content-Type": "application/x-ndjson", "Idempotency-Key": batch.key},
            )
        except httpx.TransportError as error:
            seen = type(error).__name__
        else:
            if answer.status_code == httpx.codes.OK:
                delivered.seen["replayed" if "Idempotency-Replayed" in answer.headers else "applied"] += 1
                return dict(answer.json())
            seen = f"{answer.status_code} {answer.json()['type']}"
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE and "batch-running" not in seen:
                raise NotDelivered(answer.text)
            if "Retry-After" not in answer.headers:
                raise NotDelivered(f"Without Retry-After: {answer.text}")
        delivered.seen[seen] += 1
        if delivered.client.gives_up:
            return None
        await asyncio.sleep(pause)
        pause = min(1.0, pause * 2)
    raise NotDelivered(f"{batch.key} was not answered within {PATIENCE:.0f} s: {dict(delivered.seen)}")
