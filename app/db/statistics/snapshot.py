"""One snapshot for all statistics of a document: they see the same state of the register, and run one after another."""

import asyncio
from contextlib import AsyncExitStack
from datetime import date

from app.db import reach
from app.db.scopes import Scope
from app.db.session import Connection, Database
from app.db.statistics.answers import answer as answer_query
from app.domain.actors import Actor
from app.domain.errors import RegisterError
from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Answer
from app.domain.statistics.query import Query


class Snapshot:
    """Opened by the first statistics of a document, and ended by the last: its connection never waits for anything else.

    A document's statistics are fields of the query itself, so all of them have asked before the first is answered.
    """

    def __init__(self, *, database: Database, reference: ReferenceData, actor: Actor, today: date) -> None:
        self._database = database
        self._reference = reference
        self._actor = actor
        self._today = today
        self._asking = 0
        self._turn = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._scope: Scope | None = None
        self._opened: tuple[Connection, Scope] | None = None

    def within(self, scope: Scope) -> None:
        """In this one, which has been found out before the first is asked: what is kept for others must not be another scope's by the
        time it is read.
        """
        self._scope = scope

    async def answer(self, query: Query) -> Answer:
        self._asking += 1
        try:
            async with self._turn:
                return await self._answer(query)
        finally:
            self._asking -= 1
            # Also where the last one was cancelled while it waited for its turn.
            if self._asking == 0:
                await self._close(None)

    async def _answer(self, query: Query) -> Answer:
        try:
            connection, scope = self._opened or await self._open()
            return await answer_query(connection, query, reference=self._reference, scope=scope, today=self._today)
        except RegisterError:
            # The question was refused; the transaction is whole, and others may still be waiting for it.
            raise
        except BaseException as error:
            await self._close(error)
            raise

    async def _open(self) -> tuple[Connection, Scope]:
        scope = self._scope or await reach.for_statistics(
            self._database, self._actor, geography=self._reference.geography, today=self._today
        )
        transaction = self._database.transaction(scope, read_only=True, snapshot=True)
        self._opened = (await self._stack.enter_async_context(transaction), scope)
        return self._opened

    async def _close(self, error: BaseException | None) -> None:
        self._opened = None
        await self._stack.__aexit__(type(error) if error else None, error, error.__traceback__ if error else None)
