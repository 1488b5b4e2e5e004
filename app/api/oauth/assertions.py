"""Assertions as they are sent: JSON Web Tokens that a client signs with its own key (RFC 7523)."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import jwt

from app.api.oauth.keys import DECOYS, key_of
from app.api.tokens import BadToken
from app.api.tokens.reading import refuse_headers
from app.domain.assertions import Assertion
from app.domain.clients import Algorithm, Credential, PublicKey

TYPES = (None, "JWT", "client-authentication+jwt")
# Times and the rest are judged by a rule of the domain, with its own clock.
SIGNATURE_ALONE: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


def genuine(token: str, header: dict[str, Any], credentials: Sequence[Credential]) -> tuple[Credential, Assertion]:
    """The assertion and the credential whose key signed it: the one that the header names, with the algorithm it was registered
    with. Raises BadToken, after as much work, where there is none.
    """
    for each in credentials:
        if isinstance(each.proof, PublicKey) and each.proof.kid == header.get("kid"):
            return each, _assertion(_signed(token, key_of(each.proof), each.proof.algorithm))
    with suppress(BadToken):
        said = header.get("alg")
        decoy = Algorithm(said) if said in list(Algorithm) else Algorithm.ES256
        _signed(token, DECOYS[decoy], decoy)
    raise BadToken("no such key")


def _signed(token: str, key: Any, algorithm: Algorithm) -> dict[str, Any]:  # noqa: ANN401 - of the algorithm's sort
    try:
        whole = jwt.decode_complete(token, key, algorithms=[algorithm], options=SIGNATURE_ALONE)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise BadToken(str(error)) from error
    refuse_headers(whole["header"])
    if whole["header"].get("typ") not in TYPES:
        raise BadToken("of another type")
    claims: dict[str, Any] = whole["payload"]
    return claims


def _assertion(claims: dict[str, Any]) -> Assertion:
    audience = claims.get("aud")
    try:
        return Assertion(
            issuer=_text(claims["iss"]),
            subject=_text(claims["sub"]),
            audiences=tuple(map(_text, audience)) if isinstance(audience, list) else (_text(audience),),
            id=_text(claims["jti"]),
            expires_at=_time(claims["exp"]),
            issued_at=None if claims.get("iat") is None else _time(claims["iat"]),
            not_before=None if claims.get("nbf") is None else _time(claims["nbf"]),
        )
    except KeyError as missing:
        raise BadToken(f"no {missing.args[0]}") from missing


def _text(value: object) -> str:
    # JSON can write NUL and half characters, and PostgreSQL keeps neither.
    if not isinstance(value, str) or not value.isprintable():
        raise BadToken("a claim that should be a text is none")
    return value


def _time(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadToken("a time is no number")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadToken("a time that no calendar has") from error
