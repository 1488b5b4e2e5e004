"""The batch that is measured: half of its interventions are new, half of them change what is recorded, all with keys drawn at random."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson

from app.domain.sync import source_of

SYSTEM = "bench-system"
SOURCE = source_of(SYSTEM)
_KEYED = """INSERT INTO source_key (source, type, external_id, record_id, institution_id)
SELECT $1, 'intervention', 'I-' || md5(id::text), id, institution_id FROM intervention ON CONFLICT DO NOTHING"""
_DRAWN = """SELECT i.id, i.plan_id, i.risk_id, i.valid_from, i.valid_to, i.hours, i.eur, i.confirmed_on, i.head_order, i.staff_member,
    m.code AS support_measure, p.code AS purpose, a.code AS attendance, d.code AS mode, s.code AS subject, x.code AS specialist
FROM intervention AS i
JOIN code AS m ON m.list = 'support-measures' AND m.id = i.support_measure
JOIN code AS p ON p.list = 'purposes' AND p.id = i.purpose
JOIN code AS a ON a.list = 'attendances' AND a.id = i.attendance
LEFT JOIN code AS d ON d.list = 'delivery-modes' AND d.id = i.mode
LEFT JOIN code AS s ON s.list = 'subjects' AND s.id = i.subject
LEFT JOIN code AS x ON x.list = 'specialists' AND x.id = i.specialist
WHERE i.institution_id = ANY($1) AND (i.hours IS NULL OR i.hours < 2) ORDER BY random() LIMIT $2"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An intervention that is recorded, as its item would say it."""

    id: UUID
    said: dict[str, Any]

    @property
    def key(self) -> str:
        return f"I-{self.id.hex}"


async def keyed(owner: asyncpg.Connection) -> None:
    """As if the system had sent every intervention of the register."""
    if not await owner.fetchval("SELECT EXISTS (SELECT FROM source_key WHERE source = $1)", SOURCE):
        statement = _KEYED.replace("md5(id::text)", "replace(id::text, '-', '')")
        await owner.execute(statement, SOURCE, timeout=None)
        await owner.execute("VACUUM ANALYZE source_key", timeout=None)


async def drawn(owner: asyncpg.Connection, institution_ids: Sequence[int], number: int) -> list[Drawn]:
    rows = await owner.fetch(_DRAWN, institution_ids, number, timeout=None)
    return [Drawn(id=row["id"], said=_said(row)) for row in rows]


def _said(row: asyncpg.Record) -> dict[str, Any]:
    same = (
        "support_measure",
        "purpose",
        "attendance",
        "mode",
        "subject",
        "specialist",
        "confirmed_on",
        "head_order",
        "staff_member",
    )
    return {
        "plan": {"id": str(row["plan_id"])},
        "risk": {"id": str(row["risk_id"])},
        "on": row["valid_from"],
        "to": row["valid_to"],
        "hours": None if row["hours"] is None else str(row["hours"]),
        "eur": None if row["eur"] is None else str(row["eur"]),
        **{name: row[name] for name in same},
    }


def body(those: list[Drawn], turn: int) -> bytes:
    """The first half of them changed, the second half once more under new keys, in any order."""
    half = len(those) // 2
    lines = [_line(each.key, each.said | {"staff_member": f"B-{turn}"}) for each in those[:half]]
    again = (each.said | {"hours": "0.25"} if each.said["hours"] else each.said for each in those[half:])
    lines += [_line(f"N-{uuid4().hex}", said) for said in again]
    random.Random(turn).shuffle(lines)  # noqa: S311 - no secret
    return b"".join(lines)


def _line(key: str, said: dict[str, Any]) -> bytes:
    item = {
        "type": "intervention",
        "external_id": key,
        "data": {name: value for name, value in said.items() if value is not None},
    }
    return orjson.dumps(item) + b"\n"
