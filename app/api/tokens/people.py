"""Access tokens of people, issued by an OpenID Connect provider (RFC 9068): verified by its keys, understood by configuration."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.api.tokens.claims import ClaimMapping, Naming
from app.api.tokens.json_web_keys import LONGEST_KID, Algorithm
from app.api.tokens.key_sets import KeySet
from app.api.tokens.reading import BadToken, unverified, verified
from app.db import organisations
from app.db.session import Database
from app.domain.actors import LEVELS, Actor, Level, Role
from app.domain.geography import Geography
from app.domain.ids import InstitutionId, PartnerId
from app.domain.regions import RegionScheme

LEEWAY = 30
"""Seconds by which the provider's clock and ours may differ."""
LONGEST_SUBJECT = 255
"""Characters of `sub` (OpenID Connect Core 1.0, section 2)."""
LARGEST_ID = 2**31 - 1

log = logging.getLogger("register.people")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    issuer: str
    audience: str
    algorithm: Algorithm
    typ: str
    keys: KeySet
    mapping: ClaimMapping
    database: Database
    geography: Geography
    today: Callable[[], date]

    async def actor(self, token: str) -> Actor:
        """Raises BadToken unless the provider has signed this token for us, and it names one role and its organisation of today."""
        try:
            return await self._actor(await self._claims(token))
        except BadToken as refused:
            # Whoever connects a provider has to learn why. The reasons repeat nothing of the token.
            log.info("a person's token is refused", extra={"fields": {"reason": str(refused)}})
            raise

    async def _claims(self, token: str) -> Mapping[str, Any]:
        header, _ = unverified(token)
        kid = header.get("kid")
        if header.get("alg") != self.algorithm:
            raise BadToken("signed by another algorithm")
        if not isinstance(kid, str) or len(kid) > LONGEST_KID:
            raise BadToken("no kid")
        key = await self.keys.key(kid)
        if key is None:
            raise BadToken("no key of the provider has this kid")
        return verified(
            token,
            key=key,
            algorithm=self.algorithm,
            typ=self.typ,
            issuer=self.issuer,
            audience=self.audience,
            required=("sub", "iat"),
            leeway=LEEWAY,
        )

    async def _actor(self, claims: Mapping[str, Any]) -> Actor:
        claimed = self.mapping.read(claims)
        level = LEVELS[claimed.role]
        institution = await self._institution(claimed.institution) if level is Level.SCHOOL else None
        partner = await self._partner(claimed.partner) if level is Level.PARTNER else None
        if level is Level.REGION:
            self._check_region(claimed.region)
        if claimed.role is Role.SUPPORT_PROVIDER and claimed.staff_member is None:
            raise BadToken("the token names no staff member")
        actor = Actor(
            subject=subject(self.issuer, claims["sub"]),
            role=claimed.role,
            institution_ids=frozenset() if institution is None else frozenset({institution}),
            partner_id=partner,
            region_code=claimed.region,
            staff_member=claimed.staff_member,
        )
        if (flaw := actor.flaw()) is not None:
            raise BadToken(flaw)
        return actor

    async def _institution(self, word: str | None) -> InstitutionId:
        """An absent claim is a provider's mistake, a number that nobody has is one in a person's entry: the log tells them apart."""
        if word is None:
            raise BadToken("the token names no institution")
        async with self.database.connect() as connection:
            if self.mapping.naming is Naming.ID:
                found = await organisations.institution_of_id(connection, InstitutionId(_id(word)))
            else:
                found = await organisations.institution_numbered(connection, word, self.today())
        if found is None:
            raise BadToken(self._nobodys("institution"))
        return found

    async def _partner(self, word: str | None) -> PartnerId:
        if word is None:
            raise BadToken("the token names no partner")
        async with self.database.connect() as connection:
            if self.mapping.naming is Naming.ID:
                found = await organisations.partner_of_id(connection, PartnerId(_id(word)))
            else:
                found = await organisations.partner_numbered(connection, word, self.geography, self.today())
        if found is None:
            raise BadToken(self._nobodys("partner"))
        return found

    def _nobodys(self, noun: str) -> str:
        if self.mapping.naming is Naming.ID:
            return f"no {noun} of that id"
        return f"no {noun} of that number today, or more than one"

    def _check_region(self, code: str | None) -> None:
        if code is None:
            raise BadToken("the token names no planning region")
        region = self.geography.region(RegionScheme.PLANNING, code)
        if region is None or self.today() not in region.period:
            raise BadToken("no planning region of that code today")


def subject(issuer: str, sub: str) -> str:
    """How the register calls this person, in the audit above all: never by a name or an address, which some providers send.

    A UUID stands as it is. Anything else becomes `sha256-` and the hash of issuer, line feed and `sub`: always the same, and
    readable by nobody who does not know it already.
    """
    if not 0 < len(sub) <= LONGEST_SUBJECT:
        raise BadToken("a subject that is empty or too long")
    if _is_uuid(sub):
        return sub
    # JSON can spell half a character, which UTF-8 has no bytes for.
    return "sha256-" + sha256(f"{issuer}\n{sub}".encode(errors="surrogatepass")).hexdigest()


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _id(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 0 < int(word) <= LARGEST_ID):
        raise BadToken("what should be an id is none")
    return int(word)
