"""What is asked of the identity provider: its discovery document (OpenID Connect Discovery 1.0) and its keys, and nothing else."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from app.api.addresses import is_protected, stays_here
from app.api.tokens.json_web_keys import Algorithm, Keys, usable

DEADLINE = 5
"""Seconds for everything that one look at the keys takes."""
LARGEST = 262_144
"""Bytes of a document. A key set with its certificates has some 10,000."""
DISCOVERY = "/.well-known/openid-configuration"
# Unpacked while it is read, a small answer could become a large one.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "risk-register"}


class ProviderSilent(Exception):
    """The keys could not be had: the provider does not answer, or not with a key set. Why is for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`jwks_uri` None: the discovery document of the issuer tells it, each time anew."""

    issuer: str
    jwks_uri: str | None
    algorithm: Algorithm
    _tls: ssl.SSLContext = field(default_factory=httpx.create_ssl_context, repr=False)

    async def keys(self) -> Keys:
        """The keys that the provider publishes now. Raises ProviderSilent, within the deadline."""
        try:
            async with asyncio.timeout(DEADLINE), self._client() as client:
                found = usable(await _document(client, await self._address(client)), self.algorithm)
        except TimeoutError as error:
            raise ProviderSilent(f"no answer within {DEADLINE} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderSilent(f"no answer ({type(error).__name__})") from error
        except ValueError as error:
            raise ProviderSilent(str(error)) from error
        if not found:
            raise ProviderSilent(f"no key of the set verifies {self.algorithm}")
        return found

    def _client(self) -> httpx.AsyncClient:
        # A proxy of the environment is for what lies outside: what stays on this machine is asked directly.
        here = stays_here(self.jwks_uri or self.issuer)
        return httpx.AsyncClient(
            verify=self._tls, headers=_HEADERS, timeout=DEADLINE, follow_redirects=False, trust_env=not here
        )

    async def _address(self, client: httpx.AsyncClient) -> str:
        if self.jwks_uri is not None:
            return self.jwks_uri
        found = await _document(client, self.issuer.rstrip("/") + DISCOVERY)
        if not isinstance(found, dict) or found.get("issuer") != self.issuer:
            raise ValueError("the discovery document is of another issuer")
        address = found.get("jwks_uri")
        if not isinstance(address, str) or not is_protected(address):
            raise ValueError("the discovery document names no jwks_uri over https")
        return address


async def _document(client: httpx.AsyncClient, url: str) -> Any:  # noqa: ANN401 - JSON, until somebody has looked at it
    """Raises ValueError for an answer that is not one plain JSON document of bearable size; a redirection is none."""
    async with client.stream("GET", url) as answer:
        if answer.status_code != httpx.codes.OK:
            raise ValueError(f"answered {answer.status_code}")
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise ValueError("answered compressed, unasked")
        body = bytearray()
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > LARGEST:
                raise ValueError("answered more than a key set can be")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ValueError("answered no JSON") from error
