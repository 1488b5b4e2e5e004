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


@dataclass(slots=True)
class Journal:
    """Without a file it remembers for as long as the process lives."""

    run: str
    acknowledged: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _file: IO[bytes] | None = None

    def acknowledge(self, key: str, report: Mapping[str, Any]) -> None:
        """Kept for good before this returns."""
        self.acknowledged[key] = report
        self._write({"batch": key, "report": report})

    def finish(self) -> None:
        self._write({"finished": True})

    def _write(self, event: Mapping[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())


@contextmanager
def opened(path: Path | str | None, settings: Mapping[str, Any]) -> Iterator[Journal]:
    """`settings`: what a run has to have in common with the one it goes on with. Raises BadJournal where it has not."""
    if path is None:
        yield Journal(str(uuid4()))
        return
    path = Path(path)
    events = list(_events(path)) if path.exists() else []
    if not events or events[-1].get("finished"):
        events = [{"run": str(uuid4()), "settings": dict(settings)}]
        _begin(path, events[0])
    if events[0].get("settings") != dict(settings):
        raise BadJournal(
            f"{path} is of a run with other settings ({events[0].get('settings')}) that did not come to its end:"
            " repeat that one, or remove the file"
        )
    with path.open("ab") as file:
        known = {each["batch"]: each["report"] for each in events if "batch" in each}
        yield Journal(str(events[0]["run"]), known, file)


def _begin(path: Path, first: Mapping[str, Any]) -> None:
    """In one step: a process that dies here leaves either the old journal or the new one."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(json.dumps(first).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """So that the name of the file outlives a power cut as well."""
    if os.name == "posix":
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _events(path: Path) -> Iterator[dict[str, Any]]:
    """A line that was being written when the process died is cut off: that batch is sent again, under the same key."""
    good = 0
    with path.open("r+b") as file:
        for line in file:
            try:
                event = json.loads(line)
            except ValueError:
                event = None
            if not line.endswith(b"\n") or not isinstance(event, dict):
                break
            good += len(line)
            yield event
        if good == 0 and path.stat().st_size > 0:
            raise BadJournal(f"{path} is no journal")
        file.truncate(good)
