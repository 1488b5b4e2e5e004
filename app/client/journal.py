"""What the register has acknowledged, kept on disk: a run that was killed goes on where it was.

The file has a line of JSON for each event. The first names the run, from which the key of every batch is made; one is added for
each acknowledged batch, with its report; the last says that the run came to its end, and the next run begins the file anew.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from .errors import BadJournal
from .locks import taken
from .private_files import opened_privately

BEGINNING = b'{"run": '
"""Of the first line, by which a journal is known."""
MOST_IN_BEGINNING = 10_000
"""Bytes, far beyond what the first line has: what has more is somebody else's file."""


@dataclass(slots=True)
class Journal:
    """Without a file it remembers for as long as the process lives."""

    run: str
    acknowledged: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _file: IO[bytes] | None = None

    def acknowledge(self, key: str, report: Mapping[str, Any]) -> None:
        """Kept for good before this returns."""
        self.acknowledged[key] = report
        self.keep({"batch": key, "report": report})

    def finish(self) -> None:
        self.keep({"finished": True})

    def keep(self, event: Mapping[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())


@contextmanager
def opened(path: Path | str | None, settings: Mapping[str, Any]) -> Iterator[Journal]:
    """`settings`: what a run has to have in common with the one it goes on with. Raises BadJournal where it has not, where another
    process is at work with this journal, and where the file is none; the file is then left as it was.
    """
    if path is None:
        yield Journal(str(uuid4()))
        return
    path = Path(path)
    with _file_at(path) as file:
        if taken(file):
            raise BadJournal(f"Another process is at work with {path}")
        events, good = _events(file, path)
        journal = Journal("", _file=file)
        if not events or events[-1].get("finished"):
            events = [{"run": str(uuid4()), "settings": dict(settings)}]
            file.truncate(0)
            journal.keep(events[0])
            _sync_folder(path)
        elif events[0]["settings"] != dict(settings):
            raise BadJournal(
                f"{path} is of a run with other settings ({events[0]['settings']}) that did not come to its end:"
                " repeat that one, or remove the file"
            )
        else:
            file.truncate(good)
        journal.run = str(events[0]["run"])
        journal.acknowledged = {each["batch"]: each["report"] for each in events if "batch" in each}
        yield journal


def _file_at(path: Path) -> IO[bytes]:
    if path.is_symlink():
        raise BadJournal(f"{path} is a link: name the file itself")
    try:
        return opened_privately(path, "a+b")
    except OSError as error:
        raise BadJournal(f"{path} cannot be a journal: {error.strerror}") from error


def _events(file: IO[bytes], path: Path) -> tuple[list[dict[str, Any]], int]:
    """With the length of what they take up. A line that was being written when the process died is not among them: that batch is sent
    again, under the same key.
    """
    file.seek(0)
    first = file.readline(MOST_IN_BEGINNING)
    if not _begins(first):
        raise BadJournal(f"{path} is no journal")
    if not first.endswith(b"\n"):
        return [], 0
    events, good = [json.loads(first)], len(first)
    for line in file:
        event = _read(line)
        if event is None:
            break
        events.append(event)
        good += len(line)
    return events, good


def _begins(first: bytes) -> bool:
    """Whether it is the first line of a journal, or what of it was written when the process died."""
    if not first.endswith(b"\n"):
        return first[: len(BEGINNING)] == BEGINNING[: len(first)] and len(first) < MOST_IN_BEGINNING
    event = _object(first) if first.startswith(BEGINNING) else {}
    return isinstance(event.get("run"), str) and isinstance(event.get("settings"), dict)


def _read(line: bytes) -> dict[str, Any] | None:
    event = _object(line)
    known = isinstance(event.get("report"), dict) and isinstance(event.get("batch"), str)
    return event if line.endswith(b"\n") and (known or event.get("finished") is True) else None


def _object(line: bytes) -> dict[str, Any]:
    """Empty where the line is no object of JSON."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _sync_folder(path: Path) -> None:
    """So that the name of the file outlives a power cut as well."""
    if os.name == "posix":
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
