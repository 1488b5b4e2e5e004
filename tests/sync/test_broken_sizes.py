"""Batches that are too large, under limits that are small: of bytes before and after decompression, of one item, and of items."""

import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import httpx
import pytest

from app.api.sync.limits import BatchLimits
from app.api.sync.rejections import MOST_TOLD
from app.main import create_app
from app.settings import Settings
from tests.api.delivered import active_plan
from tests.factories import Json, World
from tests.sync.batches import item, ndjson, sent
from tests.sync.broken import Desk

LIMITS = BatchLimits(size=20_000, items=50, item_size=2_000)
JSON = {"Content-Type": "application/json"}
ZIPPED = {"Content-Encoding": "gzip"}


@pytest.fixture(scope="module")
async def desk(settings: Settings, world: World, owner: asyncpg.Connection) -> AsyncIterator[Desk]:
    """As elsewhere, of a service that takes little."""
    app = create_app(settings)
    app.state.register = small = replace(app.state.register, batches=LIMITS)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as http:
        yield Desk(http=http, world=world, owner=owner, plan=await active_plan(http, world, owner))
    await small.database.close()


def gone(number: int, **more: str) -> Json:
    """The shortest item there is: a deletion of what is not there."""
    return item("intervention", f"gone-{number}", op="delete") | more


def array(*texts: bytes) -> bytes:
    return b"[" + b",".join(texts) + b"]"


FEW = ndjson([gone(number) for number in range(20)])
BEYOND = LIMITS.size + 1
TOO_LARGE: dict[str, tuple[bytes, dict[str, str]]] = {
    "one byte": (FEW.ljust(BEYOND, b"\n"), {}),
    "far": (FEW.ljust(BEYOND * 100, b"\n"), {}),
    "lines that are empty": (b"\n" * BEYOND, {}),
    "an array, by blanks after it": (array(*FEW.splitlines()).ljust(BEYOND), JSON),
    "an array, by blanks before it": (array(*FEW.splitlines()).rjust(BEYOND), JSON),
    "blanks alone": (b" " * BEYOND, JSON),
    "a bomb": (gzip.compress(b"\n" * 50_000_000), ZIPPED),
    "a bomb of items": (gzip.compress(FEW + b"\n" * 30_000_000 + FEW), ZIPPED),
    "a bomb in an array": (gzip.compress(b" " * 30_000_000 + b"[]"), ZIPPED | JSON),
    "a bomb of many members": (gzip.compress(b"\n" * 1_000) * 1_000, ZIPPED),
    "a bomb behind an empty member": (gzip.compress(b"") + gzip.compress(b"\n" * 5_000_000), ZIPPED),
    "a bomb that is damaged at its end": (gzip.compress(b"\n" * 5_000_000)[:-4], ZIPPED),
    "compressed, by one byte": (gzip.compress(FEW.ljust(BEYOND, b"\n")), ZIPPED),
}


@pytest.mark.parametrize(("body", "headers"), TOO_LARGE.values(), ids=TOO_LARGE)
async def test_a_batch_that_is_too_large(desk: Desk, body: bytes, headers: dict[str, str]) -> None:
    await desk.refuses(body, 413, "content-too-large", headers=headers)


LONG = json.dumps(gone(1, data="x" * LIMITS.item_size)).encode()
SHORT = ndjson([gone(0)]).strip()
TOO_LONG: dict[str, tuple[bytes, dict[str, str]]] = {
    "alone": (LONG, {}),
    "alone on a line": (LONG + b"\n", {}),
    "the first": (LONG + b"\n" + SHORT, {}),
    "the last": (SHORT + b"\n" + LONG + b"\n", {}),
    "without an end": (SHORT + b'\n{"type": "' + b"x" * 10_000, {}),
    "of blanks": (SHORT + b"\n" + b" " * 2_001 + b"\n", {}),
    "by blanks around it": (SHORT.center(2_001), {}),
    "no JSON": (b"x" * 10_000, {}),
    "in an array": (array(SHORT, LONG), JSON),
    "in an array in an object": (b'{"items": ' + array(LONG, SHORT) + b"}", JSON),
    "in an array that has no end": (b"[" + LONG, JSON),
    "an array in an array": (array(array(*[SHORT] * 50)), JSON),
    "in a text in an array": (b'["' + b"]," * 2_000 + b'"]', JSON),
    "compressed": (gzip.compress(SHORT + b"\n" + LONG), ZIPPED),
    "in two members": (gzip.compress(LONG[:1_500]) + gzip.compress(LONG[1_500:]), ZIPPED),
}


@pytest.mark.parametrize(("body", "headers"), TOO_LONG.values(), ids=TOO_LONG)
async def test_an_item_that_is_too_long(desk: Desk, body: bytes, headers: dict[str, str]) -> None:
    await desk.refuses(body, 422, "body-invalid", headers=headers)


MANY = [gone(number) for number in range(LIMITS.items + 1)]
TOO_MANY: dict[str, tuple[bytes, dict[str, str]]] = {
    "one": (ndjson(MANY), {}),
    "without an end of the last line": (ndjson(MANY).rstrip(), {}),
    "with empty lines": (ndjson(MANY).replace(b"\n", b"\n\n"), {}),
    "the same again and again": (ndjson(MANY[:1] * 51), {}),
    "no items": (b"x\n" * 51, {}),
    "numbers": (b"1\n" * 9_999, {}),
    "in an array": (array(*ndjson(MANY).splitlines()), JSON),
    "in an object": (b'{"items": ' + array(*ndjson(MANY).splitlines()) + b"}", JSON),
    "numbers in an array": (array(*[b"1"] * 9_000), JSON),
    "in an array that has no end": (b"[" + b"1," * 9_000, JSON),
    "compressed": (gzip.compress(ndjson(MANY)), ZIPPED),
    "in many members": (b"".join(gzip.compress(ndjson([each])) for each in MANY), ZIPPED),
}


@pytest.mark.parametrize(("body", "headers"), TOO_MANY.values(), ids=TOO_MANY)
async def test_too_many_items(desk: Desk, body: bytes, headers: dict[str, str]) -> None:
    await desk.refuses(body, 422, "too-many-items", headers=headers)


async def test_a_batch_is_as_large_as_it_may_be(desk: Desk) -> None:
    lines = MANY[: LIMITS.items]
    lines[0] = gone(0, data="")
    lines[0]["data"] = "x" * (LIMITS.item_size - len(json.dumps(lines[0])))
    body = ndjson(lines)
    assert len(body.splitlines()[0]) == LIMITS.item_size
    report = await sent(desk.http, desk.world, body.ljust(LIMITS.size, b"\n"))
    assert (report["items"], [each["line"] for each in report["rejected"]]) == (LIMITS.items, [1])


async def test_of_one_item_a_few_faults_are_told(desk: Desk) -> None:
    wide = {f"k{number}": 1 for number in range(150)}
    broken = [gone(1) | wide, item("intervention", "W", wide), item("intervention", "V", {"plan": [[]] * 300})]
    report = await sent(desk.http, desk.world, ndjson(broken))
    told = [len(each["violations"]) for each in report["rejected"]]
    assert told[:2] == [MOST_TOLD] * 2
    assert 0 < told[2] < MOST_TOLD


def test_every_kind_has_ten_examples() -> None:
    assert min(len(kind) for kind in (TOO_LARGE, TOO_LONG, TOO_MANY)) >= 10
