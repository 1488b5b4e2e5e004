"""A student's id, or an alias of it, in a query: looked up within the statement, and by the index."""

from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql

from app.db import students
from app.db.tables import enrolment, plan, risk, student
from app.domain.ids import StudentId

STUDENT = StudentId(UUID(int=1))


@pytest.mark.parametrize("table", [student, enrolment, risk, plan], ids=str)
async def test_the_index_serves_under_row_level_security(owner: asyncpg.Connection, table: Table) -> None:
    """PostgreSQL keeps what it holds for leaky behind the policy, which would then read every row of the table."""
    query = select(table).where(table.c.student_id == students.survivor(STUDENT))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are not typed
    statement = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    async with owner.transaction():
        await owner.execute(
            "SET LOCAL ROLE register_school; SET LOCAL register.institutions = '1';"
            " SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"
        )
        plan_of_query = [row[0] for row in await owner.fetch(f"EXPLAIN {statement}")]
    assert any("Index Cond: (student_id = (InitPlan" in line for line in plan_of_query[:3]), plan_of_query
