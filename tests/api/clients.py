"""Clients for tests: made as an operator makes them, and what they send to prove themselves."""

import base64
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI

from app.api.oauth.authentication import ASSERTION_TYPE
from app.api.tokens import utc_now
from app.cli.client_acts import Issued, NewKey, Operator
from app.domain.clients import Algorithm, PublicKey
from app.domain.ids import InstitutionId
from app.domain.periods import Period
from tests.conftest import TODAY

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
ISSUER = "https://register.example"
GRANT = {"grant_type": "client_credentials"}


def a_key(algorithm: Algorithm) -> PrivateKey:
    match algorithm:
        case Algorithm.ES256:
            return ec.generate_private_key(ec.SECP256R1())
        case Algorithm.RS256 | Algorithm.PS256:
            return rsa.generate_private_key(public_exponent=65537, key_size=2048)
        case Algorithm.EDDSA:
            return ed25519.Ed25519PrivateKey.generate()


def pem(key: PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def operator(app: FastAPI) -> Operator:
    return Operator(name="operator-1", database=app.state.register.database, now=utc_now())


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A school information system: what it was told when it was registered, and its private key if it has one."""

    issued: Issued
    key: PrivateKey | None = None

    @property
    def id(self) -> str:
        return str(self.issued.client.id)

    @property
    def kid(self) -> str:
        proof = self.issued.credential.proof
        assert isinstance(proof, PublicKey)
        return proof.kid

    @property
    def algorithm(self) -> str:
        proof = self.issued.credential.proof
        assert isinstance(proof, PublicKey)
        return proof.algorithm

    @property
    def signing(self) -> PrivateKey:
        assert self.key is not None
        return self.key

    def by_header(self, secret: str | None = None) -> dict[str, str]:
        pair = f"{self.id}:{secret or self.issued.secret}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def by_form(self, secret: str | None = None) -> dict[str, str]:
        return {**GRANT, "client_id": self.id, "client_secret": secret or str(self.issued.secret)}

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Of an assertion that is accepted, unless something is changed; None leaves a claim out."""
        now = int(time.time())
        good = {
            "iss": self.id,
            "sub": self.id,
            "aud": ISSUER,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid4()),
            **changed,
        }
        return {name: value for name, value in good.items() if value is not None}

    def assertion(
        self, *, key: Any = None, alg: str | None = None, header: dict[str, Any] | None = None, **changed: Any
    ) -> str:
        headers = {"kid": self.kid, **(header or {})}
        return jwt.encode(self.claims(**changed), key or self.signing, algorithm=alg or self.algorithm, headers=headers)


def asserting(assertion: str, **more: str) -> dict[str, str]:
    return {**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion, **more}


async def a_system(
    app: FastAPI, *granted: InstitutionId, algorithm: Algorithm | None = None, period: Period | None = None
) -> System:
    """With a secret, or with a key that signs by this algorithm; granted since long ago unless stated otherwise."""
    key = None if algorithm is None else a_key(algorithm)
    new = None if key is None else NewKey(text=pem(key), algorithm=algorithm)
    issued = await operator(app).create(
        "A system", granted=granted, period=period or Period(TODAY.replace(year=2020)), key=new
    )
    return System(issued=issued, key=key)


async def bearer_of(http: httpx.AsyncClient, system: System) -> dict[str, str]:
    """The header that speaks for the system."""
    form = asserting(system.assertion()) if system.key else system.by_form()
    answer = await http.post("/oauth/token", data=form)
    assert answer.status_code == httpx.codes.OK, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def by_hand(header: dict[str, Any], payload: dict[str, Any], mac: bytes = b"") -> str:
    """What an attacker sends need not come from a library, which would refuse to make it."""
    parts = [*(json.dumps(each).encode() for each in (header, payload)), mac]
    return ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts)
