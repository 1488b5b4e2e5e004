"""Bearer tokens: JSON Web Tokens signed with HMAC-SHA-256, which say who acts, in which role, and for which part of the country."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId, PartnerId

ALGORITHM = "HS256"
TYPE = "at+jwt"
REQUIRED = ["iss", "aud", "sub", "iat", "exp", "role"]


class BadToken(Exception):
    """The token is not one of ours, or no longer. Why is for the log; the caller is told nothing but that it is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
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

    def read(self, token: str) -> Actor:
        """Raises BadToken for everything but a token of ours, of the right type, in its time, whose scope fits its role."""
        try:
            whole = jwt.decode_complete(
                token,
                self.key,
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                options={"require": REQUIRED},
            )
            if whole["header"].get("typ") != TYPE:
                raise BadToken("not an access token")
            actor = _actor(whole["payload"])
        except (jwt.InvalidTokenError, ValueError, TypeError, KeyError) as error:
            raise BadToken(str(error)) from error
        if (flaw := actor.flaw()) is not None:
            raise BadToken(flaw)
        return actor


def _actor(claims: dict[str, Any]) -> Actor:
    partner, region, staff_member = claims.get("partner"), claims.get("region"), claims.get("staff_member")
    return Actor(
        subject=str(claims["sub"]),
        role=Role(claims["role"]),
        institution_ids=frozenset(InstitutionId(int(each)) for each in claims.get("institutions", [])),
        partner_id=None if partner is None else PartnerId(int(partner)),
        region_code=None if region is None else str(region),
        staff_member=None if staff_member is None else str(staff_member),
    )


def utc_now() -> datetime:
    return datetime.now(UTC)
