"""The catalogues of the migrated database, against every rule of who may what; and each rule against a database that breaks it."""

from pathlib import Path

import asyncpg
import pytest

from tests.db.catalogue import DEFINERS, LINTS, Lint

THREAT_MODEL = Path(__file__).parents[2] / "docs" / "threat-model.md"


async def findings(owner: asyncpg.Connection, lint: Lint) -> list[str]:
    return sorted(str(row[0]) for row in await owner.fetch(lint.found))


@pytest.mark.parametrize("lint", LINTS, ids=str)
async def test_nothing_breaks_the_rule(owner: asyncpg.Connection, lint: Lint) -> None:
    assert await findings(owner, lint) == [], f"{lint.rule}: see tests/db/catalogue.py"


async def test_every_function_that_runs_as_its_owner_stands_in_the_threat_model(owner: asyncpg.Connection) -> None:
    names = [row[0] for row in await owner.fetch(DEFINERS)]
    written = THREAT_MODEL.read_text(encoding="utf-8")
    assert {"claim", "settle_transfers"} <= set(names)
    assert [each for each in names if f"{each}(" not in written] == []


@pytest.mark.parametrize("lint", LINTS, ids=str)
async def test_what_breaks_the_rule_is_found(owner: asyncpg.Connection, lint: Lint) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(lint.broken)
        assert len(await findings(owner, lint)) == 1
    finally:
        await transaction.rollback()


async def test_a_table_is_found_until_it_is_sealed_against_its_owner_too(owner: asyncpg.Connection) -> None:
    sealed = LINTS[0]
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute("CREATE TABLE forgotten (child int)")
        assert await findings(owner, sealed) == ["forgotten"]
        await owner.execute("ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY")
        assert await findings(owner, sealed) == ["forgotten"]
        await owner.execute("ALTER TABLE forgotten FORCE ROW LEVEL SECURITY")
        assert await findings(owner, sealed) == []
        await owner.execute("CREATE MATERIALIZED VIEW copied AS SELECT * FROM forgotten")
        assert await findings(owner, sealed) == ["copied"]
    finally:
        await transaction.rollback()
