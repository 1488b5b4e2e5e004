"""How a client says who it is and proves it: a secret in the header or in the form, or an assertion signed with its key."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from app.api.oauth.assertions import genuine
from app.api.oauth.errors import InvalidClient, InvalidRequest
from app.api.tokens import BadToken, unverified
from app.db import client_gate
from app.db.session import Connection
from app.domain import assertions
from app.domain.clients import Credential, proved_by, usable
from app.domain.ids import ClientId

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")


@dataclass(frozen=True, slots=True, kw_only=True)
class WithSecret:
    """By `client_secret_basic` or `client_secret_post`."""

    client: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithAssertion:
    """By `private_key_jwt`. The header is the assertion's own, and says no more than which key is to be tried."""

    client: str
    assertion: str
    header: dict[str, Any]


def presented(authorization: str | None, form: Mapping[str, str]) -> WithSecret | WithAssertion:
    """What the client proves itself with. Raises InvalidRequest where that is more than one thing, and InvalidClient where it is
    nothing, or cannot be read.
    """
    ways = (authorization is not None, "client_secret" in form, "client_assertion" in form)
    if sum(ways) > 1:
        raise InvalidRequest("Prove the client in one way, not in several.")
    found = _presented(authorization, form)
    if form.get("client_id", found.client) != found.client:
        raise InvalidRequest("client_id is not the client that proves itself.")
    return found


def _presented(authorization: str | None, form: Mapping[str, str]) -> WithSecret | WithAssertion:
    if authorization is not None:
        return _basic(authorization)
    if "client_secret" in form:
        return WithSecret(client=form.get("client_id", ""), secret=form["client_secret"])
    if "client_assertion" in form:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise InvalidRequest(f"client_assertion_type is {ASSERTION_TYPE}.")
        return _assertion(form["client_assertion"])
    raise InvalidClient("no proof")


def _basic(authorization: str) -> WithSecret:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClient("another scheme")
    try:
        client, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise InvalidClient("unreadable") from error
    if not colon:
        raise InvalidClient("unreadable")
    return WithSecret(client=unquote_plus(client), secret=unquote_plus(secret))


def _assertion(token: str) -> WithAssertion:
    try:
        header, claims = unverified(token)
    except BadToken as error:
        raise InvalidClient(str(error)) from error
    return WithAssertion(client=str(claims.get("sub")), assertion=token, header=header)


async def authenticate(
    connection: Connection, proof: WithSecret | WithAssertion, *, issuer: str, now: datetime
) -> Credential:
    """The credential by which the client has proved itself; an assertion is used up by it. Raises InvalidClient, after the same
    statement and comparable work, whether the client is unknown or only its proof is wrong.
    """
    client, credentials = await client_gate.known(connection, _client_id(proof.client))
    good = usable(client, credentials, now)
    if isinstance(proof, WithSecret):
        proved = proved_by(proof.secret, good)
        if proved is None:
            raise InvalidClient("no such client, or not its secret")
        return proved
    try:
        proved, assertion = genuine(proof.assertion, proof.header, good)
    except BadToken as error:
        raise InvalidClient(str(error)) from error
    if (flaw := assertions.flaw(assertion, client=str(proved.client_id), audience=issuer, now=now)) is not None:
        raise InvalidClient(flaw)
    await client_gate.forget_assertions(connection, now)
    if not await client_gate.use_assertion(connection, proved.client_id, assertion.id, assertion.expires_at):
        raise InvalidClient("used before")
    return proved


def _client_id(said: str) -> ClientId:
    """What is no id at all is asked for as an id that no client has, which takes as long."""
    try:
        return ClientId(UUID(said))
    except ValueError:
        return ClientId(UUID(int=0))
