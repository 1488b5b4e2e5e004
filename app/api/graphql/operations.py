"""Documents that are asked for by the SHA-256 of their text: those registered at deployment by anybody, all others by whoever sent them.

Whether a hash is known tells whether the document was asked. So what one caller has sent is known to that caller alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from app.api.graphql.documents import Document
from app.api.graphql.learned import Learned
from app.api.graphql.refusals import mismatched, not_found, not_registered

ALGORITHM: Final = "sha256:"
"""What some tools write before a hash, as the draft of GraphQL over HTTP has it."""


def hash_of(text: str) -> str:
    """In lower-case hexadecimal digits. Half a surrogate pair, which JSON can spell, has no UTF-8: it is refused later on."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One that was registered at deployment."""

    text: str
    document: Document


@dataclass(frozen=True, slots=True)
class Operations:
    """`by_hash`: those registered; `only_registered`: no others are answered."""

    by_hash: Mapping[str, Operation] = field(default_factory=dict)
    only_registered: bool = False
    learned: Learned = field(default_factory=Learned)
    _documents: dict[str, Document] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._documents.update({each.text: each.document for each in self.by_hash.values()})

    def registered(self, text: str) -> Document | None:
        """Read when the service started, and never again."""
        return self._documents.get(text)

    def asked(self, text: str | None, digest: str, caller: str) -> str:
        """The document of a request that names it by its hash, and perhaps sends it along. Raises GraphQLError."""
        if text is not None:
            if hash_of(text) != digest:
                raise mismatched()
            return text
        if digest in self.by_hash:
            return self.by_hash[digest].text
        if self.only_registered:
            raise not_registered()  # to send the text along would not help
        known = self.learned.text(caller, digest)
        if known is None:
            raise not_found()
        return known

    def learn(self, text: str, digest: str, caller: str) -> None:
        """Of a document that was sound, and is not registered already."""
        if digest not in self.by_hash:
            self.learned.keep(caller, digest, text)
