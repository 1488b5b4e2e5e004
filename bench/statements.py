"""Writes down what a batch asks PostgreSQL, and asks it again without the batch."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

_CALLS = ("execute", "executemany", "fetch", "fetchrow", "fetchval")
_OF_A_BATCH = "INSERT INTO intervention "

Call = tuple[str, str, tuple[Any, ...]]
"""A method of the driver, the statement, and its parameters."""


@dataclass(slots=True)
class Statements:
    """As they went through the driver, in their order: of each connection those of its last transaction, and those of the batch's."""

    of_connection: defaultdict[int, list[Call]] = field(default_factory=lambda: defaultdict(list))
    of_batch: list[Call] = field(default_factory=list)

    async def again(self, connection: asyncpg.Connection) -> None:
        """The whole transaction of the batch, to its COMMIT."""
        assert self.of_batch, "a batch was written down"
        for call, statement, arguments in self.of_batch:
            await getattr(connection, call)(statement, *arguments)

    def note(self, connection: object, call: Call) -> None:
        calls = self.of_connection[id(connection)]
        if call[1].startswith("BEGIN"):
            calls.clear()
        calls.append(call)

    def ends_batch(self, connection: object) -> bool:
        """Whether COMMIT, noted a moment ago, is the batch's: it has written interventions, and is settled."""
        calls = self.of_connection[id(connection)]
        if calls[-1][1] != "COMMIT" or not any(_OF_A_BATCH in statement for _, statement, _ in calls):
            return False
        self.of_batch = list(calls)
        return True


@contextmanager
def written_down() -> Iterator[Statements]:
    """Everything that any connection of this process is asked meanwhile, by the driver's methods or by SQLAlchemy's prepared ones. A batch
    is undone where it would be kept, so that its statements find again what they have found.
    """
    statements = Statements()
    patches = [_noting(statements, call) for call in _CALLS]
    prepared = PreparedStatement.fetch

    async def noted(self: Any, *arguments: Any, **how: Any) -> Any:  # noqa: ANN401 - as the driver's
        statements.note(self._connection, ("fetch", self.get_query(), arguments))
        return await prepared(self, *arguments, **how)

    patches.append(patch.object(PreparedStatement, "fetch", noted))
    for each in patches:
        each.start()
    try:
        yield statements
    finally:
        for each in patches:
            each.stop()


def _noting(statements: Statements, call: str) -> Any:  # noqa: ANN401 - what `patch` returns
    original = getattr(asyncpg.Connection, call)

    async def noted(self: asyncpg.Connection, statement: str, *arguments: Any, **how: Any) -> Any:  # noqa: ANN401 - as the driver's
        statements.note(self, (call, statement, arguments))
        if statements.ends_batch(self):
            await original(self, "ROLLBACK")
            return "COMMIT"
        return await original(self, statement, *arguments, **how)

    return patch.object(asyncpg.Connection, call, noted)
