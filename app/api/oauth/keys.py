"""Public keys of clients: read as PEM or JSON Web Key when they are registered, and used to check signatures."""

import json
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

from app.domain.clients import Algorithm, PublicKey

SMALLEST_RSA = 2048
PRIVATE = "This is a private key: keep it, show it to nobody, and give the public one that belongs to it."

Key = EllipticCurvePublicKey | RSAPublicKey | Ed25519PublicKey


class BadKey(ValueError):
    """Not a public key that a client can be registered with; the message is for the operator."""


def read_public_key(text: str, *, kid: str, algorithm: Algorithm | None = None) -> PublicKey:
    """A PEM or a JSON Web Key. A key's own `kid` and `alg` go before `kid` and the algorithm that its sort has by default.

    Raises BadKey.
    """
    own: dict[str, Any] = {}
    if "PRIVATE KEY-----" in text:
        raise BadKey(PRIVATE)
    try:
        if text.lstrip().startswith("{"):
            own = json.loads(text)
            key = _of_jwk(own)
        else:
            key = load_pem_public_key(text.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm, jwt.PyJWTError) as error:
        message = "This is no public key in PEM (SubjectPublicKeyInfo) or as a JSON Web Key."
        raise error if isinstance(error, BadKey) else BadKey(message) from error
    chosen = _algorithm(key, algorithm or own.get("alg"))
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(kid=str(own.get("kid") or kid), algorithm=chosen, der=der)


def _of_jwk(own: dict[str, Any]) -> Any:  # noqa: ANN401 - which sort of key it is, _algorithm asks
    if "d" in own or "k" in own:
        raise BadKey(PRIVATE)
    return jwt.PyJWK(own, _guess(own)).key


def _guess(own: dict[str, Any]) -> str:
    return {"EC": "ES256", "RSA": "RS256", "OKP": "EdDSA"}.get(str(own.get("kty")), "none")


def _algorithm(key: object, wished: str | None) -> Algorithm:
    match key:
        case EllipticCurvePublicKey() if isinstance(key.curve, SECP256R1):
            possible = [Algorithm.ES256]
        case RSAPublicKey() if key.key_size >= SMALLEST_RSA:
            possible = [Algorithm.RS256, Algorithm.PS256]
        case Ed25519PublicKey():
            possible = [Algorithm.EDDSA]
        case _:
            raise BadKey(f"A key is on the curve P-256, RSA of {SMALLEST_RSA} bits or more, or Ed25519.")
    if wished is None:
        return possible[0]
    if wished not in possible:
        raise BadKey(f"A key of this sort signs with {' or '.join(possible)}.")
    return Algorithm(wished)


def key_of(public_key: PublicKey) -> Key:
    key = load_der_public_key(public_key.der)
    assert isinstance(key, EllipticCurvePublicKey | RSAPublicKey | Ed25519PublicKey)  # noqa: S101 - no other is registered
    return key


def _decoys() -> dict[Algorithm, Key]:
    rsa = RSAPublicNumbers(65537, (1 << SMALLEST_RSA) - 1).public_key()
    return {
        Algorithm.ES256: derive_private_key(1, SECP256R1()).public_key(),
        Algorithm.RS256: rsa,
        Algorithm.PS256: rsa,
        Algorithm.EDDSA: Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key(),
    }


DECOYS = _decoys()
"""Keys that belong to nobody. An assertion of an unknown client is checked against one, so that it takes the work of a known client's;
what comes of it is never believed."""
