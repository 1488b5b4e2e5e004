"""Tokens as an attacker would make them: genuine ones with one thing changed, and others that no library would make."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.conftest import KEY

ATTACKER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
"""Whoever attacks has keys of their own, and publishes them."""
PUBLISHED = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(ATTACKER.public_key()))
PEM = ATTACKER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
HEADERS: Mapping[str, Any] = {
    "jku": "https://attacker.example/keys.json",
    "jwk": PUBLISHED,
    "x5u": "https://attacker.example/key.pem",
    "x5c": ["MIIB"],
    "x5t": "c29tZWJvZHk",
    "x5t#S256": "c29tZWJvZHk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forger:
    """Makes tokens of one type. `claims` are those of a genuine one; times are whole seconds."""

    typ: str
    claims: Mapping[str, Any]

    def token(
        self, *, key: Any = KEY, alg: str = "HS256", header: Mapping[str, Any] | None = None, **changed: Any
    ) -> str:
        """Genuine unless something is changed; None leaves a claim or a header out."""
        headers = {"typ": self.typ, **(header or {})}
        return jwt.encode(self._changed(changed), key, algorithm=alg, headers=headers)

    def by_hand(self, header: Mapping[str, Any], *, key: bytes = KEY, **changed: Any) -> str:
        """What an attacker sends need not come from a library. Signed with HMAC whatever the header says."""
        parts = ({"typ": self.typ, **header}, self._changed(changed))
        said = ".".join(_base64(json.dumps(each).encode()) for each in parts)
        return f"{said}.{_base64(hmac.digest(key, said.encode(), 'sha256'))}"

    def unsigned(self, alg: str) -> str:
        return self.by_hand({"alg": alg}).rpartition(".")[0] + "."

    def _changed(self, changed: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in {**self.claims, **changed}.items() if value is not None}

    def bad(self) -> dict[str, str]:
        """What is wrong with a token of any kind, and the token."""
        now = int(datetime.now(UTC).timestamp())
        good = self.token()
        header, payload, signature = good.split(".")
        hs256 = {"alg": "HS256"}
        return {
            "alg none": self.unsigned("none"),
            "alg None": self.unsigned("None"),
            "alg none with the signature of another": self.unsigned("none") + signature,
            "no alg": self.by_hand({}),
            "another algorithm": self.token(key=KEY * 2, alg="HS512"),
            "signed with a key of the attacker's": self.token(key=ATTACKER, alg="RS256"),
            "said to be RSA, signed with the secret": self.by_hand({"alg": "RS256"}),
            "signed with a public key as if it were the secret": self.by_hand(hs256, key=PEM),
            "wrong key": self.token(key=KEY[::-1]),
            "payload of another": f"{header}.{self.token(sub='another').split('.')[1]}.{signature}",
            "no signature": f"{header}.{payload}.",
            **{f"genuine, with the header {name}": self.token(header={name: HEADERS[name]}) for name in HEADERS},
            "signed with the key it brings": self.token(key=ATTACKER, alg="RS256", header={"jwk": PUBLISHED}),
            "genuine, with an extension to be understood": self.by_hand({**hs256, "crit": ["exp"], "exp": 1}),
            "genuine, with an extension that the library knows": self.by_hand({**hs256, "crit": ["b64"], "b64": True}),
            "a kid that is no text": self.by_hand({**hs256, "kid": 1}),
            "wrong audience": self.token(aud="another"),
            "no audience": self.token(aud=None),
            "wrong issuer": self.token(iss="https://another.example"),
            "no issuer": self.token(iss=None),
            "issuer that is no text": self.by_hand(hs256, iss=["https://register.example"]),
            "expired": self.token(exp=now - 5),
            "never expires": self.token(exp=None),
            "expires in infinity": self.by_hand(hs256, exp=float("inf")),
            "not yet valid": self.token(nbf=now + 60),
            "from the future": self.token(iat=now + 3600),
            "no subject": self.token(sub=None),
            "a subject that is no text": self.by_hand(hs256, sub=["test"]),
            "missing type": self.token(header={"typ": None}),
            "wrong type": self.token(header={"typ": "JWT"}),
            "type that is no text": self.by_hand({**hs256, "typ": [self.typ]}),
            "too long": self.token(note="a" * 8192),
            "garbage": "garbage",
            "garbage in three parts": "a.b.c",
            "not Base64": "ā.ē.ī".encode().hex() + ".%%%.",
        }


def _base64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
