"""Fields of a person, sealed one by one with AES-256-GCM, and the keyed hash by which a personal code is found again."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.key_checks import HASH_KEY

NONCE = 12
LIKENESS = b"risk-register/likeness/1"
CHECK = "risk-register/key-check/1/{}"


class Unopenable(Exception):
    """A sealed field was changed, moved, or sealed with another key than the one it names, or that key is not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """`keys` are 32 bytes each, by key id: all of them open, and `key_id` alone seals. `hash_key` finds codes, and the key that
    compares names is derived from it.
    """

    key_id: int
    keys: Mapping[int, bytes] = field(repr=False)
    hash_key: bytes = field(repr=False)

    def seal(self, value: str, place: str) -> bytes:
        """Nonce and ciphertext. `place` names row and column, so that a sealed field copied elsewhere does not open."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.keys[self.key_id]).encrypt(nonce, value.encode(), place.encode())

    def open(self, sealed: bytes, place: str, key_id: int) -> str:
        """Raises Unopenable."""
        if key_id not in self.keys:
            raise Unopenable(f"It is sealed with key {key_id}, which is not among REGISTER_PERSON_FORMER_KEYS.")
        try:
            return AESGCM(self.keys[key_id]).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode()).decode()
        except InvalidTag as error:
            raise Unopenable(f"Key {key_id} does not open it.") from error

    def code_hash(self, personal_code: str) -> bytes:
        """HMAC-SHA-256 of the normalised code: without the key nobody can try the few million codes there are."""
        return hmac.digest(self.hash_key, personal_code.encode(), "sha256")

    def likeness_hash(self, likeness: str) -> bytes:
        """HMAC-SHA-256 under a key of its own, so that no hash of a name ever equals, or helps to find, one of a code."""
        return hmac.digest(_derived(self.hash_key, LIKENESS), likeness.encode(), "sha256")

    def checks(self) -> dict[int, bytes]:
        """By key id, and for the hash key under its own, what tells it from any other key and says nothing about it: derived from it
        with a label that nothing else uses.
        """
        keys = {**self.keys, HASH_KEY: self.hash_key}
        return {key_id: _derived(key, CHECK.format(key_id).encode()) for key_id, key in keys.items()}


@cache
def _derived(key: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(key)
