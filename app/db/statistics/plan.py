"""How PostgreSQL goes about a question: the plans of the very statements that answer it, in the scope of whoever asks."""

from datetime import date
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import releases
from app.db.scopes import DatabaseRole, Scope
from app.db.statistics.answers import answer
from app.domain.reference import ReferenceData
from app.domain.statistics.query import Query


async def plans(
    connection: AsyncConnection, query: Query, *, reference: ReferenceData, scope: Scope, today: date
) -> tuple[str, ...]:
    """One text for each statement, in their order. Without costs and numbers of rows: those are estimated from everybody's rows.

    For whoever is outside, one for each table of a release.
    """
    if scope.role is DatabaseRole.ANALYST:
        return tuple(await releases.answers.explain(connection, query, reference, today))
    asked: list[tuple[str, Any]] = []

    def keep(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401 - the driver's
        asked.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", keep)
    try:
        await answer(connection, query, reference=reference, scope=scope, today=today)
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", keep)
    found = []
    for statement, parameters in asked:
        lines = await connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters)
        found.append("\n".join(row[0] for row in lines))
    return tuple(found)
