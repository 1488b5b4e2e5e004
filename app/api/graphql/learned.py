"""The documents that callers have sent with their hash: each for its caller alone, in the memory of this process, and bounded."""

from collections import OrderedDict
from sys import getsizeof
from typing import Final

OF_ONE_CALLER: Final = 100
"""Documents. A caller with more displaces its own, and nobody else's."""
OF_ALL: Final = 32_000_000
"""Bytes."""
BESIDES: Final = 400
"""Bytes that an entry takes besides its text: its hash, and its places."""


class Learned:
    """What was asked least recently is forgotten first: of one caller a document, of all the caller."""

    def __init__(self, *, of_one_caller: int = OF_ONE_CALLER, of_all: int = OF_ALL) -> None:
        self._of_one_caller, self._of_all = of_one_caller, of_all
        self._callers: OrderedDict[str, OrderedDict[str, str]] = OrderedDict()
        self.size = 0

    def text(self, caller: str, digest: str) -> str | None:
        texts = self._callers.get(caller)
        if texts is None or digest not in texts:
            return None
        self.keep(caller, digest, texts[digest])
        return texts[digest]

    def keep(self, caller: str, digest: str, text: str) -> None:
        texts: OrderedDict[str, str] = self._callers.setdefault(caller, OrderedDict())
        if digest not in texts:
            texts[digest] = text
            self.size += _size(text)
        texts.move_to_end(digest)
        self._callers.move_to_end(caller)
        if len(texts) > self._of_one_caller:
            self.size -= _size(texts.popitem(last=False)[1])
        while self.size > self._of_all:
            _, forgotten = self._callers.popitem(last=False)
            self.size -= sum(map(_size, forgotten.values()))


def _size(text: str) -> int:
    return getsizeof(text) + BESIDES
