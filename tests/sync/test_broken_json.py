"""Lines that are no items: each is left out alone, and told by one violation. The line before and the line after are recorded."""

import json
from typing import Any

import pytest

from tests.sync.batches import consultation, item
from tests.sync.broken import Desk

NO_UTF8 = {
    "a byte of no character": b'{"type": "risk", "external_id": "R-\xff"}',
    "half a character": b'{"type": "risk", "external_id": "R-\xc4"}',
    "the other half": b'{"type": "risk", "external_id": "R-\x81"}',
    "a character cut by the end of the line": b'{"type": "risk", "external_id": "R-\xe2\x82',
    "a character that is too long": b'{"type": "risk", "external_id": "R-\xc0\xaf"}',
    "a surrogate": b'{"type": "risk", "external_id": "R-\xed\xa0\x80"}',
    "beyond Unicode": b'{"type": "risk", "external_id": "R-\xf4\x90\x80\x80"}',
    "a key": b'{"type": "risk", "\xff": 1}',
    "Windows-1257": "{'type': 'Ērgļi'}".encode("windows-1257"),
    "ISO 8859-13": '{"type": "risk", "external_id": "Ē"}'.encode("iso-8859-13"),
    "UTF-16": '{"type": "risk"}'.encode("utf-16-le").replace(b"\n", b""),
    "UTF-16 with a mark": '{"type": "risk"}'.encode("utf-16").replace(b"\n", b""),
    "UTF-32": '{"type": "risk"}'.encode("utf-32-be").replace(b"\n", b""),
    "a mark before it": b'\xef\xbb\xbf{"type": "risk", "external_id": "R-1"}',
    "only bytes": bytes(range(128, 256)),
    "within the data": b'{"type": "risk", "external_id": "R-1", "data": {"severity": "\xfe\xff"}}',
}
NO_JSON = {
    "a word": b"risk",
    "cut in the middle": b'{"type": "risk", "external_id": "R-',
    "not closed": b'{"type": "risk"',
    "closed twice": b'{"type": "risk"}}',
    "two on one line": b'{"type": "risk"} {"type": "risk"}',
    "a comma after it": b'{"type": "risk"},',
    "a comma at its end": b'{"type": "risk",}',
    "single quotes": b"{'type': 'risk'}",
    "no quotes": b"{type: risk}",
    "a comment": b'{"type": "risk"} // of Monday',
    "NaN": b'{"type": "risk", "data": NaN}',
    "Infinity": b'{"type": "risk", "data": -Infinity}',
    "a number that begins with 0": b'{"type": "risk", "data": 007}',
    "a number beyond all": b'{"type": "risk", "data": 1e999}',
    "a number of five thousand digits": b'{"x": 1, "x": 1, "n": ' + b"9" * 5_000 + b"}",
    "a control character in a text": b'{"type": "ri\x01sk"}',
    "a null byte": b'{"type": "risk"}\x00',
    "half a surrogate": b'{"type": "risk", "external_id": "R-\\ud800"}',
    "another escape": b'{"type": "risk", "external_id": "R-\\x41"}',
    "XML": b"<item type='risk'/>",
    "CSV": b"risk;R-1;2021-09-20",
}
NO_OBJECT = {
    "null": b"null",
    "true": b"true",
    "a number": b"17",
    "a number with a sign": b"-1",
    "a fraction": b"0.5",
    "a huge number": b"1e300",
    "a text": b'"risk"',
    "an empty text": b'""',
    "an array": b'[{"type": "risk"}]',
    "an empty array": b"[]",
    "an array of arrays": b"[[[]]]",
}


def nested(opened: str, closed: str, times: int, within: str = "1") -> bytes:
    return f'{{"type": "risk", "external_id": "R-1", "data": {opened * times}{within}{closed * times}}}'.encode()


