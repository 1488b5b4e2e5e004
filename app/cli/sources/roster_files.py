"""The CSV files of OneRoster, in a folder or a zip archive."""

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from app.cli.sources.source import BadSource, Reasons

REASONS = "rejected_because"
GONE = "tobedeleted"


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
                    writer.writerow(values | {REASONS: "; ".join(reasons[number])})

    def _rows(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        file_name = f"{name}.csv"
        if file_name not in self._names():
            raise BadSource(f"{self.path} has no {file_name}")
        try:
            with self._opened(file_name) as file:
                reader = csv.DictReader(file, strict=True)
                begins = 2
                for values in reader:
                    yield (
                        begins,
                        {key: value for key, value in values.items() if isinstance(value, str) and key != REASONS},
                    )
                    begins = reader.line_num + 1
        except (csv.Error, UnicodeDecodeError, zipfile.BadZipFile) as error:
            raise BadSource(f"{self.path}: {file_name} cannot be read: {error}") from error

    def _names(self) -> set[str]:
        if self.path.is_dir():
            return {each.name for each in self.path.iterdir()}
        try:
            with zipfile.ZipFile(self.path) as archive:
                return set(archive.namelist())
        except zipfile.BadZipFile:
            raise BadSource(f"{self.path} is no zip archive") from None

    @contextmanager
    def _opened(self, file_name: str) -> Iterator[TextIO]:
        if self.path.is_dir():
            with (self.path / file_name).open(encoding="utf-8-sig", newline="") as file:
                yield file
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(file_name) as packed:
            yield TextIOWrapper(packed, encoding="utf-8-sig", newline="")
