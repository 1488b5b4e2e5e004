"""Students who are likely one person: pairs found by keyed hashes, so that nothing is opened to find them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, tuple_, union
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import students
from app.db.tables import person, personal_code, stated_code
from app.domain.duplicates import Candidate, Duplicate, Likeness
from app.domain.ids import InstitutionId, StudentId

Pair = tuple[UUID, UUID]


def _pairs() -> Select[Any]:
    """One row for each pair and reason; the smaller id stands first."""
    stated, owned = stated_code.c, personal_code.c
    same_code = (
        select(
            func.least(stated.student_id, owned.student_id).label("one"),
            func.greatest(stated.student_id, owned.student_id).label("other"),
            literal(Likeness.SAME_CODE.value).label("reason"),
        )
        .join_from(stated_code, personal_code, stated.code_hash == owned.code_hash)
        .where(stated.student_id != owned.student_id)
    )
    first, second = person.alias("first"), person.alias("second")
    alike = (first.c.likeness_hash == second.c.likeness_hash) & (first.c.student_id < second.c.student_id)
    same_name = select(
        first.c.student_id, second.c.student_id, literal(Likeness.SAME_NAME_AND_BIRTH_DATE.value)
    ).join_from(first, second, alike)
    return select(union(same_code, same_name).subquery("pair"))


def _institutions(student_id: ColumnElement[UUID]) -> ColumnElement[list[int]]:
    stating = select(person.c.institution_id).where(person.c.student_id == student_id).order_by(person.c.institution_id)
    return func.array(stating.scalar_subquery())


async def page(
    connection: AsyncConnection, *, student_id: StudentId | None = None, after: Pair | None, limit: int
) -> Sequence[Duplicate]:
    """Up to `limit` pairs from the one after `after` on: all of them, or those in which one student is."""
    pair = _pairs().subquery("pair")
    query = (
        select(
            pair.c.one,
            pair.c.other,
            func.array_agg(aggregate_order_by(pair.c.reason, pair.c.reason)).label("reasons"),
            _institutions(pair.c.one).label("of_one"),
            _institutions(pair.c.other).label("of_other"),
        )
        .group_by(pair.c.one, pair.c.other)
        .order_by(pair.c.one, pair.c.other)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(pair.c.one, pair.c.other) > after)
    if student_id is not None:
        survivor = students.survivor(student_id)
        query = query.where(or_(pair.c.one == survivor, pair.c.other == survivor))
    return [_of(row) for row in await connection.execute(query)]


def _of(row: Row[Any]) -> Duplicate:
    return Duplicate(
        students=(_candidate(row.one, row.of_one), _candidate(row.other, row.of_other)),
        reasons=tuple(Likeness(each) for each in row.reasons),
    )


def _candidate(student_id: UUID, institution_ids: list[int]) -> Candidate:
    return Candidate(
        student_id=StudentId(student_id), institution_ids=tuple(InstitutionId(each) for each in institution_ids)
    )
