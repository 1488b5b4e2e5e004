"""Bodies that make no sense as a whole: nothing of them is read as items, nothing is kept, not even a report."""

import gzip
import json
import zlib
from itertools import pairwise

import pytest

from tests.sync.batches import ndjson
from tests.sync.broken import Desk

JSON = {"Content-Type": "application/json"}
ZIPPED = {"Content-Encoding": "gzip"}
WHOLE = gzip.compress(b'{"type": "risk", "external_id": "R-1", "op": "delete"}\n' * 200)

GZIP = {
    "plain text": b'{"type": "risk"}\n',
    "one byte": b"\x1f",
    "half of the header": WHOLE[:5],
    "the header alone": WHOLE[:10],
    "cut in the middle": WHOLE[: len(WHOLE) // 2],
    "without its check sum": WHOLE[:-8],
    "without its length": WHOLE[:-4],
    "without its last byte": WHOLE[:-1],
    "a bit turned over in the data": WHOLE[:30] + bytes([WHOLE[30] ^ 0x10]) + WHOLE[31:],
    "a wrong check sum": WHOLE[:-8] + bytes(4) + WHOLE[-4:],
    "a wrong length": WHOLE[:-4] + bytes(4),
    "something after it": WHOLE + b"and more",
    "noughts after it": WHOLE + bytes(512),
    "a second member that is cut": WHOLE + WHOLE[:-6],
    "an empty member and half of another": gzip.compress(b"") + WHOLE[:40],
    "zlib without gzip's header": zlib.compress(b"{}\n" * 50),
    "another method": WHOLE[:2] + b"\x07" + WHOLE[3:],
    "compressed twice": b"PK\x03\x04" + WHOLE,
}


@pytest.mark.parametrize("body", GZIP.values(), ids=GZIP)
async def test_damaged_gzip(desk: Desk, body: bytes) -> None:
    await desk.refuses(body, 422, "body-invalid", headers=ZIPPED)


ARRAYS = {
    "a word": b"nothing",
    "a text": b'"[]"',
    "a number": b"7",
    "an object without items": b'{"rows": []}',
    "another member before the items": b'{"more": false, "items": []}',
    "items that are no array": b'{"items": {"type": "risk"}}',
    "never opened": b"1, 2]",
    "never closed": b'[{"type": "risk"}',
    "cut in a text": b'[{"type": "ri',
    "cut after a backslash": b'[{"type": "ri\\',
    "cut after the opening": b"[",
    "cut after a comma": b'[{"type": "risk"},',
    "an item is missing at the end": b"[1,]",
    "an item is missing at the start": b"[,1]",
    "an item is missing between": b"[1,,1]",
    "closed twice": b"[1]]",
    "closed with another bracket": b"[1}]",
    "two arrays": b"[1] [2]",
    "a word after it": b"[1] and more",
    "the object is not closed": b'{"items": [1]',
    "the object is closed twice": b'{"items": [1]}}',
    "another member after the items": b'{"items": [1], "more": true}',
    "a mark of the order of bytes before it": b"\xef\xbb\xbf[1]",
    "UTF-16": "[1]".encode("utf-16"),
    "lines": ndjson([{"type": "risk"}, {"type": "risk"}]),
    "blanks without end": b" " * 100_000 + b"x",
}


@pytest.mark.parametrize("body", ARRAYS.values(), ids=ARRAYS)
async def test_broken_arrays(desk: Desk, body: bytes) -> None:
    await desk.refuses(body, 422, "body-invalid", headers=JSON)


EMPTY = {
    "nothing": (b"", {}),
    "blanks": (b"  \t \r\n  ", {}),
    "lines that are empty": (b"\n" * 100_000, {}),
    "an empty array": (b" [ ] ", JSON),
    "an object with an empty array": (b'{"items": []}', JSON),
    "an empty array, compressed": (gzip.compress(b"[]"), JSON | ZIPPED),
    "nothing, compressed": (gzip.compress(b""), ZIPPED),
    "no gzip where gzip was announced": (b"", ZIPPED),
    "several members without anything": (gzip.compress(b"") * 3, ZIPPED),
    "empty lines in several members": (gzip.compress(b"\n") * 3, ZIPPED),
}


@pytest.mark.parametrize(("body", "headers"), EMPTY.values(), ids=EMPTY)
async def test_nothing_in_it(desk: Desk, body: bytes, headers: dict[str, str]) -> None:
    await desk.refuses(body, 422, "empty-batch", headers=headers)


KINDS_OF_MEDIA = [
    "",
    "text/plain",
    "text/csv",
    "application/xml",
    "application/jsonl",
    "application/octet-stream",
    "application/merge-patch+json",
    "application/json-seq",
    "application/problem+json",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/gzip",
    "*/*",
    "ndjson",
    "application/x-ndjson; charset=iso-8859-13",
    "application/json; charset=utf-16",
]


@pytest.mark.parametrize("kind", KINDS_OF_MEDIA)
async def test_another_kind_of_media(desk: Desk, kind: str) -> None:
    await desk.refuses(b"[]", 415, "unsupported-media-type", headers={"Content-Type": kind})


ENCODINGS = [
    "br",
    "deflate",
    "zstd",
    "compress",
    "gzip, gzip",
    "gzip, br",
    "identity, gzip",
    "gzip;q=1",
    "zip",
    "utf-8",
    "*",
]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_another_encoding(desk: Desk, encoding: str) -> None:
    await desk.refuses(WHOLE, 415, "unsupported-media-type", headers={"Content-Encoding": encoding})


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", " gzip ", "x-gzip"])
@pytest.mark.parametrize("kind", ["application/x-ndjson; charset=UTF-8", "Application/X-NDJSON"])
async def test_the_same_said_otherwise(desk: Desk, encoding: str, kind: str) -> None:
    report = await desk.takes(
        gzip.compress(ndjson([desk.good()])), {"Content-Encoding": encoding, "Content-Type": kind}
    )
    assert report["items"] == 1


async def test_several_members_are_one_body(desk: Desk) -> None:
    lines = ndjson([desk.good(), desk.good(), desk.good()])
    cuts = [0, 1, len(lines) // 2, len(lines) // 2, len(lines)]
    members = b"".join(gzip.compress(lines[first:last]) for first, last in pairwise(cuts))
    assert (await desk.takes(members, ZIPPED))["items"] == 3


@pytest.mark.parametrize("more", [-1, 0, 1])
@pytest.mark.parametrize("steps", [1, 2])
async def test_a_body_of_whole_megabytes(desk: Desk, more: int, steps: int) -> None:
    """As much as is decompressed at a time, or one byte more or less."""
    lines = ndjson([desk.good()]).ljust((steps << 20) + more, b"\n")
    assert (await desk.takes(gzip.compress(lines), ZIPPED))["items"] == 1
    assert (await desk.takes(gzip.compress(ndjson([desk.good()])) + gzip.compress(lines), ZIPPED))["items"] == 2


KEYS = {
    "empty": "",
    "a blank": " ",
    "blanks within": "night 1",
    "too long": "k" * 101,
    "far too long": "k" * 10_000,
    "a tab": "night\t1",
    "Latvian": "nakts-ķ".encode().decode("latin-1"),
    "an accent in Latin": "nuit-\xe9",
    "a control character": "night-\x7f",
    "the whole of a byte": "\xff",
    "an emoji": "\U0001f319".encode().decode("latin-1"),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
async def test_keys_that_are_none(desk: Desk, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    await desk.asks_for_a_key(headers)


async def test_without_a_key(desk: Desk) -> None:
    await desk.asks_for_a_key([])


@pytest.mark.parametrize(("name", "value"), [("mode", "try"), ("mode", ""), ("atomic", "none"), ("atomic", "ALL")])
async def test_other_ways_of_taking_a_batch(desk: Desk, name: str, value: str) -> None:
    await desk.refuses(ndjson([desk.good()]), 422, "enum", **{name: value})


def test_every_kind_has_ten_examples() -> None:
    assert min(len(kind) for kind in (GZIP, ARRAYS, EMPTY, KINDS_OF_MEDIA, ENCODINGS, KEYS)) >= 10


def test_none_of_the_broken_arrays_is_a_batch() -> None:
    for body in ARRAYS.values():
        try:
            found = json.loads(body.decode())
        except ValueError:
            continue
        assert not isinstance(found, list)
        assert not isinstance(found, dict) or found.keys() != {"items"} or not isinstance(found["items"], list)
