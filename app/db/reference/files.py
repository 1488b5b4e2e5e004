"""The data files beside this module: CSV in UTF-8 with a header, an empty field for what is not there."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO

from app.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Asking for a column that the file has not is a KeyError: the files and this code change together."""

    fields: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields[name]

    def optional(self, name: str) -> str | None:
        return self.fields[name] or None

    def number(self, name: str) -> int:
        return int(self.fields[name])

    def optional_number(self, name: str) -> int | None:
        return int(self.fields[name]) if self.fields[name] else None

    def flag(self, name: str) -> bool:
        return {"true": True, "false": False}[self.fields[name]]

    def day(self, name: str) -> date:
        return date.fromisoformat(self.fields[name])

    def period(self, start: str = "valid_from", end: str = "valid_to") -> Period:
        return Period(self.day(start), self.day(end) if self.fields[end] else None)


def rows(name: str) -> Iterator[Row]:
    text = (_folder() / f"{name}.csv").read_bytes().decode()
    yield from map(Row, csv.DictReader(StringIO(text, newline=""), strict=True))


def content_hash() -> str:
    """Changes with any byte of any file, and with nothing else."""
    digest = sha256()
    for file in sorted(_data_files(), key=lambda each: each.name):
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _data_files() -> Iterator[Traversable]:
    return (file for file in _folder().iterdir() if file.name.endswith(".csv"))


def _folder() -> Traversable:
    return files("app.db.reference")
