"""Clients in PostgreSQL, as the operator keeps them. Nobody else writes them, and only the gate reads them beside."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import audit
from app.db.tables import client, client_credential, client_grant
from app.domain.clients import Algorithm, Client, Credential, Grant, PublicKey, Secret
from app.domain.deeds import Deed
from app.domain.errors import NotFound
from app.domain.ids import ClientId, CredentialId, GrantId, InstitutionId
from app.domain.periods import Period


def credential_of(row: Row[Any]) -> Credential:
    proof = (
        PublicKey(kid=row.kid, algorithm=Algorithm(row.algorithm), der=row.public_key)
        if row.secret_hash is None
        else Secret(hash=row.secret_hash)
    )
    return Credential(
        id=CredentialId(row.id),
        client_id=ClientId(row.client_id),
        proof=proof,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        revoked_at=row.revoked_at,
    )


def _client_of(row: Row[Any]) -> Client:
    return Client(id=ClientId(row.id), name=row.name, revoked_at=row.revoked_at)


def _grant_of(row: Row[Any]) -> Grant:
    return Grant(
        id=GrantId(row.id),
        client_id=ClientId(row.client_id),
        institution_id=InstitutionId(row.institution_id),
        period=Period(row.valid_from, row.valid_to),
    )


async def get(connection: AsyncConnection, client_id: ClientId, *, lock: bool = False) -> Client:
    """Raises NotFound. Whoever changes a client, its credentials or grants locks it first."""
    query = select(client).where(client.c.id == client_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFound("client")
    return _client_of(row)


async def every(connection: AsyncConnection) -> Sequence[Client]:
    """In the order in which they were made."""
    query = select(client).order_by(client.c.recorded_at, client.c.id)
    return [_client_of(row) for row in await connection.execute(query)]


async def credentials_of(connection: AsyncConnection, client_id: ClientId) -> Sequence[Credential]:
    """The oldest first."""
    query = select(client_credential).where(client_credential.c.client_id == client_id)
    return [credential_of(row) for row in await connection.execute(query.order_by(client_credential.c.recorded_at))]


async def grants_of(connection: AsyncConnection, client_id: ClientId) -> Sequence[Grant]:
    """By institution, and in the order of time."""
    query = select(client_grant).where(client_grant.c.client_id == client_id)
    ordered = query.order_by(client_grant.c.institution_id, client_grant.c.valid_from)
    return [_grant_of(row) for row in await connection.execute(ordered)]


async def add(connection: AsyncConnection, each: Client, deed: Deed) -> None:
    await connection.execute(insert(client).values(id=each.id, name=each.name))
    await audit.record(connection, deed)


async def revoke(connection: AsyncConnection, each: Client, deed: Deed) -> None:
    await connection.execute(update(client).where(client.c.id == each.id).values(revoked_at=each.revoked_at))
    await audit.record(connection, deed)


async def add_credential(connection: AsyncConnection, each: Credential, deed: Deed) -> None:
    values: dict[str, Any] = {
        "id": each.id,
        "client_id": each.client_id,
        "valid_from": each.valid_from,
        "valid_to": each.valid_to,
    }
    match each.proof:
        case Secret(hash=secret_hash):
            values["secret_hash"] = secret_hash
        case PublicKey(kid=kid, algorithm=algorithm, der=der):
            values |= {"kid": kid, "algorithm": algorithm, "public_key": der}
    await connection.execute(insert(client_credential).values(values))
    await audit.record(connection, deed)


async def end_credential(connection: AsyncConnection, each: Credential, deed: Deed) -> None:
    """As it ends by rotation or by revocation; what it proves never changes."""
    ends = {"valid_to": each.valid_to, "revoked_at": each.revoked_at}
    await connection.execute(update(client_credential).where(client_credential.c.id == each.id).values(ends))
    await audit.record(connection, deed)


async def add_grant(connection: AsyncConnection, each: Grant, deed: Deed) -> None:
    values = {
        "id": each.id,
        "client_id": each.client_id,
        "institution_id": each.institution_id,
        "valid_from": each.period.start,
        "valid_to": each.period.end,
    }
    await connection.execute(insert(client_grant).values(values))
    await audit.record(connection, deed)


async def end_grant(connection: AsyncConnection, each: Grant, deed: Deed) -> None:
    ended = update(client_grant).where(client_grant.c.id == each.id).values(valid_to=each.period.end)
    await connection.execute(ended)
    await audit.record(connection, deed)


async def remove_grant(connection: AsyncConnection, each: Grant, deed: Deed) -> None:
    """Of days that had not come yet."""
    await connection.execute(delete(client_grant).where(client_grant.c.id == each.id))
    await audit.record(connection, deed)
