"""A batch on its way: its items by the phase in which they are applied, in files without a name, so that memory stays flat and no
transaction is open while a body arrives.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Final, Self

from app.api.sync.splitting import Piece
from app.domain.sync import ONCE, Operation, Phase

_HEAD: Final = struct.Struct("<II")
IN_MEMORY: Final = 65_536
"""Bytes of a phase, or of rejections, up to which no file is opened for them: of small batches there may be many at a time."""
AT_ONCE: Final = 2_000_000
"""Bytes of items that are read at a time, and with the last one as many more as an item may have."""


def _short(external_id: str) -> bytes:
    """Stands for an id, which may be long, in memory: of half a million, two are the same once in 10^17 batches."""
    return blake2b(external_id.encode(), digest_size=12).digest()


class Spool:
    """What is written to the disk is gone with the process, whatever happens to it: the files are unlinked as they are made."""

    def __init__(self) -> None:
        self._files: dict[Phase, IO[bytes]] = {}
        self._seen: dict[tuple[frozenset[Operation], str], set[bytes]] = {}
        self.counts: Counter[Phase] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._files.values():
            each.close()

    def is_new(self, phase: Phase, external_id: str) -> bool:
        """Whether nothing of the kind has been asked for this record before, in this batch."""
        operation, item_type = phase
        seen = self._seen.setdefault((ONCE[operation], item_type), set())
        known = len(seen)
        seen.add(_short(external_id))
        return len(seen) > known

    def names(self, phase: Phase, external_id: str) -> bool:
        """Whether an item of this phase, or of its like, has named this id of the source."""
        operation, item_type = phase
        return _short(external_id) in self._seen.get((ONCE[operation], item_type), ())

    def add(self, phase: Phase, line: int, text: bytes) -> None:
        if phase not in self._files:
            self._files[phase] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when the batch is done
        self._files[phase].write(_HEAD.pack(line, len(text)) + text)
        self.counts[phase] += 1

    def chunks(self, phase: Phase, size: int) -> Iterator[list[Piece]]:
        """The items of a phase in the order in which they came, up to `size` at a time, fewer where they are long. May be asked again."""
        file = self._files.get(phase)
        if file is None:
            return
        file.seek(0)
        rest = self.counts[phase]
        while rest:
            chunk: list[Piece] = []
            length = 0
            while len(chunk) < min(size, rest) and length < AT_ONCE:
                chunk.append(self._read(file))
                length += len(chunk[-1][1])
            rest -= len(chunk)
            yield chunk

    @staticmethod
    def _read(file: IO[bytes]) -> Piece:
        line, length = _HEAD.unpack(file.read(_HEAD.size))
        return line, file.read(length)
