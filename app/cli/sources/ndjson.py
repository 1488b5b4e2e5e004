"""NDJSON: an item a line, as the register takes it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli.sources.source import BadSource, Json, Place, Reasons, Source, Sourced, wrong

REASONS = "rejected_because"
"""A member that the file of rejected items has besides; read again, it is left out."""


@dataclass(frozen=True, slots=True)
class NdjsonSource(Source):
    path: Path

    def files(self) -> Sequence[Path]:
        return [self.path]

    def items(self) -> Iterator[Sourced]:
        for number, line in self._lines():
            place = Place(self.path, (number,))
            found = _read(line)
            if found is None:
                message = "The line is not a JSON object that can be read."
                yield Sourced(item={}, place=place, wrong=(wrong("", "json-invalid", message),))
            else:
                found.pop(REASONS, None)
                yield Sourced(item=found, place=place)

    def write_rejected(self, _file: Path, reasons: Reasons, target: Path) -> None:
        with target.open("wb") as out:
            for number, line in self._lines():
                if number in reasons:
                    found = _read(line)
                    if found is not None:
                        line = json.dumps(found | {REASONS: list(reasons[number])}, ensure_ascii=False).encode()  # noqa: PLW2901 - the same line with more
                    out.write(line + b"\n")

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        try:
            with self.path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        yield number, line.rstrip(b"\r\n")
        except OSError as error:
            raise BadSource(f"{self.path}: {error.strerror}") from error


def _read(line: bytes) -> Json | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
