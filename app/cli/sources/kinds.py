"""Of what kind a field is, as the register's own JSON Schema says it: a table has nothing but text, and JSON has more."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.client import Schema


class Kind(StrEnum):
    TEXT = "text"
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"


Node = Mapping[str, Any]


def kind_of(schema: Schema, type_: str, path: tuple[str, ...], op: str = "upsert") -> Kind | None:
    """Of the field at this path in the data of such an item; `[]` stands for any element of a list. None where there is none."""
    root = next((each.schema for each in schema.types if each.type == type_), None)
    if root is None:
        return None
    nodes = list(_meant(root, root, op))
    for name in ("data", *path):
        nodes = [meant for node in nodes for each in _under(node, name) for meant in _meant(each, root, op)]
    if not nodes:
        return None
    kinds = [kind for node in nodes if (kind := _kind(node)) is not None]
    # What may be an amount or its text is an amount; what may be a number or an id of the source is the id.
    for preferred in (Kind.DATE, Kind.NUMBER, Kind.TEXT, Kind.INTEGER, Kind.BOOLEAN):
        if preferred in kinds:
            return preferred
    return Kind.TEXT


def _meant(node: Node, root: Node, op: str) -> Iterator[Node]:
    """The node itself, what it refers to, each of those between which it leaves the choice, and what it says of this operation."""
    if "$ref" in node:
        target: Any = root
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        yield from _meant(target, root, op)
        return
    yield node
    for each in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
        yield from _meant(each, root, op)
    if "then" in node and node.get("if", {}).get("properties", {}).get("op", {}).get("const") == op:
        yield from _meant(node["then"], root, op)


def _under(node: Node, name: str) -> Iterator[Node]:
    if name == "[]":
        if "items" in node:
            yield node["items"]
    elif name in node.get("properties", {}):
        yield node["properties"][name]


def _kind(node: Node) -> Kind | None:
    match node.get("type"):
        case "string":
            return Kind.DATE if node.get("format") == "date" else Kind.TEXT
        case "integer":
            return Kind.INTEGER
        case "number":
            return Kind.NUMBER
        case "boolean":
            return Kind.BOOLEAN
        case None if "enum" in node or "const" in node:
            return Kind.TEXT
        case _:
            return None
