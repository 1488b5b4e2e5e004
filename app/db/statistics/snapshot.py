"""One snapshot for all statistics of a document: they see the same state of the register, and some of them are computed side by side."""

import asyncio
from contextlib import AsyncExitStack
from datetime import date
from typing import Final

from sqlalchemy import text

from app.db import reach
from app.db.scopes import Scope
from app.db.session import Connection, Database
from app.db.statistics.answers import answer as answer_query
from app.domain.actors import Actor
from app.domain.errors import RegisterError
from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Answer
from app.domain.statistics.query import Query

BESIDES: Final = 2
"""Connections that a document may have besides its first one, while others need none of them."""


class Snapshot:
    """Opened by the first statistics of a document, and ended by the last.

    A document's statistics are fields of the query itself, so all of them have asked before the first is answered. Its connections never
    wait for another one: what finds none free takes its turn on the first.
    """

    def __init__(self, *, database: Database, reference: ReferenceData, actor: Actor, today: date) -> None:
        self._database = database
        self._reference = reference
        self._actor = actor
        self._today = today
        self._asking = 0
        self._besides = 0
        self._opening = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._scope: Scope | None = None
        self._opened: tuple[Connection, Scope] | None = None
        self._exported: str | None = None

    def within(self, scope: Scope) -> None:
        """In this one, which has been found out before the first is asked: what is kept for others must not be another scope's by the
        time it is read.
        """
        self._scope = scope

    async def answer(self, query: Query) -> Answer:
        self._asking += 1
        try:
            async with self._opening:
                _, scope = self._opened or await self._open()
            if self._turn.locked() and self._exported and self._besides < BESIDES and self._database.has_free:
                return await self._beside(query, scope, self._exported)
            async with self._turn:
                return await self._in_turn(query)
        finally:
            self._asking -= 1
            # Also where the last one was cancelled while it waited for its turn.
            if self._asking == 0:
                await self._close(None)

    async def _in_turn(self, query: Query) -> Answer:
        try:
            # What failed before this one's turn has taken the connection with it.
            connection, scope = self._opened or await self._open()
            return await self._ask(connection, query, scope)
        except RegisterError:
            # The question was refused; the transaction is whole, and others may still be waiting for it.
            raise
        except BaseException as error:
            await self._close(error)
            raise

    async def _beside(self, query: Query, scope: Scope, exported: str) -> Answer:
        self._besides += 1
        try:
            transaction = self._database.transaction(scope, read_only=True, snapshot=True, exported=exported)
            async with transaction as connection:
                return await self._ask(connection, query, scope)
        finally:
            self._besides -= 1

    async def _ask(self, connection: Connection, query: Query, scope: Scope) -> Answer:
        return await answer_query(connection, query, reference=self._reference, scope=scope, today=self._today)

    async def _open(self) -> tuple[Connection, Scope]:
        scope = self._scope or await reach.for_statistics(
            self._database, self._actor, geography=self._reference.geography, today=self._today
        )
        transaction = self._database.transaction(scope, read_only=True, snapshot=True)
        connection = await self._stack.enter_async_context(transaction)
        self._opened = (connection, scope)
        if self._asking > 1:
            self._exported = await connection.scalar(text("SELECT pg_export_snapshot()"))
        return self._opened

    async def _close(self, error: BaseException | None) -> None:
        self._opened = self._exported = None
        await self._stack.__aexit__(type(error) if error else None, error, error.__traceback__ if error else None)
