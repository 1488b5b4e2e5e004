"""Lines of the feed as they are collected: one JSON text each, most of them straight from PostgreSQL."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.db import feed_texts
from app.domain.ids import InstitutionId, StudentId

# No JSON text contains these two, so COPY never quotes one.
_NEVER = {"format": "csv", "delimiter": "\x01", "quote": "\x02"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The reader's transaction. `keyed`: it is a source system's, which is told its own ids."""

    driver: Any
    keyed: bool

    async def fetch(self, query: str, *parameters: object) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = await self.driver.fetch(query, *parameters)
        return rows

    async def copy(self, lines: "Lines", noun: str, where: str) -> None:
        """Append the items of all rows of the noun's table that this scope sees and that fit, in no order."""

        async def append(data: bytes) -> None:
            lines.text += data

        query = f"SELECT {feed_texts.item(noun, keyed=self.keyed)} FROM {noun} WHERE {where}"  # noqa: S608 - our own expressions
        status = await self.driver.copy_from_query(query, output=append, **_NEVER)
        lines.count += int(status.rpartition(" ")[2])


@dataclass(slots=True)
class Lines:
    """`text` has one JSON text a line. `student_ids` and `institution_ids`: whose records they are, for the audit."""

    text: bytearray = field(default_factory=bytearray)
    count: int = 0
    student_ids: set[StudentId] = field(default_factory=set)
    institution_ids: set[InstitutionId] = field(default_factory=set)

    def say(self, **item: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        self.text += json.dumps(item, separators=(",", ":"), default=str).encode() + b"\n"
        self.count += 1

    def ids(self, noun: str, begin: int = 0) -> list[UUID]:
        """Of the lines from there on, all of which are items of that noun."""
        place = feed_texts.id_in(noun)
        return [UUID(line[place].decode()) for line in self.text[begin:].splitlines()]


def among(column: str, ids: Iterable[UUID]) -> str:
    """COPY takes no parameters: what is written here are UUIDs and nothing else."""
    return f"{column} = ANY ('{{{','.join(str(UUID(int=each.int)) for each in ids)}}}'::uuid[])"


def of_institutions(column: str, institution_ids: Sequence[InstitutionId]) -> str:
    return f"{column} = ANY ('{{{','.join(str(int(each)) for each in institution_ids)}}}'::int[])"


def of_students(noun: str, student_ids: Sequence[UUID]) -> Sequence[str]:
    """Conditions that each use an index, and together are the noun's records of these students."""
    mine = among("student_id", student_ids)
    # Interventions and outcomes of plans are indexed by plan.
    by_plan = f"plan_id IS NOT NULL AND plan_id IN (SELECT plan.id FROM plan WHERE plan.{mine}) AND {mine}"  # noqa: S608 - ids alone
    match noun:
        case "intervention":
            return [by_plan]
        case "outcome":
            return [by_plan, f"school_year IS NOT NULL AND {mine}"]
        case _:
            return [mine]
