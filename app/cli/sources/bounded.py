"""CSV of anybody's making, read row by row: a row that never ends does not fill the memory."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

MOST_IN_ROW = 1_000_000
"""Characters, far beyond what a row about a student has."""
MOST_COLUMNS = 1_000


@dataclass(slots=True)
class _Lines:
    """`left`: characters that the row may still have."""

    file: TextIO
    left: int = MOST_IN_ROW

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(self.left + 1)
        if not line:
            raise StopIteration
        self.left -= len(line)
        if self.left < 0:
            raise csv.Error(f"a row has more than {MOST_IN_ROW:,} characters")
        return line


def rows(file: TextIO, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Each with the number of the line on which it begins. Raises csv.Error."""
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        if len(cells) > MOST_COLUMNS:
            raise csv.Error(f"a row has more than {MOST_COLUMNS:,} columns")
        yield begins, cells
        begins = reader.line_num + 1
        lines.left = MOST_IN_ROW
