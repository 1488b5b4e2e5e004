"""The cursor of the feed as it travels: sealed, since positions count what the whole country records, and short enough for an address
also where it is for hundreds of institutions.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.changes import TYPES
from app.domain.errors import Expired, Invalid, violation
from app.domain.feed import Cursor, Filter, Load, Reader, Sight
from app.domain.ids import InstitutionId, StudentId

LONGEST: Final = 8_000
"""Characters; an address has hardly more."""
_FORM: Final = b"\x01"
_NAMED: Final = 4
"""Bytes that tell one key from another."""
_SHORTEST: Final = 60


@dataclass(frozen=True, slots=True)
class FeedCursors:
    """Writes and reads cursors. `key` is derived from the one that signs tokens: with another one, old cursors have expired."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, token_key: bytes) -> "FeedCursors":
        return cls(
            HKDF(algorithm=SHA256(), length=32, salt=None, info=b"risk-register/feed-cursor/1").derive(token_key)
        )

    @property
    def _head(self) -> bytes:
        return _FORM + sha256(self.key).digest()[:_NAMED]

    def write(self, cursor: Cursor) -> str:
        """The same cursor reads the same each time."""
        packed = zlib.compress(json.dumps(_fields(cursor), separators=(",", ":")).encode(), 9)
        return urlsafe_b64encode(self._head + AESSIV(self.key).encrypt(packed, None)).decode().rstrip("=")

    def read(self, text: str) -> Cursor:
        """Raises Invalid for what is not a cursor of the feed, and Expired for one that another key has sealed."""
        try:
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            sealed = b""
        if sealed.startswith(_FORM) and len(sealed) > _SHORTEST and not sealed.startswith(self._head):
            raise Expired
        try:
            packed = AESSIV(self.key).decrypt(sealed[len(self._head) :], None)
        except (ValueError, InvalidTag) as error:
            raise Invalid([violation("/query/cursor", "cursor", "This is not a cursor of the feed.")]) from error
        return _cursor(*json.loads(zlib.decompress(packed)))


def _fields(cursor: Cursor) -> list[Any]:
    load = cursor.load
    return [
        cursor.epoch.hex,
        cursor.position,
        cursor.sight.reader.value,
        _differences(cursor.sight.institution_ids),
        [TYPES.index(each) for each in cursor.wanted.types],
        _differences(cursor.wanted.institution_ids),
        None if load is None else [load.after and load.after.hex, _differences(load.gained), load.pace],
    ]


def _cursor(
    epoch: str,
    position: int,
    reader: str,
    institution_ids: list[int] | None,
    types: list[int],
    asked_ids: list[int],
    load: list[Any] | None,
) -> Cursor:
    return Cursor(
        epoch=UUID(hex=epoch),
        position=position,
        sight=Sight(reader=Reader(reader), institution_ids=_ids(institution_ids)),
        wanted=Filter(types=tuple(TYPES[each] for each in types), institution_ids=_ids(asked_ids) or ()),
        load=None if load is None else _load(*load),
    )


def _load(after: str | None, gained: list[int] | None, pace: int) -> Load:
    return Load(after=None if after is None else StudentId(UUID(hex=after)), gained=_ids(gained), pace=pace)


def _differences(ids: tuple[InstitutionId, ...] | None) -> list[int] | None:
    """Ids in order by what each adds to the one before: small numbers, many of them alike."""
    return None if ids is None else [after - before for before, after in pairwise((0, *ids))]


def _ids(differences: list[int] | None) -> tuple[InstitutionId, ...] | None:
    return None if differences is None else tuple(map(InstitutionId, accumulate(differences)))
