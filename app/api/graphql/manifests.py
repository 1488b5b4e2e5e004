"""The file of operations that a frontend's tools write and a deployment registers, read and checked as a whole.

Two forms: `{"<hash>": "<document>"}`, as GraphQL Code Generator and the Relay compiler write it, and Apollo's
`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "<hash>", "body": "<document>", ...}]}`.
A hash may have `sha256:` before it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLError

from app.api.graphql.documents import MAX_CHARACTERS, Document, read
from app.api.graphql.operations import ALGORITHM, Operation, hash_of
from app.api.graphql.schema import schema

MAX_SIZE: Final = 10_000_000
"""Bytes of a file."""
MAX_OPERATIONS: Final = 1_000
"""Each is kept parsed in every process: some twenty kilobytes, a quarter of a megabyte at most."""
APOLLO: Final = "apollo-persisted-query-manifest"
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"\b(?:query|mutation|subscription)\s+([A-Za-z_]\w*)")
_SCHEMA: Final = schema._schema  # noqa: SLF001 - strawberry offers no other way


class UnfitOperations(Exception):
    """`flaws`: a line for each thing that is wrong with the file."""

    def __init__(self, flaws: list[str]) -> None:
        super().__init__("\n".join(flaws))
        self.flaws = flaws


def operations_in(path: Path) -> dict[str, Operation]:
    """By their hashes. Raises UnfitOperations, which tells of every operation that would not be answered, and why."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnfitOperations([f"{path} cannot be read: {error.strerror}."]) from None
    if len(content) > MAX_SIZE:
        raise UnfitOperations([f"{path} has more than {MAX_SIZE:,} bytes."])
    entries = list(_entries(_json(path, content), path))
    if not 0 < len(entries) <= MAX_OPERATIONS:
        raise UnfitOperations([f"{path} has {len(entries)} operations, and not 1 to {MAX_OPERATIONS:,}."])
    found: dict[str, Operation] = {}
    flaws: list[str] = []
    for digest, text in entries:
        document, wrong = _read(digest, text)
        if digest in found:
            wrong.append("its hash is there twice")
        flaws += [f"{_name(digest, text)}: {each}." for each in wrong]
        if document is not None:
            found[digest] = Operation(text=text, document=document)
    if flaws:
        raise UnfitOperations(flaws)
    return found


def _json(path: Path, content: bytes) -> object:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen = dict(pairs)
        if len(seen) < len(pairs):
            raise UnfitOperations([f"{path} has an object with the same key twice."])
        return seen

    try:
        return json.loads(content, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise UnfitOperations([f"{path} is not JSON."]) from None


def _entries(manifest: object, path: Path) -> Iterator[tuple[str, str]]:
    unknown = UnfitOperations(
        [f'{path} is neither of the form {{"<hash>": "<document>"}} nor an {APOLLO} of version 1.']
    )
    if not isinstance(manifest, Mapping):
        raise unknown
    if "format" not in manifest:
        listed = list(manifest.items())
    elif manifest["format"] == APOLLO and manifest.get("version") == 1 and isinstance(manifest.get("operations"), list):
        stated = [each if isinstance(each, Mapping) else {} for each in manifest["operations"]]
        listed = [(each.get("id"), each.get("body")) for each in stated]
    else:
        raise unknown
    for digest, text in listed:
        if not isinstance(digest, str) or not isinstance(text, str):
            raise unknown
        yield digest.removeprefix(ALGORITHM), text


def _read(digest: str, text: str) -> tuple[Document | None, list[str]]:
    """The document, and what is wrong with it."""
    wrong = []
    if not _HASH.fullmatch(digest):
        wrong.append(f'"{digest[:70]}" is no SHA-256 in lower-case hexadecimal digits: have the tool write that')
    elif hash_of(text) != digest:
        wrong.append("its hash is not the SHA-256 of its text")
    if len(text) > MAX_CHARACTERS:
        return None, [*wrong, f"it has more than {MAX_CHARACTERS:,} characters"]
    try:
        document = read(text, _SCHEMA)
    except GraphQLError as error:
        return None, [*wrong, _said(error)]
    return document, [*wrong, *map(_said, document.flaws)]


def _said(error: GraphQLError) -> str:
    place = error.locations[0] if error.locations else None
    message = error.message.rstrip(".")
    return message if place is None else f"line {place.line}, column {place.column}: {message}"


def _name(digest: str, text: str) -> str:
    named = _NAME.search(text)
    return f"{named[1]} ({digest[:12]})" if named else digest[:12]
