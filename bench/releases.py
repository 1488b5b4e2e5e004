"""Building a release, against the minute that it may take; and what somebody outside asks once more, as in `statistics_warm`.

Semesters are closed for it, and what was made is taken away again: other benchmarks write records, and find all semesters open.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.demo_environment import stated
from app.cli.demo_releases import SEMESTERS
from app.domain.actors import Actor, Role
from bench.house import Bench, serving_apart
from bench.measure import Result
from bench.statistics_warm import warm

SECONDS = 60.0
"""Absolute: the authority waits for it."""
KIBIBYTES = 1024
AWAY = "DELETE FROM release_cell; DELETE FROM release; DELETE FROM semester_closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A command: `memory` is the most it ever took, in MB."""

    seconds: float
    memory: float


async def releases(bench: Bench) -> list[Result]:
    async with _closed(bench):
        listed = await asyncio.to_thread(_run, bench, "list")
        built = [await asyncio.to_thread(_run, bench, "build", str(each)) for each in SEMESTERS]
        async with serving_apart(bench.house) as url:
            asked = await warm(bench, url, "an analyst", Actor(subject="bench", role=Role.ANALYST))
        students = await bench.owner.fetchval(
            "SELECT count(DISTINCT student_id) FROM plan WHERE semester = $1 AND activated_on IS NOT NULL",
            str(SEMESTERS[-1]),
        )
    most = max(each.memory for each in built)
    return [
        Result(
            name="release: built",
            ours=max(each.seconds for each in built),
            limit=SECONDS,
            unit="s",
            note=f"the command from its start to its end, the slower of {len(built)}; {students:,} students; memory {most:.0f} MB, {most - listed.memory:.0f} more than the command takes to list releases",
            at_most=1.0,
        ),
        asked,
    ]


@asynccontextmanager
async def _closed(bench: Bench) -> AsyncIterator[None]:
    await bench.owner.execute(AWAY)
    try:
        for each in SEMESTERS:
            (await bench.authority.post(f"/v1/semesters/{each}/closing")).raise_for_status()
        yield
    finally:
        await bench.owner.execute(AWAY)


def _run(bench: Bench, *words: str) -> Ran:
    told = {f"REGISTER_{name}": value for name, value in stated(bench.house.settings).items()}
    began = time.perf_counter()
    command = [str(Path(sys.executable).with_name("risk-register")), "release", *words]
    process = subprocess.Popen(command, env=os.environ | told, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    # In place of process.wait(): it is told what the process took.
    _, status, took = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    return Ran(seconds=time.perf_counter() - began, memory=took.ru_maxrss / KIBIBYTES)
