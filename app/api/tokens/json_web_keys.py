"""The keys that a provider publishes (JSON Web Key Set, RFC 7517): which of them may verify its tokens."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey
Keys = Mapping[str, PublicKey]
"""By `kid`."""

SHORTEST_RSA = 2048
"""Bits. RFC 7518, section 3.3, asks for no fewer."""
LONGEST_KID = 255
MOST_KEYS = 100


class Algorithm(StrEnum):
    """What signs tokens of people: public keys alone. None of them verifies by a secret that the register would have to share."""

    RS256 = "RS256"
    PS256 = "PS256"
    ES256 = "ES256"
    EDDSA = "EdDSA"


class _Shape(NamedTuple):
    members: Mapping[str, str | None]
    """What a key of the algorithm must say of itself; None: whatever it says."""


_RSA = _Shape({"kty": "RSA", "n": None, "e": None})
_SHAPES: Mapping[Algorithm, _Shape] = {
    Algorithm.RS256: _RSA,
    Algorithm.PS256: _RSA,
    Algorithm.ES256: _Shape({"kty": "EC", "crv": "P-256", "x": None, "y": None}),
    Algorithm.EDDSA: _Shape({"kty": "OKP", "crv": "Ed25519", "x": None}),
}
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of private and of symmetric keys: whoever publishes one has given it away."""


def usable(document: object, algorithm: Algorithm) -> Keys:
    """The keys of a set that verify signatures of this algorithm; others are passed over. Raises ValueError for no key set."""
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_KEYS:
        raise ValueError("not a key set")
    return dict(_usable(entries, algorithm))


def _usable(entries: list[Any], algorithm: Algorithm) -> Iterator[tuple[str, PublicKey]]:
    for entry in entries:
        if not isinstance(entry, dict) or not _is_for(entry, algorithm):
            continue
        try:
            key = jwt.PyJWK({name: entry[name] for name in _SHAPES[algorithm].members}, algorithm=algorithm).key
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        if isinstance(key, RSAPublicKey) and key.key_size < SHORTEST_RSA:
            continue
        if isinstance(key, PublicKey):
            yield entry["kid"], key


def _is_for(entry: Mapping[str, Any], algorithm: Algorithm) -> bool:
    kid, operations = entry.get("kid"), entry.get("key_ops", ["verify"])
    return (
        isinstance(kid, str)
        and 0 < len(kid) <= LONGEST_KID
        and entry.get("use", "sig") == "sig"
        and entry.get("alg", algorithm) == algorithm
        and isinstance(operations, list)
        and "verify" in operations
        and not _PRIVATE & entry.keys()
        and all(
            name in entry and expected in (None, entry[name]) for name, expected in _SHAPES[algorithm].members.items()
        )
    )
