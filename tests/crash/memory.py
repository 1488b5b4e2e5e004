"""A body of many megabytes, made while it is sent, and by how much the service grows meanwhile. `make crash` sends 200 MB."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import uuid4

import httpx

from tests.crash.house import House
from tests.crash.runs import Scene
from tests.factories import Json
from tests.sync.batches import consultation, item

CHUNK = 1 << 16
MEGABYTE = 1_000_000


def _line(each: Json) -> bytes:
    return json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def good(plans: list[Json]) -> Iterator[bytes]:
    """Interventions of some 420 bytes that are all recorded: fewer in 200 MB than a batch may have."""
    random, number = Random(1), 0
    while True:
        number += 1
        stated = {
            "attendance": "ILL",
            "on": f"2021-10-{random.randint(11, 29)}",
            "hours": random.choice(["1.00", "1.50"]),
        }
        yield _line(item("intervention", f"good-{number:060}", consultation(random.choice(plans), **stated)))


def rejected(plans: list[Json]) -> Iterator[bytes]:
    """The same under plans that were never sent."""
    for number, line in enumerate(good(plans)):
        each = json.loads(line)
        each["external_id"] = f"bad-{number:060}"
        each["data"]["plan"] = f"P-{number:060}"
        yield _line(each)


def wide(plans: list[Json]) -> Iterator[bytes]:  # noqa: ARG001 - as the others are made
    """Items of nearly a megabyte, with as many wrong members as there is room for."""
    members = {f"k{member}": 1 for member in range(80_000)}
    number = 0
    while True:
        number += 1
        yield _line(item("intervention", f"wide-{number}", members))


KINDS: dict[str, Callable[[list[Json]], Iterator[bytes]]] = {"good": good, "rejected": rejected, "wide": wide}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """`sent` and `grown` are bytes: of the body before compression, and of the process at its largest since it was at rest."""

    kind: str
    sent: int
    grown: int
    seconds: float
    report: Json


def _chunks(lines: Iterator[bytes], size: int) -> Iterator[bytes]:
    chunk, done = bytearray(), 0
    for line in lines:
        if done + len(chunk) + len(line) > size:
            break
        chunk += line
        if len(chunk) >= CHUNK:
            done += len(chunk)
            yield bytes(chunk)
            chunk.clear()
    yield bytes(chunk)


async def _body(lines: Iterator[bytes], size: int, *, zipped: bool) -> AsyncIterator[bytes]:
    squeeze = zlib.compressobj(1, wbits=16 + zlib.MAX_WBITS)
    for chunk in _chunks(lines, size):
        made = squeeze.compress(chunk) if zipped else chunk
        if made:
            yield made
    if zipped:
        yield squeeze.flush()


WHOLE = (("rejected", False), ("wide", True), ("good", True))
"""What `make crash` sends 200 MB of, compressed or not."""
LEAST = 150 * MEGABYTE
"""The service grows by less."""


async def grow(stage: Scene, kind: str, size: int, *, zipped: bool) -> Grown:
    house = stage.house
    rest = resident(house)
    reset_peak(house)
    headers = {
        **stage.world.sync(stage.world.school),
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": uuid4().hex,
        **({"Content-Encoding": "gzip"} if zipped else {}),
    }
    started = asyncio.get_running_loop().time()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.port}", timeout=1_800) as http:
        body = _body(KINDS[kind](stage.plans), size, zipped=zipped)
        answer = await http.post("/v1/sync/batches", content=body, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return Grown(
        kind=f"{kind}, {'compressed' if zipped else 'plain'}",
        sent=size,
        grown=peak(house) - rest,
        seconds=asyncio.get_running_loop().time() - started,
        report=answer.json(),
    )


def resident(house: House) -> int:
    return _status(house, "VmRSS")


def peak(house: House) -> int:
    """The largest that the process has been since `reset_peak`."""
    return _status(house, "VmHWM")


def reset_peak(house: House) -> None:
    assert house.service is not None
    Path(f"/proc/{house.service.pid}/clear_refs").write_text("5")


def _status(house: House, name: str) -> int:
    assert house.service is not None
    status = Path(f"/proc/{house.service.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1]) * 1024
