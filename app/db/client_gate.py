"""What the gate asks of clients: is this one of them, and for whom does it act today? It runs in the one role that may ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, Date, and_, bindparam, delete, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.clients import credential_of
from app.db.public_facts import lasts_on
from app.db.tables import client, client_assertion, client_credential, client_grant
from app.domain.assertions import LIFETIME
from app.domain.clients import Client, Credential
from app.domain.ids import ClientId, CredentialId, InstitutionId

_CLIENT = (client.c.name, client.c.revoked_at.label("client_revoked_at"))

_TODAY: BindParameter[date] = bindparam("today", type_=Date)
_GRANTED = (
    select(
        func.array_agg(client_grant.c.institution_id).label("institution_ids"),
        func.array_agg(client_grant.c.valid_to).label("last_days"),
    )
    .where(client_grant.c.client_id == client.c.id, lasts_on(client_grant, _TODAY))
    .lateral("granted")
)
# Put together once: to do it anew on every request took longer than PostgreSQL takes to answer.
_CALLER = (
    select(*_CLIENT, client_credential, _GRANTED.c.institution_ids, _GRANTED.c.last_days)
    .join(client, client.c.id == client_credential.c.client_id)
    .join(_GRANTED, true())
    .where(client.c.id == bindparam("client_id"), client_credential.c.id == bindparam("credential_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A client with the credential its token was issued for, and the institutions granted to it on the day asked for, each with the
    last day of that; None means until further notice.
    """

    client: Client
    credential: Credential
    granted_until: Mapping[InstitutionId, date | None]


async def caller(
    connection: AsyncConnection, client_id: ClientId, credential_id: CredentialId, *, today: date
) -> Caller | None:
    """One statement, for it is asked on every request."""
    asked = {"client_id": client_id, "credential_id": credential_id, "today": today}
    row = (await connection.execute(_CALLER, asked)).one_or_none()
    if row is None:
        return None
    return Caller(
        client=Client(id=client_id, name=row.name, revoked_at=row.client_revoked_at),
        credential=credential_of(row),
        # No two grants of a client for the same institution share a day.
        granted_until=dict(zip(map(InstitutionId, row.institution_ids or ()), row.last_days or (), strict=True)),
    )


async def known(connection: AsyncConnection, client_id: ClientId) -> tuple[Client | None, Sequence[Credential]]:
    """The client and all its credentials, good or not. One statement, whether there is such a client or none."""
    query = (
        select(*_CLIENT, client_credential)
        .join(client, client.c.id == client_credential.c.client_id)
        .where(client.c.id == client_id)
    )
    rows = (await connection.execute(query)).all()
    if not rows:
        return None, ()
    found = Client(id=client_id, name=rows[0].name, revoked_at=rows[0].client_revoked_at)
    return found, [credential_of(row) for row in rows]


async def use_assertion(
    connection: AsyncConnection, client_id: ClientId, assertion_id: str, expires_at: datetime
) -> bool:
    """Whether this is its first use. Of several at once one is the first: the others wait for it, and are told."""
    first = insert(client_assertion).values(client_id=client_id, jti=assertion_id, expires_at=expires_at)
    return (await connection.execute(first.on_conflict_do_nothing())).rowcount == 1


async def forget_assertions(connection: AsyncConnection, now: datetime) -> None:
    """Those that expired long enough ago that no clock of ours takes them for good. What another transaction is forgetting is skipped."""
    expired = (
        select(client_assertion.c.client_id, client_assertion.c.jti)
        .where(client_assertion.c.expires_at < now - LIFETIME)
        .limit(100)
        .with_for_update(skip_locked=True)
        .cte("expired")
    )
    same = and_(client_assertion.c.client_id == expired.c.client_id, client_assertion.c.jti == expired.c.jti)
    await connection.execute(delete(client_assertion).where(same))
