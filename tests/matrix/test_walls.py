"""The matrix itself is tried: with one wall of the database open, it says so."""

from dataclasses import dataclass

import asyncpg
import httpx
import pytest

from tests.matrix.cast import Player, Stage
from tests.matrix.table import ROWS
from tests.matrix.test_rest import flaws_of


@dataclass(frozen=True, slots=True)
class Wall:
    """Open to `role` on `table`, `player` walks through it by `operation`; the matrix says `word`."""

    table: str
    role: str
    player: str
    operation: str
    word: str

    def __str__(self) -> str:
        return self.table


WALLS = (
    Wall("risk", "register_school", "SCHOOL_HEAD", "GET /v1/risks", "of Riga"),
    Wall("plan", "register_partner", "MUNICIPALITY_COORDINATOR", "GET /v1/plans/{plan_id}", "absent answers"),
    Wall("intervention", "register_partner_wide", "REGIONAL_COORDINATOR", "GET /v1/interventions", "of Riga"),
    Wall("outcome", "register_sync", "SYNC_CLIENT", "PATCH /v1/outcomes/{outcome_id}", "absent answers"),
    Wall("person.person", "register_school", "PLAN_PREPARER", "GET /v1/students/{student_id}/person", "of Riga"),
)


@pytest.mark.parametrize("wall", WALLS, ids=str)
async def test_an_open_wall_is_found(
    http: httpx.AsyncClient, stage: Stage, players: list[Player], owner: asyncpg.Connection, wall: Wall
) -> None:
    who = [each for each in players if each.name == wall.player]
    rows = [row for row in ROWS if row.operation == wall.operation]
    assert [flaw for row in rows async for flaw in flaws_of(http, stage, who, row)] == []
    await owner.execute(f"CREATE POLICY open_wall ON {wall.table} FOR SELECT TO {wall.role} USING (true)")
    try:
        found = [flaw for row in rows async for flaw in flaws_of(http, stage, who, row)]
    finally:
        await owner.execute(f"DROP POLICY open_wall ON {wall.table}")
    assert any(wall.word in flaw for flaw in found), found
