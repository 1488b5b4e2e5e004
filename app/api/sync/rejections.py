"""Rejected items of a batch, in a file without a name: of half a million that are all wrong, memory holds none."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Final, Self

import orjson

from app.api.sync.spool import IN_MEMORY
from app.domain.errors import Violation
from app.domain.sync import ItemType, Operation, Rejection

_STEP: Final = 5_000
MOST_TOLD: Final = 20
"""Violations of one item: of a list that is wrong from end to end, nobody reads more."""
LONGEST_POINTER: Final = 200
_KEEPABLE: Final = str.maketrans({"\x00": "\N{SYMBOL FOR NULL}"})
"""A pointer repeats what somebody has made the name of a field, and PostgreSQL keeps any text but this."""


class Rejections:
    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when the batch is done
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._count

    def add(self, each: Rejection) -> None:
        violations = [(_pointer(wrong.pointer), wrong.code, wrong.message) for wrong in each.violations[:MOST_TOLD]]
        fields = (each.line, each.operation, each.type, each.external_id, violations)
        self._file.write(orjson.dumps(fields) + b"\n")
        self._count += 1

    def chunks(self) -> Iterator[list[Rejection]]:
        """All of them, some at a time, in the order in which they were found."""
        self._file.seek(0)
        chunk: list[Rejection] = []
        for text in self._file:
            chunk.append(_of(*orjson.loads(text)))
            if len(chunk) == _STEP:
                yield chunk
                chunk = []
        if chunk:
            yield chunk


def _pointer(pointer: str) -> str:
    cut = pointer if len(pointer) <= LONGEST_POINTER else f"{pointer[: LONGEST_POINTER - 1]}…"
    return cut.translate(_KEEPABLE)


def _of(
    line: int, operation: str | None, item_type: str | None, external_id: str | None, wrong: list[list[str]]
) -> Rejection:
    return Rejection(
        line=line,
        operation=None if operation is None else Operation(operation),
        type=None if item_type is None else ItemType(item_type),
        external_id=external_id,
        violations=tuple(Violation(pointer=pointer, code=code, message=text) for pointer, code, text in wrong),
    )
