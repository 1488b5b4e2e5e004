"""What an operator does to clients: each act one transaction, with its audit entry in the operator's name."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from app.api.oauth.keys import read_public_key
from app.db import clients, institutions, organisations
from app.db.scopes import OPERATOR
from app.db.session import Connection, Database
from app.domain.actors import Actor, Role
from app.domain.clients import (
    Algorithm,
    Client,
    Credential,
    Grant,
    Secret,
    check_active,
    check_client,
    check_grant,
    revoked,
    rotated,
    withdrawn,
)
from app.domain.deeds import Action, Deed
from app.domain.errors import NotFound, Refused
from app.domain.ids import ClientId, CredentialId, GrantId, InstitutionId
from app.domain.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A public key as the client's people sent it: PEM or JSON Web Key. Without one the client gets a secret."""

    text: str
    algorithm: Algorithm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new credential; `secret` is told once, here, and kept nowhere."""

    client: Client
    credential: Credential
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    client: Client
    credentials: Sequence[Credential]
    grants: Sequence[Grant]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who acts, by name, on which database, and when."""

    name: str
    database: Database
    now: datetime

    def _deed(self, action: Action, noun: str, record_id: UUID, institution_id: InstitutionId | None = None) -> Deed:
        return Deed(
            actor=Actor(subject=self.name, role=Role.ADMINISTRATOR),
            action=action,
            noun=noun,
            correlation_id=str(uuid4()),
            record_id=str(record_id),
            institution_ids=() if institution_id is None else (institution_id,),
        )

    @asynccontextmanager
    async def _acting_on(self, client_id: ClientId) -> AsyncIterator[tuple[Connection, Client]]:
        """The client, locked, unless it is revoked."""
        async with self.database.transaction(OPERATOR) as connection:
            yield connection, check_active(await clients.get(connection, client_id, lock=True))

    async def create(
        self, name: str, *, granted: Sequence[InstitutionId], period: Period, key: NewKey | None = None
    ) -> Issued:
        client = check_client(Client(id=ClientId(uuid4()), name=name))
        async with self.database.transaction(OPERATOR) as connection:
            await clients.add(connection, client, self._deed(Action.CREATE, "client", client.id))
            for institution_id in granted:
                await self._grant(connection, client.id, institution_id, period, [])
            return await self._issue(connection, client, key)

    async def numbered(self, number: str, today: date) -> InstitutionId:
        """The institution that has this registration number today; raises Refused unless it is one."""
        async with self.database.connect() as connection:
            found = await organisations.institution_numbered(connection, number, today)
        if found is None:
            raise Refused(f"No one institution has the registration number {number} today.", code="no-such-institution")
        return found

    async def rotate(self, client_id: ClientId, *, overlap: timedelta, key: NewKey | None = None) -> Issued:
        """A new credential; those that were good end after the overlap."""
        async with self._acting_on(client_id) as (connection, client):
            for each in rotated(await clients.credentials_of(connection, client_id), now=self.now, overlap=overlap):
                deed = self._deed(Action.CHANGE, "client credential", each.id)
                await clients.end_credential(connection, each, deed)
            return await self._issue(connection, client, key)

    async def revoke(self, client_id: ClientId, credential_id: CredentialId | None = None) -> Client:
        """One credential, or the client with all of them."""
        async with self._acting_on(client_id) as (connection, client):
            if credential_id is None:
                ended = replace(client, revoked_at=self.now)
                await clients.revoke(connection, ended, self._deed(Action.REVOKE, "client", client_id))
                return ended
            known = {each.id: each for each in await clients.credentials_of(connection, client_id)}
            if credential_id not in known:
                raise NotFound("credential of this client")
            gone = revoked(known[credential_id], self.now)
            await clients.end_credential(connection, gone, self._deed(Action.REVOKE, "client credential", gone.id))
            return client

    async def grant(self, client_id: ClientId, granted: Sequence[InstitutionId], period: Period) -> Client:
        async with self._acting_on(client_id) as (connection, client):
            others = await clients.grants_of(connection, client_id)
            for institution_id in granted:
                await self._grant(connection, client_id, institution_id, period, others)
            return client

    async def withdraw(self, client_id: ClientId, institution_id: InstitutionId, last_day: date) -> int:
        """The number of grants that end, or that go since they had not begun."""
        async with self._acting_on(client_id) as (connection, _client):
            grants = await clients.grants_of(connection, client_id)
            ended, gone = withdrawn([each for each in grants if each.institution_id == institution_id], last_day)
            for each in ended:
                await clients.end_grant(connection, each, self._withdrawal(each))
            for each in gone:
                await clients.remove_grant(connection, each, self._withdrawal(each))
            return len(ended) + len(gone)

    async def overview(self) -> list[Overview]:
        async with self.database.transaction(OPERATOR, read_only=True) as connection:
            return [
                Overview(
                    client=each,
                    credentials=await clients.credentials_of(connection, each.id),
                    grants=await clients.grants_of(connection, each.id),
                )
                for each in await clients.every(connection)
            ]

    async def _grant(
        self,
        connection: Connection,
        client_id: ClientId,
        institution_id: InstitutionId,
        period: Period,
        others: Sequence[Grant],
    ) -> None:
        try:
            await institutions.get(connection, institution_id)
        except NotFound:
            message = f"There is no institution with the register's id {institution_id}."
            raise Refused(message, code="no-such-institution") from None
        grant = Grant(id=GrantId(uuid4()), client_id=client_id, institution_id=institution_id, period=period)
        deed = self._deed(Action.GRANT, "client grant", grant.id, institution_id)
        await clients.add_grant(connection, check_grant(grant, others), deed)

    async def _issue(self, connection: Connection, client: Client, key: NewKey | None) -> Issued:
        """Raises BadKey."""
        credential_id = CredentialId(uuid4())
        secret = None if key is not None else secrets.token_urlsafe(32)
        proof = (
            read_public_key(key.text, kid=str(credential_id), algorithm=key.algorithm)
            if key is not None
            else Secret.of(str(secret))
        )
        credential = Credential(id=credential_id, client_id=client.id, proof=proof, valid_from=self.now)
        deed = self._deed(Action.CREATE, "client credential", credential.id)
        await clients.add_credential(connection, credential, deed)
        return Issued(client=client, credential=credential, secret=secret)

    def _withdrawal(self, grant: Grant) -> Deed:
        return self._deed(Action.WITHDRAW, "client grant", grant.id, grant.institution_id)
