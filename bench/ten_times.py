"""Cold statistics at ten times the interventions and plans, against the same at their number: as a register grows in years.

The copies have students, plans and records of their own at the same institutions. Making them takes some ten minutes and gigabytes, so
it is run alone: `SCALE=national make bench ONLY=ten-times`.
"""

from typing import Any

import asyncpg
from httpx import AsyncClient
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import Table

from app.cli.demo_house import DATABASE, House, open_house
from app.db.embedded import SUPERUSER, EmbeddedServer
from app.db.embedded_register import LOGIN
from app.db.statistics.upkeep import rebuild
from app.db.tables import (
    enrolment,
    intervention,
    outcome,
    outcome_result,
    plan,
    plan_risk,
    planned_measure,
    risk,
    student,
)
from app.main import create_app
from bench.house import FOLDER, SCALE, client_of, serving, the_authority
from bench.measure import Result, paired
from bench.statistics_cold import CASES, Case, as_rows, asked

TIMES = 10
ROUNDS = 9
WITHIN, ACROSS = 2.0, 8.0
"""At most so many times slower: where students are counted within semesters or years, and where across them."""
TEN = "register_ten"
TABLES = (student, enrolment, risk, plan, plan_risk, planned_measure, outcome, outcome_result, intervention)
IDS = frozenset({"id", "student_id", "plan_id", "risk_id", "enrolment_id", "outcome_id", "continues"})


async def ten_times() -> list[Result]:
    console = Console()
    with EmbeddedServer.start(FOLDER, durable=False) as server:
        house = await open_house(server, FOLDER, SCALE, console)
        with console.status("Making ten of each"):
            await _multiply(server)
        larger = House(
            settings=house.settings.model_copy(update={"database_url": SecretStr(server.url(LOGIN, TEN))}),
            examples=house.examples,
            client=house.client,
        )
        async with (
            serving(create_app(house.settings)) as once_url,
            serving(create_app(larger.settings)) as ten_url,
            client_of(house, once_url, the_authority()) as once,
            client_of(larger, ten_url, the_authority()) as ten,
        ):
            return [await _measured(case, once, ten) for case in CASES]


async def _measured(case: Case, once: AsyncClient, ten: AsyncClient) -> Result:
    assert as_rows(case, await asked(ten, case)) == _tenfold(as_rows(case, await asked(once, case)), len(case.keys))
    ours, limit = await paired(lambda: asked(ten, case), lambda: asked(once, case), rounds=ROUNDS)
    return Result(
        name=f"ten times: {case.name}",
        ours=ours * 1000,
        limit=limit * 1000,
        unit="ms",
        note="the same question cold over HTTP, of ten times the interventions and plans and of their number",
        at_most=WITHIN if any(path[0] in ("semester", "schoolYear") for path in case.keys) else ACROSS,
    )


def _tenfold(rows: set[tuple[Any, ...]], keys: int) -> set[tuple[Any, ...]]:
    return {(*row[:keys], *(TIMES * value for value in row[keys:])) for row in rows}


async def _multiply(server: EmbeddedServer) -> None:
    admin = await asyncpg.connect(server.dsn(SUPERUSER, "postgres"))
    await admin.execute(f"DROP DATABASE IF EXISTS {TEN}")
    await admin.execute(f"CREATE DATABASE {TEN} TEMPLATE {DATABASE} STRATEGY file_copy")
    await admin.close()
    owner = await asyncpg.connect(server.dsn(SUPERUSER, TEN))
    # Nobody looks for one of them: indexes would take most of the time.
    await owner.execute(
        "SET session_replication_role = replica; ALTER TABLE intervention DROP CONSTRAINT pk_intervention CASCADE"
    )
    await owner.execute("DROP INDEX ix_intervention_plan_id_valid_from")
    for table in TABLES:
        await owner.execute(_copied(table), timeout=3600)
    await owner.execute("ANALYZE")
    await owner.close()
    await rebuild(server.url(SUPERUSER, TEN))


def _copied(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns)
    values = ", ".join(_copy_of(column.name) if column.name in IDS else column.name for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name}, generate_series(2, {TIMES}) AS copy"  # noqa: S608


def _copy_of(column: str) -> str:
    return f"md5({column}::text || copy)::uuid"
