"""Tokens issued here for development: role and scope stand in the claims. In production nobody verifies them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt

from app.api.tokens.reading import BadToken, verified
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId, PartnerId

ALGORITHM = "HS256"
TYPE = "development+jwt"
REQUIRED = ("sub", "iat", "role")
LARGEST_ID = 2**31 - 1
"""PostgreSQL's integers end there."""
LONGEST_TEXT = 255
"""Characters, as of a provider's `sub` (OpenID Connect Core 1.0, section 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentTokens:
    """JSON Web Tokens signed with HMAC-SHA-256."""

    key: bytes = field(repr=False)
    issuer: str
    audience: str

    def issue(self, actor: Actor, *, now: datetime, lifetime: timedelta) -> str:
        """Raises ValueError where the actor's scope does not fit its role."""
        if (flaw := actor.flaw()) is not None:
            raise ValueError(flaw)
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": actor.subject,
            "iat": now,
            "exp": now + lifetime,
            "role": actor.role.value,
            "institutions": sorted(actor.institution_ids),
            "partner": actor.partner_id,
            "region": actor.region_code,
            "staff_member": actor.staff_member,
        }
        present = {name: value for name, value in claims.items() if value not in (None, [])}
        return jwt.encode(present, self.key, algorithm=ALGORITHM, headers={"typ": TYPE})

    async def actor(self, token: str) -> Actor:
        """Raises BadToken for everything but a token of ours, of the right type, in its time, whose scope fits its role."""
        claims = verified(
            token,
            key=self.key,
            algorithm=ALGORITHM,
            typ=TYPE,
            issuer=self.issuer,
            audience=self.audience,
            required=REQUIRED,
        )
        try:
            actor = _actor(claims)
        except (ValueError, TypeError) as error:
            raise BadToken(str(error)) from error
        if (flaw := actor.flaw()) is not None:
            raise BadToken(flaw)
        return actor


def _actor(claims: Mapping[str, Any]) -> Actor:
    """Raises ValueError and TypeError for claims that are not of their type, or that no record could bear."""
    partner, region, staff_member = claims.get("partner"), claims.get("region"), claims.get("staff_member")
    return Actor(
        subject=_text(claims["sub"]),
        role=Role(claims["role"]),
        institution_ids=frozenset(InstitutionId(_number(each)) for each in claims.get("institutions", [])),
        partner_id=None if partner is None else PartnerId(_number(partner)),
        region_code=None if region is None else _text(region),
        staff_member=None if staff_member is None else _text(staff_member),
    )


def _number(claim: object) -> int:
    # Not bool, which Python holds for an integer.
    if type(claim) is not int or not 0 < claim <= LARGEST_ID:
        raise ValueError("an id that is no number of ours")
    return claim


def _text(claim: object) -> str:
    if not isinstance(claim, str) or not 0 < len(claim) <= LONGEST_TEXT or not claim.isprintable():
        raise ValueError("a text that is empty, too long or not plain")
    return claim
