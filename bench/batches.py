"""A batch of interventions over HTTP, against the same SQL without HTTP and rules, and against the fastest that a bare table takes."""

import os
import random
import time
from itertools import count
from statistics import median
from uuid import uuid4

import asyncpg
import httpx

from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId
from app.main import create_app
from bench.house import Bench, client_of, serving, serving_apart
from bench.measure import Result
from bench.sent_items import SYSTEM, body, drawn, keyed
from bench.statements import Statements, written_down

ITEMS = int(os.environ.get("ITEMS", "50000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
INSTITUTIONS = 100
"""For which the system acts: those with the most interventions."""
LARGEST_KEY = 2**63 - 1
_LARGEST = "SELECT institution_id FROM intervention GROUP BY 1 ORDER BY count(*) DESC LIMIT $1"
turns = count(int(time.time()))
"""Numbers of batches: each changes what it sends to something that was not there before."""


async def batches(bench: Bench) -> list[Result]:
    await keyed(bench.owner)
    await _lean(bench.owner)
    institutions = await largest_institutions(bench.owner)
    times: dict[str, list[float]] = {"first": [], "again": [], "sql": [], "lean": []}
    actor = Actor(subject=SYSTEM, role=Role.SYNC_CLIENT, institution_ids=frozenset(institutions))
    async with (
        serving(create_app(bench.house.settings)) as here,
        serving_apart(bench.house) as url,
        client_of(bench.house, here, actor) as listened_to,
        client_of(bench.house, url, actor) as system,
    ):
        for turn in range(ROUNDS + 1):
            # Others each time, or those days would get fuller from round to round.
            those = await drawn(bench.owner, institutions, ITEMS)
            with written_down() as statements:
                await send(listened_to, body(those, next(turns)))
            sent = body(those, next(turns))
            taken = {
                "sql": await _again(bench.owner, statements),
                "first": await send(system, sent),
                "again": await send(system, sent),
                "lean": await _upserted(bench.owner, len(those)),
            }
            if turn:  # the first round warms caches and plans
                for name, seconds in taken.items():
                    times[name].append(seconds)
    first, again, sql, lean = (ITEMS / median(times[name]) for name in ("first", "again", "sql", "lean"))
    about = f"{ITEMS} interventions, half of them updates, random keys"
    return [
        Result(
            name="batch-sql",
            ours=first,
            limit=sql,
            unit="records/s",
            at_least=0.60,
            note=f"{about}, against the same statements without HTTP and rules",
        ),
        Result(
            name="batch-lean",
            ours=first,
            limit=lean,
            unit="records/s",
            at_least=0.15,
            note=f"{about}, against COPY and INSERT ... ON CONFLICT into bench/lean.sql",
        ),
        Result(
            name="batch-again",
            ours=again,
            limit=first,
            unit="records/s",
            at_least=2.0,
            note="the same batch once more, against the first time",
        ),
    ]


async def largest_institutions(owner: asyncpg.Connection) -> list[InstitutionId]:
    return [InstitutionId(row["institution_id"]) for row in await owner.fetch(_LARGEST, INSTITUTIONS, timeout=None)]


async def send(system: httpx.AsyncClient, sent: bytes) -> float:
    started = time.perf_counter()
    answer = await system.post(
        "/v1/sync/batches",
        content=sent,
        headers={"Content-Type": "application/x-ndjson", "Idempotency-Key": uuid4().hex},
        timeout=600,
    )
    taken = time.perf_counter() - started
    if answer.status_code != httpx.codes.OK:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:1000]}")
    report = answer.json()
    if report["counts"]["intervention"]["rejected"] > report["items"] * 0.01:
        raise RuntimeError(f"Too many are rejected: {str(report)[:1000]}")
    return taken


async def _again(owner: asyncpg.Connection, statements: Statements) -> float:
    started = time.perf_counter()
    await statements.again(owner)
    return time.perf_counter() - started


async def _lean(owner: asyncpg.Connection) -> None:
    """The bare table, as full as the register's own, under keys drawn at random: ids of a source system come in no order, and new rows
    with consecutive keys would all go to the end of the index, which the register's keys of sources never do.
    """
    if await owner.fetchval("SELECT to_regclass('lean')") is None:
        with open("bench/lean.sql", encoding="utf-8") as ddl:  # noqa: ASYNC230, PTH123 - once, before anything is measured
            await owner.execute(ddl.read())
        await owner.execute(
            f"INSERT INTO lean SELECT random(1, {LARGEST_KEY}), hashtext(plan_id::text) & 1048575, 1, valid_from, support_measure,"  # noqa: S608 - a number of ours
            " purpose, attendance, mode, subject, specialist, hours, eur FROM intervention ON CONFLICT DO NOTHING",
            timeout=None,
        )
        await owner.execute("VACUUM ANALYZE lean", timeout=None)


async def _upserted(owner: asyncpg.Connection, number: int) -> float:
    half = number // 2
    rows = await owner.fetch("SELECT * FROM lean ORDER BY random() LIMIT $1", number, timeout=None)
    records = [tuple(row) for row in rows[:half]]
    records += [(random.randint(1, LARGEST_KEY), *tuple(row)[1:]) for row in rows[half:]]  # noqa: S311 - no secret
    random.shuffle(records)
    columns = ", ".join(f"{name} = excluded.{name}" for name in ("risk", "valid_from", "hours", "attendance"))
    started = time.perf_counter()
    async with owner.transaction():
        await owner.execute("CREATE TEMPORARY TABLE staged (LIKE lean) ON COMMIT DROP")
        await owner.copy_records_to_table("staged", records=records)
        await owner.execute(f"INSERT INTO lean SELECT * FROM staged ON CONFLICT (key) DO UPDATE SET {columns}")  # noqa: S608 - named above
    return time.perf_counter() - started
