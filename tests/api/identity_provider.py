"""Runs the identity provider of `provider_process.py`, and signs tokens that its keys verify."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms

AUDIENCE = "risk-register-api"
PROCESS = Path(__file__).with_name("provider_process.py")
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
_serials = count(1)


def rsa_key(bits: int = 2048) -> PrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def ec_key() -> PrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def ed_key() -> PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key of the provider. Each has a `kid` of its own unless one is given."""

    private: PrivateKey = field(default_factory=rsa_key)
    algorithm: str = "RS256"
    kid: str = field(default_factory=lambda: f"key-{next(_serials)}")

    def published(self, **changed: Any) -> dict[str, Any]:
        """As it stands in the key set."""
        made = get_default_algorithms()[self.algorithm].to_jwk(self.private.public_key(), as_dict=True)
        public = {name: value for name, value in dict(made).items() if name != "key_ops"}
        return {**public, "kid": self.kid, "use": "sig", "alg": self.algorithm, **changed}

    def sign(self, claims: dict[str, Any], **headers: Any) -> str:
        """A header that is None is left out."""
        given = {"kid": self.kid, "typ": "at+jwt", **headers}
        kept = {name: value for name, value in given.items() if value is not None}
        if given["typ"] is None:
            kept["typ"] = None  # else PyJWT would write its own
        return jwt.encode(claims, self.private, algorithm=self.algorithm, headers=kept)


@dataclass(kw_only=True)
class IdentityProvider:
    port: int = 0
    _process: subprocess.Popen[str] | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """At the port it had before, if any; it publishes nothing yet."""
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, str(PROCESS), str(self.port)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def publish(self, *keys: SigningKey | dict[str, Any]) -> None:
        self.behave(keys=[each.published() if isinstance(each, SigningKey) else each for each in keys])

    def behave(self, **state: Any) -> None:
        httpx.put(f"{self.issuer}/control", json=state, trust_env=False).raise_for_status()

    def asked(self) -> list[str]:
        """The paths that were asked for, since it started."""
        return list(httpx.get(f"{self.issuer}/control", trust_env=False).json()["asked"])

    def claims(self, **stated: Any) -> dict[str, Any]:
        """Of a token for the register that holds for five minutes; None leaves a claim out. Roles and organisation are to be stated."""
        now = datetime.now(UTC)
        given = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "7f5f7a52-0d2b-4c0e-9d53-2f1b0a6c9a01",
            "iat": now - timedelta(minutes=1),
            "exp": now + timedelta(minutes=5),
            "name": "Izdomāta Paraudze",
            "email": "izdomata.paraudze@example.lv",
            **stated,
        }
        return {name: value for name, value in given.items() if value is not None}


@contextmanager
def running() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()


def until(condition: Any, *, seconds: float = 5) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
