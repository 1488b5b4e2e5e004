"""What all sources are: files from which items come, and into whose form those go back that were rejected."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.client import Violation

Json = dict[str, Any]


class BadSource(Exception):
    """A file, or what describes it, that cannot be read at all; the message is for whoever pushes it."""


@dataclass(frozen=True, slots=True)
class Place:
    """`lines` of a file, counted from 1 as an editor or a table shows them."""

    file: Path
    lines: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.file.name}:{self.lines[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """An item with where it came from. `wrong`: why it could not be made; then it is not sent."""

    item: Json
    place: Place
    wrong: tuple[Violation, ...] = ()


Reasons = Mapping[int, Sequence[str]]
"""By line: why it was rejected."""


FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for something to be worked out."""


class Source(ABC):
    """Read as often as it is asked for: what was rejected is looked up again in the file, not kept in memory."""

    @abstractmethod
    def items(self) -> Iterator[Sourced]:
        """Raises BadSource."""

    @abstractmethod
    def files(self) -> Sequence[Path]:
        """Those that places may name."""

    @abstractmethod
    def write_rejected(self, file: Path, reasons: Reasons, target: Path) -> None:
        """Write the lines of `file` that have reasons, in the form in which they came, with their reasons. `target` is none of those
        that are read: they are looked up while it is written.
        """

    def field(self, _item: Json, pointer: str) -> str:
        """What the sender calls the place of a violation."""
        return pointer


def in_one_cell(reasons: Sequence[str]) -> str:
    """The column of reasons is ours: nothing in it is a formula, whatever the column is called that a reason begins with."""
    said = "; ".join(reasons)
    return f"'{said}" if said.startswith(FORMULAS) else said


def wrong(pointer: str, code: str, message: str) -> Violation:
    return Violation(pointer=pointer, code=code, message=message)
