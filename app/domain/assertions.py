"""Assertions: what a client signs with its key to prove that it is itself, once and for minutes (RFC 7523, section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFETIME = timedelta(minutes=5)
"""The longest that an assertion may have left. So long is its `jti` remembered, too."""

SKEW = timedelta(seconds=30)
"""By so much the clock of a client may be ahead of ours before its assertions come from the future."""

LONGEST_ID = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """The claims of one whose signature is genuine. Times are UTC."""

    issuer: str
    subject: str
    audiences: Sequence[str]
    id: str
    expires_at: datetime
    issued_at: datetime | None = None
    not_before: datetime | None = None


def flaw(assertion: Assertion, *, client: str, audience: str, now: datetime) -> str | None:
    """Why this does not prove the client to us now, for the log, or None. Whether it was used before is the database's to say."""
    since = [each for each in (assertion.issued_at, assertion.not_before) if each is not None]
    flaws = {
        "another issuer": assertion.issuer != client,
        "another subject": assertion.subject != client,
        "not for us alone": tuple(assertion.audiences) != (audience,),
        "no jti of 1 to 200 characters": not 1 <= len(assertion.id) <= LONGEST_ID,
        "expired": assertion.expires_at <= now,
        "lasts too long": assertion.expires_at > now + LIFETIME,
        "from the future": any(each > now + SKEW for each in since),
    }
    return next((each for each, found in flaws.items() if found), None)
