"""Bodies that are sent to break whoever reads them, for an operation that takes JSON."""

import gzip
import json
from typing import Any, Final

SMALL_ID: Final = "00000000-0000-4000-8000-00000000abcd"


def plan(**changes: Any) -> bytes:
    """A body for `POST /v1/plans`, with something in it that is not right."""
    body: dict[str, Any] = {
        "enrolment_id": SMALL_ID,
        "programme": "PUMPURS",
        "semester": "2021-1",
        "from": "2021-09-01",
        "risk_ids": [],
        "planned_measures": [],
        "providers": [],
    }
    return json.dumps(body | changes).encode()


def nested(opened: str, closed: str, times: int) -> bytes:
    return (opened * times + closed * times).encode()


BODIES: Final[dict[str, bytes]] = {
    "nothing": b"",
    "blanks": b" \n\t " * 10_000,
    "half of an object": plan()[:-10],
    "a quote that never ends": b'{"programme": "' + b"x" * 100_000,
    "more than one value": plan() + plan(),
    "arrays in arrays": nested("[", "]", 500_000),
    "arrays in arrays that nearly pass": nested("[", "]", 900),
    "objects in objects": nested('{"a":', "}", 100_000),
    "an object within, nested as deep as the parser goes": plan(programme=json.loads(nested("[", "]", 400))),
    "brackets that never close": b"[" * 1_000_000,
    "a huge number": b'{"programme": ' + b"9" * 500_000 + b"}",
    "a number beyond all": b'{"programme": 1e999999}',
    "a number of four thousand digits": b'{"programme": ' + b"9" * 4_000 + b"}",
    "a fraction of many digits": b'{"programme": 0.' + b"1" * 500_000 + b"}",
    "NaN": b'{"programme": NaN}',
    "Infinity": b'{"programme": [-Infinity, Infinity]}',
    "a huge text": plan(programme="x" * 900_000),
    "a huge text where a list belongs": plan(risk_ids="x" * 900_000),
    "a long list of wrong ids": plan(risk_ids=["x"] * 200_000),
    "a long list of right ids": plan(risk_ids=[SMALL_ID] * 20_000),
    "a long list of empty objects": plan(planned_measures=[{}] * 200_000),
    "a long list of long lists": plan(providers=[["x"] * 1_000] * 100),
    "many keys": json.dumps({f"key{n}": n for n in range(50_000)}).encode(),
    "a huge key": json.dumps({"x" * 900_000: 1}).encode(),
    "the same key again and again": b"{" + b",".join([b'"programme": "PUMPURS"'] * 30_000) + b"}",
    "a list": b"[1, 2, 3]",
    "a text": b'"PUMPURS"',
    "a number": b"42",
    "null": b"null",
    "no UTF-8": b'{"programme": "\xff\xfe\xfa"}',
    "half a character": b'{"programme": "\xe2\x82"}',
    "half a surrogate": b'{"programme": "\\ud800"}',
    "a null character": b'{"programme": "\\u0000"}',
    "UTF-16": plan().decode().encode("utf-16"),
    "bytes": bytes(range(256)) * 1_000,
    "a bomb of gzip": gzip.compress(b"[" * 50_000_000),
    "XML that eats memory": b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
    "a prototype": b'{"__proto__": {"admin": true}, "constructor": {}}',
    "wrong types": plan(enrolment_id={}, programme=[], semester=20211, risk_ids={"a": 1}, planned_measures=True),
    "dates beyond the calendar": plan(**{"from": "99999-99-99"}),
    "dates of another kind": plan(**{"from": -(10**18)}),
}
