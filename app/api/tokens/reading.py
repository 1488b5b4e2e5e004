"""Reads whichever token comes: what it says of itself only chooses who verifies it, and that verifier believes nothing of it."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Protocol

import jwt

from app.api.tokens.proven import Proven
from app.domain.actors import Actor

LONGEST = 8_192
"""Characters of a token. Ours have some 500; a provider's, with the groups of a person, seldom 4,000."""

BRING_THEIR_OWN_KEY = frozenset({"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256"})
"""Headers that say where the key lies, or which it is (RFC 7515, section 4.1). The register alone says that."""

REFUSED_HEADERS = BRING_THEIR_OWN_KEY | {"crit"}
"""`crit` demands extensions of whoever reads the token; the register has none."""


_PROVEN: Final = Proven()
"""To verify a token takes longer than all the rest of a short answer, and a person's comes again with every click."""


class BadToken(Exception):
    """The token is not one that the register accepts. Why is for the log; the caller is told nothing but that it is refused."""


class Kind(NamedTuple):
    """Whose token it says it is, and of which sort: the claim `iss` and the header `typ`."""

    issuer: str
    typ: str


class Verifier(Protocol):
    """Decides on the tokens of one kind: one key or set of keys, one algorithm, one `typ`."""

    async def actor(self, token: str) -> Actor:
        """Raises BadToken unless the token is genuine, in its time, and names somebody with a scope that fits the role."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReader:
    verifiers: Mapping[Kind, Verifier]

    async def actor(self, token: str) -> Actor:
        """Raises BadToken for everything but a token that one of the verifiers vouches for."""
        header, claims = unverified(token)
        kind = Kind(issuer=str(claims.get("iss")), typ=str(header.get("typ")))
        verifier = self.verifiers.get(kind)
        if verifier is None:
            raise BadToken("nobody here verifies such tokens")
        return await verifier.actor(token)


def unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a token says of itself: header and claims, of which nothing is true yet. Raises BadToken where it cannot be read.

    Read without the library, which takes as long for this as for verifying: whoever verifies reads all of it again, and strictly.
    """
    if len(token) > LONGEST:
        raise BadToken("too long")
    parts = token.split(".")
    if len(parts) != len(("header", "claims", "signature")):
        raise BadToken("not three parts")
    try:
        header, claims = (json.loads(urlsafe_b64decode(f"{part}==")) for part in parts[:2])
    except (ValueError, RecursionError) as error:
        raise BadToken("what cannot be read") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise BadToken("a part that is no object")
    refuse_headers(header)
    return header, claims


def verified(  # noqa: PLR0913 - each is something that must be right
    token: str,
    *,
    key: Any,  # noqa: ANN401 - bytes for HMAC, a public key for the others: the algorithm says which
    algorithm: str,
    typ: str | None,
    issuer: str,
    audience: str,
    required: Sequence[str],
    leeway: int = 0,
) -> Mapping[str, Any]:
    """The claims, once signature, algorithm, `typ`, issuer, audience and times are what they must be. Raises BadToken otherwise.

    `required` are the claims that must be there; `exp` always must. `typ` None leaves the type open.
    `leeway` is how many seconds the clock of whoever signed it may be wrong.
    """
    demands = (algorithm, typ, issuer, audience, tuple(required), leeway)
    known = _PROVEN.claims(token, key, demands)
    if known is not None:
        if int(known["exp"]) <= utc_now().timestamp() - leeway:
            raise BadToken("has expired")
        return known
    try:
        whole = jwt.decode_complete(
            token,
            key,
            algorithms=[algorithm],
            audience=audience,
            issuer=issuer,
            leeway=leeway,
            options={"require": ["iss", "aud", "exp", *required]},
        )
    # Overflow: a time may be written as Infinity.
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError) as error:
        raise BadToken(str(error)) from error
    refuse_headers(whole["header"])
    if typ is not None and whole["header"].get("typ") != typ:
        raise BadToken("of another type")
    claims: dict[str, Any] = whole["payload"]
    _PROVEN.keep(token, key, demands, claims)
    return claims


def refuse_headers(header: Mapping[str, object]) -> None:
    """Raises BadToken where a token would choose its key, or extend what a token is."""
    if refused := REFUSED_HEADERS & header.keys():
        raise BadToken(f"a header that the register refuses: {', '.join(sorted(refused))}")


def utc_now() -> datetime:
    return datetime.now(UTC)
