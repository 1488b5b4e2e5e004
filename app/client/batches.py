"""Items put in order and cut into batches. They lie in temporary files meanwhile, however many they are."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self

from .reports import Json, RejectedItem, Rejection, Schema

Rank = tuple[int, int]
"""When something is applied: a stage, and the place within it."""
FIRST, LAST_STEPS, DELETES, UNKNOWN = range(4)
_STEPS = {"submit": FIRST, "complete": LAST_STEPS, "discontinue": LAST_STEPS}


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the register applies items: upserts by type, a plan's end after its outcome, deletes last and backwards.

    What is pushed in several batches has to come in that order, too, since an item may refer to another one.
    """

    places: Mapping[str, int]

    @classmethod
    def of(cls, schema: Schema) -> Self:
        return cls({each.type: each.order for each in schema.types})

    def rank(self, item: Json) -> Rank:
        place = self.places.get(str(item.get("type")))
        if place is None:
            return UNKNOWN, 0
        match str(item.get("op", "upsert")):
            case "upsert":
                return FIRST, 2 * place
            case "delete":
                return DELETES, -place
            case step:
                stage = _STEPS.get(step, UNKNOWN)
                return stage, 2 * place + 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of NDJSON, and where each stood among all that were pushed."""

    positions: tuple[int, ...]
    lines: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def body(self) -> bytes:
        """Compressed: the same for the same items, whenever it is made."""
        return gzip.compress(b"\n".join(self.lines) + b"\n", compresslevel=6, mtime=0)

    def key(self, run: str, *parts: str) -> str:
        """Of this content in this run: sent again it is the same, and in another run it is another."""
        digest = sha256("\0".join([run, *parts]).encode())
        for line in self.lines:
            digest.update(b"\n" + line)
        return digest.hexdigest()

    def rejected(self, rejections: Iterable[Rejection]) -> tuple[RejectedItem, ...]:
        return tuple(
            RejectedItem(
                position=self.positions[each.line - 1],
                item=json.loads(self.lines[each.line - 1]),
                violations=each.violations,
            )
            for each in rejections
        )


@dataclass(slots=True)
class Spool:
    """A temporary file for each rank, without a name: nothing of it stays when the process ends, however it ends."""

    order: Order
    count: int = 0
    _files: dict[Rank, IO[bytes]] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def take(self, items: Iterable[Json]) -> None:
        for item in items:
            self._file(self.order.rank(item)).write(b"%d\t%s\n" % (self.count, written(item)))
            self.count += 1

    def batches(self, *, items: int, size: int) -> Iterator[Batch]:
        """Of so many items at most, and so many bytes before compression; of one, if it alone has more."""
        positions: list[int] = []
        lines: list[bytes] = []
        length = 0
        for position, line in self._lines():
            if lines and (len(lines) >= items or length + len(line) + 1 > size):
                yield Batch(tuple(positions), tuple(lines))
                positions, lines, length = [], [], 0
            positions.append(position)
            lines.append(line)
            length += len(line) + 1
        if lines:
            yield Batch(tuple(positions), tuple(lines))

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        for rank in sorted(self._files):
            file = self._files[rank]
            file.seek(0)
            for each in file:
                position, _, line = each.rstrip(b"\n").partition(b"\t")
                yield int(position), line

    def _file(self, rank: Rank) -> IO[bytes]:
        if rank not in self._files:
            self._files[rank] = self._open.enter_context(TemporaryFile())  # noqa: SIM115 - closed with all of them
        return self._files[rank]


def written(item: Json) -> bytes:
    """One line. Dates and decimals are written as the register reads them."""
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"), default=_text).encode()


def _text(value: Any) -> str:  # noqa: ANN401 - whatever json cannot write by itself
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if type(value).__name__ in {"Decimal", "UUID"}:
        return str(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")