TOO_DEEP = {
    "21 arrays": nested("[", "]", 21),
    "100 arrays": nested("[", "]", 100),
    "450 arrays": nested("[", "]", 450),
    "900 arrays": nested("[", "]", 900),
    "1,020 arrays": nested("[", "]", 1_020),
    "25 objects": nested('{"a":', "}", 25),
    "300 objects": nested('{"a":', "}", 300),
    "500 objects": nested('{"a":', "}", 500),
    "1,000 objects": nested('{"a":', "}", 1_000),
    "400 of both": nested('{"a":[', "]}", 200),
    "with a key that is doubled at the bottom": nested('{"a":', "}", 400, '{"b": 1, "b": 2}'),
    "with what looks like a key at the bottom": nested('{"a":', "}", 400, '"\\":"'),
    "beside other members": b'{"type": "risk", "external_id": "R-1", "more": ' + b"[" * 800 + b"]" * 800 + b"}",
}
"""Of more than 1,024 levels the reader says that they are no JSON."""
DEEPER = {
    f"{times:,} {name}": nested(opened, closed, times)
    for name, opened, closed in (("arrays", "[", "]"), ("objects", '{"a":', "}"))
    for times in (1_100, 2_000, 10_000, 50_000, 100_000)
}
REPEATED = {
    "type": b'{"type": "risk", "type": "plan", "external_id": "R-1"}',
    "op": b'{"op": "upsert", "op": "delete", "type": "risk", "external_id": "R-1"}',
    "external_id": b'{"type": "risk", "external_id": "R-1", "external_id": "R-2"}',
    "data": b'{"type": "risk", "external_id": "R-1", "data": {}, "data": {}}',
    "the same value": b'{"type": "risk", "type": "risk", "external_id": "R-1"}',
    "a field": b'{"type": "risk", "external_id": "R-1", "data": {"severity": "HIGH", "severity": "LOW"}}',
    "within an array": b'{"type": "plan", "external_id": "P-1", "data": {"risks": [{"id": 1, "id": 2}]}}',
    "with blanks": b'{"type" : "risk", "type"\t:"plan", "external_id": "R-1"}',
    "written in two ways": b'{"type": "risk", "ty\\u0070e": "plan", "external_id": "R-1"}',
    "a stranger": b'{"x": 1, "x": 1, "type": "risk", "external_id": "R-1"}',
    "an empty one": b'{"": 1, "": 1, "type": "risk", "external_id": "R-1"}',
    "beside a huge number": b'{"x": 1, "x": 1, "n": ' + b"9" * 300 + b"}",
}
LINES = {
    "json-invalid": NO_UTF8 | NO_JSON | DEEPER,
    "not-an-object": NO_OBJECT,
    "too-deep": TOO_DEEP,
    "repeated-key": REPEATED,
}
CASES = [
    pytest.param(text, code, id=f"{code}: {name}") for code, lines in LINES.items() for name, text in lines.items()
]


@pytest.mark.parametrize(("text", "code"), CASES)
async def test_lines_that_are_no_items(desk: Desk, text: bytes, code: str) -> None:
    await desk.leaves_out(text, "", code)


def risk(**members: Any) -> bytes:
    """An item with something in it that is not right."""
    return json.dumps({"type": "intervention", "external_id": "X-1", "op": "delete"} | members).encode()


MEMBERS = {
    "a stranger": (risk(id=7), "/id", "extra-forbidden"),
    "a stranger without a name": (risk(**{"": 7}), "/", "extra-forbidden"),
    "a stranger with a slash": (risk(**{"a/b~c": 7}), "/a~1b~0c", "extra-forbidden"),
    "a stranger of another case": (risk(Type="risk"), "/Type", "extra-forbidden"),
    "a stranger with a null character": (risk(**{"a\x00b": 7}), "/a\N{SYMBOL FOR NULL}b", "extra-forbidden"),
    "a stranger with a long name": (risk(**{"x" * 5_000: 7}), "/" + "x" * 198 + "…", "extra-forbidden"),
    "data of a deletion": (risk(data={"reason": "none"}), "/data", "extra-forbidden"),
    "an empty object of a deletion": (risk(data={}), "/data", "extra-forbidden"),
    "another type": (risk(type="grade"), "/type", "unknown-type"),
    "a type of another case": (risk(type="Risk"), "/type", "unknown-type"),
    "a type in the plural": (risk(type="risks"), "/type", "unknown-type"),
    "no type": (b'{"external_id": "X-1"}', "/type", "unknown-type"),
    "a type that is null": (risk(type=None), "/type", "unknown-type"),
    "a type that is a list": (risk(type=["risk"]), "/type", "unknown-type"),
    "a type that is an object": (risk(type={"risk": 1}), "/type", "unknown-type"),
    "another operation": (risk(op="merge"), "/op", "unknown-operation"),
    "an operation of another type": (risk(op="submit"), "/op", "unknown-operation"),
    "an operation that is null": (risk(op=None), "/op", "unknown-operation"),
    "an operation that is a number": (risk(op=1), "/op", "unknown-operation"),
    "an operation that is a list": (risk(op=["delete"]), "/op", "unknown-operation"),
    "no id": (b'{"type": "risk", "op": "delete"}', "/external_id", "string-type"),
    "an id that is null": (risk(external_id=None), "/external_id", "string-type"),
    "an id that is a number": (risk(external_id=17), "/external_id", "string-type"),
    "an id that is true": (risk(external_id=True), "/external_id", "string-type"),
    "an id that is a list": (risk(external_id=["X-1"]), "/external_id", "string-type"),
    "an id that is an object": (risk(external_id={"id": "X-1"}), "/external_id", "string-type"),
    "an empty id": (risk(external_id=""), "/external_id", "string-too-short"),
    "an id that is too long": (risk(external_id="X" * 101), "/external_id", "too-long"),
    "an id that is far too long": (risk(external_id="X" * 500_000), "/external_id", "string-too-long"),
    "an id with a null character": (risk(external_id="X\x00"), "/external_id", "control-character"),
    "an id with a bell": (risk(external_id="X\x07"), "/external_id", "control-character"),
    "an id of two lines": (risk(external_id="X\n1"), "/external_id", "one-line"),
    "an id with a tab": (risk(external_id="X\t1"), "/external_id", "one-line"),
}


