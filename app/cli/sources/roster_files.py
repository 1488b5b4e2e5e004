"""The CSV files of OneRoster, in a folder or a zip archive."""

import csv
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import zip_longest
from pathlib import Path
from typing import TextIO

from app.cli.sources import bounded
from app.cli.sources.source import BadSource, Reasons, in_one_cell

REASONS = "rejected_because"
GONE = "tobedeleted"
BOUNDED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What OneRoster's archives are made by, and what is unpacked a little at a time; other methods answer a block with any amount."""
DAMAGED = (csv.Error, UnicodeDecodeError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
"""What reading a broken archive raises; the last where it has a password."""


@dataclass(frozen=True, slots=True)
class Line:
    """`number`: of the line on which it begins."""

    number: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        try:
            return self.values[column]
        except KeyError:
            raise BadSource(f"a file of the roster has no column {column}") from None

    def get(self, column: str, default: str = "") -> str:
        return self.values.get(column) or default


@dataclass(frozen=True, slots=True)
class RosterFiles:
    path: Path

    def place(self, name: str) -> Path:
        return self.path / f"{name}.csv"

    def lines(self, name: str) -> Iterator[Line]:
        """But those that are to be deleted. Raises BadSource."""
        for number, values in self._rows(name):
            if values.get("status") != GONE:
                yield Line(number, values)

    def optional_lines(self, name: str) -> Iterator[Line]:
        """None where the roster has no such file."""
        if f"{name}.csv" in self._names():
            yield from self.lines(name)

    def write_rejected(self, name: str, reasons: Reasons, target: Path) -> None:
        with target.open("w", encoding="utf-8", newline="") as out:
            writer: csv.DictWriter[str] | None = None
            for number, values in self._rows(name):
                if writer is None:
                    writer = csv.DictWriter(out, [*values, REASONS])
                    writer.writeheader()
                if number in reasons:
                    writer.writerow(values | {REASONS: in_one_cell(reasons[number])})

    def _rows(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        file_name = f"{name}.csv"
        if file_name not in self._names():
            raise BadSource(f"{self.path} has no {file_name}")
        try:
            with self._opened(file_name) as file:
                lines = ((number, cells) for number, cells in bounded.rows(file) if cells)
                _, header = next(lines, (0, []))
                for number, cells in lines:
                    values = zip_longest(header, cells[: len(header)], fillvalue="")
                    yield number, {key: value for key, value in values if key != REASONS}
        except DAMAGED as error:
            raise BadSource(f"{self.path}: {file_name} cannot be read: {error}") from error

    def _names(self) -> set[str]:
        if self.path.is_dir():
            return {each.name for each in self.path.iterdir()}
        try:
            with zipfile.ZipFile(self.path) as archive:
                return set(archive.namelist())
        except OSError as error:
            raise BadSource(f"{self.path}: {error.strerror}") from error
        except (zipfile.BadZipFile, ValueError):
            raise BadSource(f"{self.path} is no zip archive") from None

    @contextmanager
    def _opened(self, file_name: str) -> Iterator[TextIO]:
        if self.path.is_dir():
            with (self.path / file_name).open(encoding="utf-8-sig", newline="") as file:
                yield file
            return
        with zipfile.ZipFile(self.path) as archive:
            if archive.getinfo(file_name).compress_type not in BOUNDED:
                raise zipfile.BadZipFile("it is compressed by another method than deflate")
            with archive.open(file_name) as packed:
                yield TextIOWrapper(packed, encoding="utf-8-sig", newline="")
