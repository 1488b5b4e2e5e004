"""Writes down what one request asks PostgreSQL, and asks it again without the request."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

_CALLS = ("execute", "executemany", "fetch", "fetchrow")


@dataclass(slots=True)
class Statements:
    """As they went through the driver, in their order, by connection: the audit is sealed meanwhile on another one."""

    made: defaultdict[int, list[tuple[str, str, tuple[Any, ...]]]] = field(default_factory=lambda: defaultdict(list))

    async def again(self, connection: asyncpg.Connection) -> None:
        """The transaction that was undone, up to there."""
        [undone] = [made for made in self.made.values() if any(statement == "ROLLBACK" for _, statement, _ in made)]
        for call, statement, arguments in undone:
            await getattr(connection, call)(statement, *arguments)
            if statement == "ROLLBACK":
                return


@contextmanager
def written_down() -> Iterator[Statements]:
    """Everything that any connection of this process is asked meanwhile, by the driver's methods or by SQLAlchemy's prepared ones."""
    statements = Statements()
    patches = [_noting(statements, call) for call in _CALLS]
    prepared = PreparedStatement.fetch

    async def noted(self: Any, *arguments: Any, **how: Any) -> Any:  # noqa: ANN401 - as the driver's
        statements.made[id(self._connection)].append(("fetch", self.get_query(), arguments))
        return await prepared(self, *arguments, **how)

    patches.append(patch.object(PreparedStatement, "fetch", noted))
    for each in patches:
        each.start()
    try:
        yield statements
    finally:
        for each in patches:
            each.stop()


def _of(connection: asyncpg.Connection) -> int:
    """The pool hands out proxies of one connection."""
    return id(connection)


def _noting(statements: Statements, call: str) -> Any:  # noqa: ANN401 - what `patch` returns
    original = getattr(asyncpg.Connection, call)

    async def noted(self: asyncpg.Connection, statement: str, *arguments: Any, **how: Any) -> Any:  # noqa: ANN401 - as the driver's
        statements.made[_of(self)].append((call, statement, arguments))
        return await original(self, statement, *arguments, **how)

    return patch.object(asyncpg.Connection, call, noted)
