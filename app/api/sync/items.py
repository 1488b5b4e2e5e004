"""An item of a batch as it comes in: what is to be done, to which of the source's records, and what the record says."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, Final

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from app.api.problems import UNREADABLE, violation_in, violation_of
from app.api.sync.rejections import MOST_TOLD
from app.api.texts import Line
from app.domain.errors import Invalid, Violation, violation
from app.domain.sync import OPERATIONS, ItemType, Operation, Phase

ExternalId = Annotated[Line, Field(max_length=100, description="The source's own id.", examples=["I-2021-000317"])]
EXTERNAL_ID: Final = TypeAdapter(ExternalId)
_MEMBERS: Final = frozenset({"op", "type", "external_id", "data"})
_TYPES: Final = {each.value: each for each in ItemType}
_OPERATIONS: Final = {each.value: each for each in Operation}
_KEYS: Final = re.compile(rb'"[ \t\r\n]*:')
_NESTED: Final = (dict, list)
DEEPEST: Final = 20
"""Levels of objects and arrays in an item: no kind needs half of them, and what is nested without end is nobody's record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    operation: Operation
    type: ItemType
    external_id: str

    @property
    def phase(self) -> Phase:
        return self.operation, self.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`data` is what the item says, read by the model of its kind; None of an item that says nothing."""

    line: int
    operation: Operation
    type: ItemType
    external_id: str
    data: Any


class Unreadable(Invalid):
    """An item that cannot be applied, with as much of what it is as could be read."""

    def __init__(self, violations: list[Violation], item_type: ItemType | None, external_id: str | None) -> None:
        super().__init__(violations)
        self.type = item_type
        self.external_id = external_id


def parse(text: bytes) -> dict[str, Any]:
    """The object that an item is. Raises Invalid for what is no JSON object, is nested too deeply, or has a key twice."""
    try:
        found = orjson.loads(text)
    except ValueError:
        raise Invalid([UNREADABLE]) from None
    if not isinstance(found, dict):
        raise Invalid([violation("", "not-an-object", "An item is a JSON object.")])
    # Of a key that is repeated, one is lost. Each key is followed by a colon: where there are as many of these as there are keys, none
    # was lost. Otherwise it is looked at closely: the text of a value may have one, too.
    if _colons(text) != _count_keys(found):
        json.loads(text, object_pairs_hook=_once)
    return found


def _colons(text: bytes) -> int:
    """How many follow the end of a string. Where there is no space between any two, they are counted ten times as fast."""
    if (b" " in text and b'" ' in text) or b"\t" in text or b"\r" in text or b"\n" in text:
        return len(_KEYS.findall(text))
    return text.count(b'":')


def _count_keys(found: dict[str, Any]) -> int:
    count = 0
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for each in level:
            values = each
            if type(each) is dict:
                count += len(each)
                values = each.values()
            for value in values:
                if type(value) in _NESTED:
                    below.append(value)  # noqa: PERF401 - of every object, a list of its own would be made
        if not below:
            return count
        level = below
    raise Invalid([violation("", "too-deep", f"At most {DEEPEST} levels of objects and arrays.")])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Invalid([violation("", "repeated-key", "An object has the same key twice.")])
    return found


def envelope(found: dict[str, Any]) -> Envelope:
    """Raises Unreadable."""
    wrong: list[Violation] = []
    item_type, external_id = _type(found, wrong), _external_id(found, wrong)
    operation = _operation(found, item_type, wrong)
    if not found.keys() <= _MEMBERS:
        wrong.extend(islice(_strangers(found), MOST_TOLD))
    if wrong or item_type is None or external_id is None or operation is None:
        raise Unreadable(wrong, item_type, external_id)
    return Envelope(operation=operation, type=item_type, external_id=external_id)


def _type(found: dict[str, Any], wrong: list[Violation]) -> ItemType | None:
    asked = found.get("type")
    if isinstance(asked, str) and asked in _TYPES:
        return _TYPES[asked]
    wrong.append(violation("/type", "unknown-type", f"One of {', '.join(ItemType)}."))
    return None


def _external_id(found: dict[str, Any], wrong: list[Violation]) -> str | None:
    try:
        return EXTERNAL_ID.validate_python(found.get("external_id"), strict=True)
    except ValidationError as error:
        wrong.extend(violation_of(each, [], prefix="/external_id") for each in error.errors())
        return None


def _operation(found: dict[str, Any], item_type: ItemType | None, wrong: list[Violation]) -> Operation | None:
    asked = found.get("op", Operation.UPSERT)
    if item_type is None:
        return None
    if isinstance(asked, str) and asked in OPERATIONS[item_type]:
        return _OPERATIONS[asked]
    wrong.append(violation("/op", "unknown-operation", f"Of type {item_type}: {', '.join(OPERATIONS[item_type])}."))
    return None


def _strangers(found: dict[str, Any]) -> Iterator[Violation]:
    for name in sorted(found.keys() - _MEMBERS):
        pointer = name.replace("~", "~0").replace("/", "~1")
        yield violation(f"/{pointer}", "extra-forbidden", "An item has no such member.")


def read(line: int, text: bytes, phase: Phase, model: TypeAdapter[Any] | None) -> Item:
    """The item with its data. Raises Unreadable where the data does not fit; `model` is None where there is nothing to say."""
    found = orjson.loads(text)
    operation, item_type = phase
    external_id, data = found["external_id"], found.get("data")
    if model is None:
        if data is not None:
            wrong = [violation("/data", "extra-forbidden", f"Nothing is said with {operation}.")]
            raise Unreadable(wrong, item_type, external_id)
        said = None
    else:
        try:
            said = model.validate_python(data)
        except ValidationError as error:
            wrong = [violation_in(each, data, prefix="/data") for each in error.errors(include_url=False)[:MOST_TOLD]]
            raise Unreadable(wrong, item_type, external_id) from None
    return Item(line=line, operation=operation, type=item_type, external_id=external_id, data=said)
