"""Files that hold what is said of students: made for their owner alone, and never written through a link that lies in their place."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

OWNER_ALONE = 0o600


def opened_privately(path: Path, mode: str) -> IO[bytes]:
    """As `path.open`, of bytes. A file that is there keeps its rights: who let others read it did so on purpose. Raises OSError, also
    where `path` is a symbolic link; Windows has no such check.
    """

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NOFOLLOW", 0), OWNER_ALONE)

    return open(path, mode, opener=opener)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` that takes its place at the end; whatever goes wrong before, `path` stays as it was."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    os.close(descriptor)
    beside = Path(name)
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
