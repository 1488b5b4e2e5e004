"""A system that is killed in the middle of its night: the next run goes on, and every batch has been applied once."""

import asyncio
import json
import random
import signal
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
from fastapi import FastAPI

from tests.api.clients import System, a_system, bearer_of
from tests.api.serving import on_a_socket
from tests.factories import World, a_person

ROOT = Path(__file__).parents[2]
NIGHT = """
import json, os, sys
from app.client import ClientSecret, RegisterClient

credentials = ClientSecret(client_id=os.environ["CLIENT_ID"], secret=os.environ["CLIENT_SECRET"])
with RegisterClient(os.environ["ADDRESS"], credentials) as client:
    with open("night.ndjson") as file:
        for progress in client.push(map(json.loads, file), journal="night.journal", batch_items=4):
            assert not progress.rejected, progress.rejected
            print(progress.done, flush=True)
"""
STUDENTS, BATCHES, KILLS = 40, 20, 6


async def test_every_batch_is_applied_once(app: FastAPI, http: httpx.AsyncClient, world: World, tmp_path: Path) -> None:
    system = await a_system(app, world.school)
    lines = [each for number in range(STUDENTS) for each in a_student(world, number)]
    (tmp_path / "night.ndjson").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "night.py").write_text(NIGHT, encoding="utf-8")
    killed = 0
    async with on_a_socket(app) as port:
        for attempt in range(KILLS + 1):
            code = await run(tmp_path, system, port, lives=attempt == KILLS)
            killed += code == -signal.SIGKILL
            if code == 0:
                break
            assert code == -signal.SIGKILL
    assert killed > 0, "it should have been killed at least once"
    events = [json.loads(line) for line in (tmp_path / "night.journal").read_text().splitlines()]
    assert events[-1] == {"finished": True}
    assert len({each["batch"] for each in events if "batch" in each}) == BATCHES
    reports = (await http.get("/v1/sync/batches?limit=200", headers=await bearer_of(http, system))).json()["items"]
    assert len(reports) == BATCHES, "none was applied under a second key"
    created: Counter[str] = Counter()
    for each in reports:
        created.update({type_: counts["created"] for type_, counts in each["counts"].items()})
    assert created == {"student": STUDENTS, "enrolment": STUDENTS}


def a_student(world: World, number: int) -> list[str]:
    at = {"student": f"S-{number}", "institution": world.school, "grade": 7, "from": "2021-09-01"}
    person = {"institution": world.school, "person": a_person()}
    items = [
        {"type": "enrolment", "external_id": f"E-{number}", "data": at},
        {"type": "student", "external_id": f"S-{number}", "data": person},
    ]
    return [json.dumps(each) for each in items]


async def run(folder: Path, system: System, port: int, *, lives: bool) -> int:
    """How it ended: killed at some moment of its life, unless it `lives`."""
    environment = {
        "PYTHONPATH": str(ROOT),
        "ADDRESS": f"http://127.0.0.1:{port}",
        "CLIENT_ID": system.id,
        "CLIENT_SECRET": str(system.issued.secret),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "night.py", cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    if not lives:
        for _ in range(random.randint(1, 6)):
            await process.stdout.readline()
        await asyncio.sleep(random.uniform(0, 0.05))
        with suppress(ProcessLookupError):  # it was quicker
            process.kill()
    await process.communicate()
    return int(process.returncode or 0)
