"""Fields of a person, sealed one by one with AES-256-GCM, and the keyed hash by which a personal code is found again."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """`keys` are 32 bytes each, by key id; new fields are sealed with `key_id`. `hash_key` is never used for anything else."""

    key_id: int
    keys: Mapping[int, bytes] = field(repr=False)
    hash_key: bytes = field(repr=False)

    def seal(self, value: str, place: str) -> bytes:
        """Nonce and ciphertext. `place` names row and column, so that a sealed field copied elsewhere does not open."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.keys[self.key_id]).encrypt(nonce, value.encode(), place.encode())

    def open(self, sealed: bytes, place: str, key_id: int) -> str:
        """Raises `cryptography.exceptions.InvalidTag` where the field was changed, moved, or sealed with another key."""
        return AESGCM(self.keys[key_id]).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode()).decode()

    def code_hash(self, personal_code: str) -> bytes:
        """HMAC-SHA-256 of the normalised code: without the key nobody can try the few million codes there are."""
        return hmac.digest(self.hash_key, personal_code.encode(), "sha256")