@pytest.mark.parametrize(("text", "pointer", "code"), MEMBERS.values(), ids=MEMBERS)
async def test_members_that_are_wrong(desk: Desk, text: bytes, pointer: str, code: str) -> None:
    await desk.leaves_out(text, pointer, code)


FIELDS: dict[str, tuple[str, Any, str, str]] = {
    "hours as a word": ("hours", "many", "/hours", "decimal-parsing"),
    "hours that are true": ("hours", True, "/hours", "decimal-type"),
    "hours as a list": ("hours", [1], "/hours", "decimal-type"),
    "hours below nothing": ("hours", "-1.00", "/hours", "greater-than-equal"),
    "hours of many digits": ("hours", "1.123456789", "/hours", "too-precise"),
    "hours beyond all": ("hours", "1e400", "/hours", "less-than-equal"),
    "hours that are no number": ("hours", "NaN", "/hours", "finite-number"),
    "a day as a number": ("on", 20211011, "/on", "date-from-datetime-inexact"),
    "a day as a word": ("on", "Monday", "/on", "date-from-datetime-parsing"),
    "a day that is not in the calendar": ("on", "2021-02-30", "/on", "date-from-datetime-parsing"),
    "a day with a time": ("on", "2021-10-11T10:00:00", "/on", "date-from-datetime-inexact"),
    "a day that is null": ("on", None, "/on", "date-type"),
    "a day as an object": ("on", {"day": 11}, "/on", "date-type"),
    "a purpose that there is not": ("purpose", "FUN", "/purpose", "enum"),
    "a purpose as a number": ("purpose", 1, "/purpose", "enum"),
    "an attendance of another case": ("attendance", "ill", "/attendance", "enum"),
    "a mode as a list": ("mode", ["REMOTE"], "/mode", "enum"),
    "a support measure as a number": ("support_measure", 5, "/support_measure", "string-type"),
    "a subject as an object": ("subject", {"code": "MATHEMATICS"}, "/subject", "string-type"),
    "a staff member with a null character": ("staff_member", "T\x00", "/staff_member", "string-pattern-mismatch"),
    "a staff member that is too long": ("staff_member", "T" * 10_000, "/staff_member", "string-pattern-mismatch"),
    "a field that there is not": ("grade", 7, "/grade", "extra-forbidden"),
    "a field of the record": ("plan_id", "x", "/plan_id", "extra-forbidden"),
    "a field with a null character": ("a\x00", 7, "/a\N{SYMBOL FOR NULL}", "extra-forbidden"),
    "a field with a very long name": ("y" * 50_000, 7, "/" + "y" * 193 + "…", "extra-forbidden"),
}


@pytest.mark.parametrize(("field", "value", "pointer", "code"), FIELDS.values(), ids=FIELDS)
async def test_fields_of_wrong_types(desk: Desk, field: str, value: Any, pointer: str, code: str) -> None:
    broken = item("intervention", "X-1", consultation(desk.plan, **{field: value}))
    await desk.leaves_out(json.dumps(broken).encode(), f"/data{pointer}", code)


DATA = {
    "missing": b"",
    "null": b', "data": null',
    "a text": b', "data": "none"',
    "a number": b', "data": 0',
    "true": b', "data": true',
    "a list": b', "data": []',
    "a list of objects": b', "data": [{"plan": "P-1"}]',
    "a list of pairs": b', "data": [["plan", "P-1"]]',
    "a fraction": b', "data": 0.5',
    "a huge number": b', "data": ' + b"9" * 300,
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
async def test_data_that_is_no_object(desk: Desk, data: bytes) -> None:
    await desk.leaves_out(b'{"type": "intervention", "external_id": "X-1"' + data + b"}", "/data", "model-type")


def test_every_kind_has_ten_examples() -> None:
    assert (
        min(len(kind) for kind in (NO_UTF8, NO_JSON, NO_OBJECT, TOO_DEEP, DEEPER, REPEATED, MEMBERS, FIELDS, DATA))
        >= 10
    )
