"""A database on which nothing lasts: every transaction does all that it does, and is rolled back where it would commit.

So each request of the matrix finds its objects as they were made, and succeeds for every role that may ask, one after another.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.db.scopes import Scope
from app.db.session import Connection, Database


class _Undone(Exception):
    """Leaves the transaction that would commit."""


class UndoingDatabase(Database):
    lasting = False
    """Whether, for once, all is done in earnest."""

    @asynccontextmanager
    async def transaction(
        self, scope: Scope, *, read_only: bool = False, snapshot: bool = False, exported: str | None = None
    ) -> AsyncIterator[Connection]:
        try:
            transaction = super().transaction(scope, read_only=read_only, snapshot=snapshot, exported=exported)
            async with transaction as connection:
                yield connection
                if not self.lasting:
                    raise _Undone  # noqa: TRY301 - nothing is to last
        except _Undone:
            pass
