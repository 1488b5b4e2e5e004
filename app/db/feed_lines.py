"""Lines of the feed as they are collected: one JSON text each, most of them straight from PostgreSQL."""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self
from uuid import UUID

from app.db import feed_texts
from app.db.scopes import Scope
from app.db.session import Connection, Database, driver_of
from app.domain.ids import InstitutionId, StudentId


class Asked(NamedTuple):
    """Rows of the noun's own table for which the condition holds, in which `$ids` stands for the ids."""

    noun: str
    where: str
    ids: Collection[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Items of one noun, one a line, in no order."""

    noun: str
    text: bytes
    count: int

    def ids(self) -> set[UUID]:
        place = feed_texts.id_in(self.noun)
        return {UUID(line[place].decode()) for line in self.text.splitlines()}


@dataclass(slots=True)
class Lines:
    """`parts` have one JSON text a line. `student_ids` and `institution_ids`: whose records they are, for the audit."""

    parts: list[bytes] = field(default_factory=list)
    count: int = 0
    student_ids: set[StudentId] = field(default_factory=set)
    institution_ids: set[InstitutionId] = field(default_factory=set)

    def say(self, **item: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        self.parts.append(json.dumps(item, separators=(",", ":"), default=str).encode())
        self.count += 1

    def add(self, items: Items) -> None:
        if items.count:
            self.parts.append(items.text)
            self.count += items.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The reader's transaction, in one snapshot of this scope.

    Ids are parameters: each statement is parsed once for a connection, and planned, as the scope demands, for as many as there are.
    """

    database: Database
    scope: Scope
    connection: Connection

    async def fetch(self, query: str, *parameters: object) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = await (await driver_of(self.connection)).fetch(query, *parameters)
        return rows

    async def alone(self) -> Self:
        """On one processor: for so few rows at a time, to start a worker takes PostgreSQL longer than what it would take over."""
        await (await driver_of(self.connection)).execute("SET LOCAL max_parallel_workers_per_gather = 0")
        return self

    @asynccontextmanager
    async def side_by_side(self) -> AsyncIterator[Sequence["Reading"]]:
        """Itself, and while others need none the same snapshot on a second connection: PostgreSQL works for each on one processor."""
        [[exported]] = await self.fetch("SELECT pg_export_snapshot()")
        if not self.database.has_free:
            yield [self]
            return
        second = self.database.transaction(self.scope, read_only=True, snapshot=True, exported=exported)
        async with second as connection:
            yield [self, await replace(self, connection=connection).alone()]

    async def items(self, asked: Sequence[Asked]) -> Sequence[Items]:
        """Of each that is asked, the items of all rows that this scope sees.

        They come in one round trip, and as one value each: row by row, PostgreSQL and the driver do as much for messages as for the
        JSON in them.
        """
        if not asked:
            return []
        parts = [f"({self._texts(each, place)}) AS part_{place}" for place, each in enumerate(asked, start=1)]
        [found] = await self.fetch(f"SELECT * FROM {', '.join(parts)}", *(each.ids for each in asked))  # noqa: S608 - the lines above
        counts, texts = list(found.values())[::2], list(found.values())[1::2]
        return [
            Items(noun=each.noun, count=count, text=text or b"")
            for each, count, text in zip(asked, counts, texts, strict=True)
        ]

    async def items_of_plans(self, student_ids: Collection[UUID], where: str) -> Sequence[Items]:
        """Interventions of these students, the bulk of a load, a value for each plan: one for all would be copied again and again as it
        grows. By the plan's id alone: with the student's beside it, which says nothing more, PostgreSQL thinks of one row in all.
        """
        rows = await self.fetch(
            f"SELECT {self._counted('intervention')} FROM plan JOIN intervention ON intervention.plan_id = plan.id"  # noqa: S608 - our own expressions
            f" WHERE plan.student_id = ANY ($1){where} GROUP BY plan.id",
            student_ids,
        )
        return [Items(noun="intervention", count=row["count"], text=row["text"]) for row in rows]

    def _texts(self, asked: Asked, place: int) -> str:
        where = asked.where.replace("$ids", f"${place}")
        return f"SELECT {self._counted(asked.noun)} FROM {asked.noun} WHERE {where}"  # noqa: S608 - our own expressions

    def _counted(self, noun: str) -> str:
        item = feed_texts.item(noun, keyed=self.scope.source is not None)
        return f"count(*) AS count, convert_to(string_agg({item}, E'\\n'), 'UTF8') AS text"


def of_institutions(column: str, institution_ids: Iterable[InstitutionId]) -> str:
    return f"{column} = ANY ('{{{','.join(str(int(each)) for each in institution_ids)}}}'::int[])"


def of_students(noun: str, student_ids: Collection[UUID]) -> Sequence[Asked]:
    """Conditions that each use an index, and together are the noun's records of these students."""
    mine = "student_id = ANY ($ids)"
    # Interventions and outcomes of plans are indexed by plan.
    by_plan = f"(plan_id, student_id) IN (SELECT plan.id, plan.student_id FROM plan WHERE plan.{mine})"  # noqa: S608 - our own words
    match noun:
        case "intervention":
            conditions = [by_plan]
        case "outcome":
            conditions = [f"plan_id IS NOT NULL AND {by_plan}", f"school_year IS NOT NULL AND {mine}"]
        case _:
            conditions = [mine]
    return [Asked(noun, each, student_ids) for each in conditions]
