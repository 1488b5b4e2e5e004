"""Cuts a body into its items while it arrives: by lines, or at the commas of one JSON array. Nothing is kept but the item that is
being read.
"""

import re
from collections.abc import Iterator
from typing import Final, Protocol

from app.domain.errors import Invalid, violation

Piece = tuple[int, bytes]
"""Which item it is, counted from 1, and its text. Of lines, the number of the line."""

_MARKS: Final = re.compile(rb'["\[\]{},]')
_QUOTE: Final = re.compile(rb'["\\]')
_SPACE: Final = b" \t\r\n"
_OPENING: Final = re.compile(rb'(?:\{[ \t\r\n]*"items"[ \t\r\n]*:[ \t\r\n]*)?\[')
_LONGEST_OPENING: Final = 200


class Splitter(Protocol):
    """`feed` gives the items that are complete, `end` what is left. Both raise Invalid where the body as a whole makes no sense."""

    def feed(self, chunk: bytes) -> Iterator[Piece]: ...

    def end(self) -> Iterator[Piece]: ...


def _broken(message: str) -> Invalid:
    return Invalid([violation("", "body-invalid", message)])


class _Bounded:
    """The item that is being read. Raises Invalid where it is longer than one item may be."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._longest:
            raise _broken(f"An item is longer than {self._longest} bytes.")
        self._parts.append(part)

    def take(self) -> bytes:
        whole = b"".join(self._parts)
        self._parts, self._size = [], 0
        return whole


class Lines:
    """NDJSON: an item a line. Empty lines are counted and otherwise left out."""

    def __init__(self, longest: int) -> None:
        self._item = _Bounded(longest)
        self._line = 0

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            self._item.add(part)
            yield from self._next()
        self._item.add(rest)

    def end(self) -> Iterator[Piece]:
        yield from self._next()

    def _next(self) -> Iterator[Piece]:
        self._line += 1
        if text := self._item.take().strip(_SPACE):
            yield self._line, text


class Elements:
    """One JSON array, or an object whose only member is `items`, an array."""

    def __init__(self, longest: int) -> None:
        self._item = _Bounded(longest)
        self._head = b""
        self._opened = self._in_object = self._closed = self._quoted = self._escaped = False
        self._depth = 0
        self._count = 0

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        if not self._opened:
            self._head = (self._head + chunk).lstrip(_SPACE)
            found = _OPENING.match(self._head)
            if found is None:
                if len(self._head) > _LONGEST_OPENING:
                    raise self._no_array()
                return
            self._opened, self._in_object = True, b"{" in found.group()
            chunk, self._head = self._head[found.end() :], b""
        yield from self._elements(chunk)

    def end(self) -> Iterator[Piece]:
        if not self._opened:
            raise self._no_array()
        if not self._closed:
            raise _broken("The array ends in the middle.")
        if self._head != (b"}" if self._in_object else b""):
            raise _broken("Something follows the array.")
        return iter(())

    @staticmethod
    def _no_array() -> Invalid:
        return _broken('The body is neither an array of items nor an object {"items": [...]}.')

    def _elements(self, chunk: bytes) -> Iterator[Piece]:
        start = at = 0
        while not self._closed:
            found = self._mark(chunk, at)
            if found is None:
                self._item.add(chunk[start:])
                return
            at, mark = found
            if self._depth == 0 and mark in b",]":
                self._item.add(chunk[start : at - 1])
                start = at
                self._closed = mark == b"]"
                yield from self._next()
            elif mark in b"[{":
                self._depth += 1
            elif mark in b"]}":
                self._depth -= 1
                if self._depth < 0:
                    raise _broken("The array's brackets do not match.")
        self._head = (self._head + chunk[start:]).strip(_SPACE)
        if len(self._head) > 1:
            raise _broken("Something follows the array.")

    def _mark(self, chunk: bytes, at: int) -> tuple[int, bytes] | None:
        """The next bracket or comma that is not in a string, and the place after it."""
        while True:
            if self._quoted:
                after = self._unquote(chunk, at)
                if after is None:
                    return None
                at = after
            found = _MARKS.search(chunk, at)
            if found is None:
                return None
            at = found.end()
            if found.group() != b'"':
                return at, found.group()
            self._quoted = True

    def _unquote(self, chunk: bytes, at: int) -> int | None:
        """The place after the string that is being read, or None where it goes on in the next chunk."""
        if self._escaped and at < len(chunk):
            self._escaped, at = False, at + 1
        while (found := _QUOTE.search(chunk, at)) is not None:
            at = found.end()
            if found.group() == b'"':
                self._quoted = False
                return at
            self._escaped = at == len(chunk)
            at += 1
        return None

    def _next(self) -> Iterator[Piece]:
        text = self._item.take().strip(_SPACE)
        self._count += 1
        if text:
            yield self._count, text
        elif not (self._closed and self._count == 1):
            raise _broken("An item of the array is missing between two commas.")
