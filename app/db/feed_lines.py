"""Lines of the feed as they are collected: one JSON text each, most of them straight from PostgreSQL."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.db import feed_texts
from app.domain.ids import InstitutionId, StudentId

_ON_TWO_PROCESSORS = "SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL max_parallel_workers_per_gather = 1"


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


@dataclass(frozen=True, slots=True)
class Reading:
    """The reader's transaction. `keyed`: it is a source system's, which is told its own ids."""

    driver: Any
    keyed: bool

    async def fetch(self, query: str, *parameters: object) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = await self.driver.fetch(query, *parameters)
        return rows

    async def items(self, asked: Sequence[tuple[str, str]]) -> Sequence[Items]:
        """For each noun and condition on its table, the items of all rows that this scope sees.

        They come in one round trip, and as one value each: row by row, PostgreSQL and the driver do as much for messages as for the
        JSON in them.
        """
        if not asked:
            return []
        parts = [f"({self._texts(noun, where)}) AS part_{number}" for number, (noun, where) in enumerate(asked)]
        found = await self.driver.fetchrow(f"SELECT * FROM {', '.join(parts)}")  # noqa: S608 - the lines above
        return [
            Items(noun=noun, count=found[2 * number], text=found[2 * number + 1] or b"")
            for number, (noun, _) in enumerate(asked)
        ]

    async def items_of_plans(self, student_ids: Sequence[UUID], where: str) -> Sequence[Items]:
        """Interventions of these students, the bulk of a load, a value for each plan: so PostgreSQL makes them on two processors where
        there are many, and no reader takes more. It needs to be told that so few plans are worth it, or it looks for them through all
        that there are. By the plan's id alone: with the student's beside it, which says nothing more, it thinks of one row in all.
        """
        await self.driver.execute(_ON_TWO_PROCESSORS)
        rows = await self.fetch(
            f"SELECT {self._counted('intervention')} FROM plan JOIN intervention ON intervention.plan_id = plan.id"  # noqa: S608 - our own expressions
            f" WHERE plan.{among('student_id', student_ids)}{where} GROUP BY plan.id"
        )
        return [Items(noun="intervention", count=row["count"], text=row["text"]) for row in rows]

    def _texts(self, noun: str, where: str) -> str:
        return f"SELECT {self._counted(noun)} FROM {noun} WHERE {where}"  # noqa: S608 - our own expressions

    def _counted(self, noun: str) -> str:
        item = feed_texts.item(noun, keyed=self.keyed)
        return f"count(*) AS count, convert_to(string_agg({item}, E'\\n'), 'UTF8') AS text"


def among(column: str, ids: Iterable[UUID]) -> str:
    """Written out, so that each statement is planned for as many as there are: they are UUIDs and nothing else."""
    return f"{column} = ANY ('{{{','.join(str(UUID(int=each.int)) for each in ids)}}}'::uuid[])"


def of_institutions(column: str, institution_ids: Iterable[InstitutionId]) -> str:
    return f"{column} = ANY ('{{{','.join(str(int(each)) for each in institution_ids)}}}'::int[])"


def of_students(noun: str, student_ids: Sequence[UUID]) -> Sequence[str]:
    """Conditions that each use an index, and together are the noun's records of these students."""
    mine = among("student_id", student_ids)
    # Interventions and outcomes of plans are indexed by plan.
    by_plan = f"(plan_id, student_id) IN (SELECT plan.id, plan.student_id FROM plan WHERE plan.{mine})"  # noqa: S608 - ids alone
    match noun:
        case "intervention":
            return [by_plan]
        case "outcome":
            return [f"plan_id IS NOT NULL AND {by_plan}", f"school_year IS NOT NULL AND {mine}"]
        case _:
            return [mine]
