"""Clients: the school information systems that read and write for institutions, and how each proves that it is itself.

A client is granted institutions by date. Its credentials are secrets or public keys; for a while after a rotation it has two.
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from app.domain.errors import Refused, Violation, check, violation
from app.domain.ids import ClientId, CredentialId, GrantId, InstitutionId
from app.domain.periods import Period

LONGEST_OVERLAP = timedelta(days=30)
"""A rotation that never ends is none."""


class Algorithm(StrEnum):
    """Signatures that a client may prove itself with (RFC 7518, section 3.1). Each key is registered with one and used with no other."""

    ES256 = "ES256"
    RS256 = "RS256"
    PS256 = "PS256"
    EDDSA = "EdDSA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret of 32 random bytes, kept as its SHA-256. A slow hash protects words that people choose and others can guess; no one
    goes through 2^256 values, however fast the hash, and a slow one would be paid for by whoever asks for a token.
    """

    hash: bytes

    @classmethod
    def of(cls, secret: str) -> "Secret":
        return cls(hash=sha256(secret.encode()).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """`kid` names the key in the header of an assertion; `der` is its SubjectPublicKeyInfo (RFC 5280) in DER."""

    kid: str
    algorithm: Algorithm
    der: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """`revoked_at` is final: a system that comes back gets a new client."""

    id: ClientId
    name: str
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Good from `valid_from` until before `valid_to`, both UTC; None means until further notice."""

    id: CredentialId
    client_id: ClientId
    proof: Secret | PublicKey
    valid_from: datetime
    valid_to: datetime | None = None
    revoked_at: datetime | None = None

    def is_usable(self, now: datetime) -> bool:
        lasts = self.valid_from <= now and (self.valid_to is None or now < self.valid_to)
        return lasts and self.revoked_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The client acts for the institution on the days of the period."""

    id: GrantId
    client_id: ClientId
    institution_id: InstitutionId
    period: Period


def usable(client: Client | None, credentials: Iterable[Credential], now: datetime) -> tuple[Credential, ...]:
    """Those by which the client may prove itself now: none of a client that is revoked or unknown."""
    if client is None or client.revoked_at is not None:
        return ()
    return tuple(each for each in credentials if each.is_usable(now))


def proved_by(secret: str, credentials: Iterable[Credential]) -> Credential | None:
    """The credential whose secret this is. Each is compared in constant time, and one more that is none, so that an unknown client
    takes the work of a known one.
    """
    given = Secret.of(secret).hash
    found = None
    hmac.compare_digest(given, bytes(len(given)))
    for each in credentials:
        if isinstance(each.proof, Secret) and hmac.compare_digest(given, each.proof.hash):
            found = each
    return found


def check_client(client: Client) -> Client:
    """Raise Invalid unless it has a name that people can tell it by."""
    if not client.name.strip() or len(client.name) > 200:  # noqa: PLR2004 - said in the message
        check([violation("/name", "name", "A client has a name of 1 to 200 characters.")])
    return client


def check_active(client: Client) -> Client:
    """Raise Refused where the client is revoked: nothing brings it back."""
    if client.revoked_at is not None:
        raise Refused(f"{client.name} was revoked on {client.revoked_at:%Y-%m-%d}.", code="client-revoked")
    return client


def check_grant(grant: Grant, others: Iterable[Grant]) -> Grant:
    """Raise Invalid unless the days are in order and the client's other grants of this institution leave them free."""
    check(_flaws(grant, others))
    return grant


def _flaws(grant: Grant, others: Iterable[Grant]) -> Iterator[Violation]:
    period = grant.period
    if period.end is not None and period.end < period.start:
        yield violation("/to", "ends-before-start", "A grant cannot end before it starts.")
    if any(period.overlaps(each.period) for each in others if each.institution_id == grant.institution_id):
        yield violation("/from", "overlap", "The institution is granted to this client in some of these days already.")


def withdrawn(grants: Iterable[Grant], last_day: date) -> tuple[list[Grant], list[Grant]]:
    """What becomes of grants that shall not outlast a day: those that end on it, and those that had not begun, which go."""
    lasting = [each for each in grants if each.period.end is None or each.period.end > last_day]
    begun = [
        replace(each, period=Period(each.period.start, last_day)) for each in lasting if each.period.start <= last_day
    ]
    return begun, [each for each in lasting if each.period.start > last_day]


def rotated(credentials: Sequence[Credential], *, now: datetime, overlap: timedelta) -> list[Credential]:
    """The credentials that a new one replaces, as they end: after the overlap, or before where they would have ended before.

    Raises Invalid for an overlap below zero or over 30 days.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        check([violation("/overlap", "overlap-out-of-range", "The old credential may go on for 0 to 30 days.")])
    end = now + overlap
    return [
        replace(each, valid_to=max(end, each.valid_from))
        for each in credentials
        if each.revoked_at is None and (each.valid_to is None or end < each.valid_to)
    ]


def revoked(credential: Credential, now: datetime) -> Credential:
    """Raises Refused where it was revoked before."""
    if credential.revoked_at is not None:
        raise Refused(f"This credential was revoked on {credential.revoked_at:%Y-%m-%d}.", code="credential-revoked")
    return replace(credential, revoked_at=now)
