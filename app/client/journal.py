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

BEGINNING = b'{"run": '
"""Of the first line, by which a journal that was just being begun is known."""


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
    """`settings`: what a run has to have in common with the one it goes on with. Raises BadJournal where it has not, and where another
    process is at work with this journal.
    """
    if path is None:
        yield Journal(str(uuid4()))
        return
    path = Path(path)
    with path.open("a+b") as file:
        if taken(file):
            raise BadJournal(f"Another process is at work with {path}")
        events = _events(file, path)
        journal = Journal("", _file=file)
        if not events or events[-1].get("finished"):
            events = [{"run": str(uuid4()), "settings": dict(settings)}]
            file.truncate(0)
            journal.keep(events[0])
            _sync_folder(path)
        if events[0].get("settings") != dict(settings):
            raise BadJournal(
                f"{path} is of a run with other settings ({events[0].get('settings')}) that did not come to its end:"
                " repeat that one, or remove the file"
            )
        journal.run = str(events[0]["run"])
        journal.acknowledged = {each["batch"]: each["report"] for each in events if "batch" in each}
        yield journal


def _events(file: IO[bytes], path: Path) -> list[dict[str, Any]]:
    """A line that was being written when the process died is cut off: that batch is sent again, under the same key."""
    file.seek(0)
    events: list[dict[str, Any]] = []
    good = 0
    for line in file:
        event = _read(line)
        if event is None:
            break
        events.append(event)
        good += len(line)
    file.seek(good)
    rest = file.read(len(BEGINNING))
    if not events and not BEGINNING.startswith(rest):
        raise BadJournal(f"{path} is no journal")
    file.truncate(good)
    return events


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if line.endswith(b"\n") and isinstance(event, dict) else None


def _sync_folder(path: Path) -> None:
    """So that the name of the file outlives a power cut as well."""
    if os.name == "posix":
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
