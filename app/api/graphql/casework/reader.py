"""How a document reads records: one scope for all of it, and at most two connections at a time, however much it asks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar, cast

from strawberry.dataloader import DataLoader

from app.api.graphql.context import Context, HasId
from app.db import reach
from app.db.scopes import Scope
from app.db.session import Connection
from app.domain.permissions import Permission, demand

CONNECTIONS = 2

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Fetch = Callable[[Connection, Sequence[Key]], Awaitable[Sequence[Value]]]


class Reader:
    """Of one document. A loader holds its connection only while its one statement runs, and waits for nothing meanwhile."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._scope: Scope | None = None
        self._scoping = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Raises Forbidden for roles that read no records."""
        demand(self._context.actor, Permission.READ_RECORDS)
        scope = await self._in_scope()
        async with self._turns, self._context.database.transaction(scope, read_only=True) as connection:
            yield connection

    async def _in_scope(self) -> Scope:
        async with self._scoping:
            if self._scope is None:
                context = self._context
                self._scope = await reach.for_records(
                    context.database, context.actor, geography=context.reference.geography, today=context.today
                )
            return self._scope

    def many(
        self, fetch: Fetch[Key, Value], key: Callable[[Value], Key], *, noun: str | None = None
    ) -> DataLoader[Key, list[Value]]:
        """For each key all records that have it, in the order in which `fetch` brings them. `noun`: how the audit calls them, where
        they are records of students and not a part of one.
        """

        async def load(keys: list[Key]) -> list[list[Value]]:
            groups: dict[Key, list[Value]] = {each: [] for each in keys}
            for record in await self._fetched(fetch, keys, noun):
                groups[key(record)].append(record)
            return [groups[each] for each in keys]

        return DataLoader(load)

    def one(
        self, fetch: Fetch[Key, Value], key: Callable[[Value], Key], *, noun: str | None = None
    ) -> DataLoader[Key, Value | None]:
        """For each key the record that has it, or None where there is none to be seen."""

        async def load(keys: list[Key]) -> list[Value | None]:
            found = {key(record): record for record in await self._fetched(fetch, keys, noun)}
            return [found.get(each) for each in keys]

        return DataLoader(load)

    async def _fetched(self, fetch: Fetch[Key, Value], keys: list[Key], noun: str | None) -> Sequence[Value]:
        async with self.transaction() as connection:
            found = await fetch(connection, keys)
        if noun is not None:
            self._context.saw(noun, cast("Sequence[HasId]", found))
        return found
