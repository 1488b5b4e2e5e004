"""How a school system proves itself: a token it has, a secret, or a key of its own."""

import base64
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode
from uuid import uuid4

from .errors import RegisterClientError
from .steps import Send

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60


@dataclass(frozen=True, slots=True)
class FixedToken:
    """A token had elsewhere: used as long as the register takes it."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    """OAuth 2.0 client credentials by `client_secret_basic`."""

    client_id: str
    secret: str = field(repr=False)

    def request(self, _issuer: str) -> Send:
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}".encode()
        return token_request({}, {"authorization": f"Basic {base64.b64encode(pair).decode()}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKey:
    """OAuth 2.0 client credentials by `private_key_jwt`. `key` is the private key in PEM, `kid` what the register calls it.

    Needs PyJWT with cryptography: `pip install 'pyjwt[crypto]'`.
    """

    client_id: str
    kid: str
    key: str = field(repr=False)
    algorithm: str = "ES256"

    def request(self, issuer: str) -> Send:
        """With an assertion made for it: one is good once."""
        try:
            import jwt  # noqa: PLC0415 - only clients with a key need it
        except ImportError as missing:
            raise RegisterClientError("A key needs PyJWT: pip install 'pyjwt[crypto]'") from missing
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": issuer,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": str(uuid4()),
        }
        assertion = jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": self.kid})
        return token_request({"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}, {})


Credentials = FixedToken | ClientSecret | ClientKey


def token_request(form: dict[str, str], headers: dict[str, str]) -> Send:
    return Send(
        method="POST",
        path="/oauth/token",
        headers={"content-type": "application/x-www-form-urlencoded", **headers},
        content=urlencode({"grant_type": "client_credentials", **form}).encode(),
    )
