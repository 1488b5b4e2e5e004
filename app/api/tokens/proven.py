"""Tokens whose signature and claims have been verified: what has been proven of the same bytes, by the same key, stays so.

But for time. Whoever finds a token here has yet to ask whether it is still good.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

REMEMBERED: Final = 5_000


class Proven:
    """In the memory of this process, by their hashes. Those that have not been shown for longest are forgotten first."""

    def __init__(self, *, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._tokens: OrderedDict[bytes, tuple[object, Hashable, Mapping[str, Any]]] = OrderedDict()

    def claims(self, token: str, key: object, demands: Hashable) -> Mapping[str, Any] | None:
        """Of a token that this very key has verified, for these demands: a provider that has changed its keys has others."""
        digest = _digest(token)
        known = self._tokens.get(digest)
        if known is None or known[0] is not key or known[1] != demands:
            return None
        self._tokens.move_to_end(digest)
        return known[2]

    def keep(self, token: str, key: object, demands: Hashable, claims: Mapping[str, Any]) -> None:
        self._tokens[_digest(token)] = (key, demands, MappingProxyType(claims))
        if len(self._tokens) > self._remembered:
            self._tokens.popitem(last=False)

    def __len__(self) -> int:
        return len(self._tokens)


def _digest(token: str) -> bytes:
    # A token may have been written in any characters; half a surrogate pair has no UTF-8.
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
