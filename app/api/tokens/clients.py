"""Access tokens of clients. They name a client and its credential and nothing more: what it may do is asked anew on every request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import jwt

from app.api.tokens.reading import BadToken, utc_now, verified
from app.db import client_gate
from app.db.scopes import GATE
from app.db.session import Database
from app.domain.actors import Actor, Role
from app.domain.clients import Credential, usable
from app.domain.ids import ClientId, CredentialId

ALGORITHM = "HS256"
TYPE = "at+jwt"
"""RFC 9068. Tokens for development have another type, and other claims."""
CLAIMS = frozenset({"iss", "aud", "sub", "client_id", "credential", "iat", "exp", "jti"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTokens:
    """JSON Web Tokens signed with HMAC-SHA-256, for the service that issues them and nobody else."""

    key: bytes = field(repr=False)
    issuer: str
    audience: str
    lifetime: timedelta
    database: Database
    today: Callable[[], date]

    def issue(self, credential: Credential, *, now: datetime) -> str:
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(credential.client_id),
            "client_id": str(credential.client_id),
            "credential": str(credential.id),
            "iat": now,
            "exp": now + self.lifetime,
            "jti": str(uuid4()),
        }
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers={"typ": TYPE})

    async def actor(self, token: str) -> Actor:
        """The client with the institutions granted to it today, which may be none. Raises BadToken also where the client or the
        credential has been revoked, or has ended, since the token was issued.
        """
        claims = verified(
            token,
            key=self.key,
            algorithm=ALGORITHM,
            typ=TYPE,
            issuer=self.issuer,
            audience=self.audience,
            required=sorted(CLAIMS),
        )
        if claims.keys() != CLAIMS or claims["sub"] != claims["client_id"]:
            raise BadToken("not the claims of a client's token")
        try:
            client_id, credential_id = ClientId(UUID(claims["client_id"])), CredentialId(UUID(claims["credential"]))
        except (ValueError, AttributeError) as error:
            raise BadToken("no client's id") from error
        # A transaction of its own, ended before the request's begins: nobody waits for a second connection while holding one.
        async with self.database.transaction(GATE, read_only=True) as connection:
            caller = await client_gate.caller(connection, client_id, credential_id, today=self.today())
        if caller is None or not usable(caller.client, [caller.credential], utc_now()):
            raise BadToken("the client or its credential is revoked, has ended, or never was")
        return Actor(
            subject=str(client_id),
            role=Role.SYNC_CLIENT,
            institution_ids=frozenset(caller.granted_until),
            granted_until=caller.granted_until,
        )
