"""The same question once more, of unchanged data, by another token of the same scope: against an endpoint that has but to hand out bytes.

Both are processes of their own with one worker, asked over 32 connections. What ours does besides: it proves the token, counts the request,
reads scope and version of the data, and says and logs what all its answers say.
"""

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from app.domain.actors import Actor, Role
from app.domain.ids import PartnerId
from bench.house import Bench, apart, client_of, head_of, serving_apart, the_authority, token_of
from bench.load import Asked, per_second
from bench.measure import Result
from bench.plain_endpoint import ADDRESS, BODY

AT_LEAST = 0.60
ROUNDS = int(os.environ.get("ROUNDS", "11"))
QUESTION = {
    "query": "{ statistics(by: [REGION, SEMESTER]) { groups { key { region { code } semester { code } }"
    " students plans deliveredHours consultations eur } } }"
}


async def statistics_warm(bench: Bench) -> list[Result]:
    partner = await bench.owner.fetchval(
        "SELECT partner_id FROM participation JOIN partner ON partner.id = partner_id WHERE municipality IS NOT NULL"
        " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    municipality = Actor(subject="bench", role=Role.MUNICIPALITY_COORDINATOR, partner_id=PartnerId(partner))
    async with serving_apart(bench.house) as url:
        return [
            await warm(bench, url, "the state", the_authority()),
            await warm(bench, url, "a municipality", municipality),
            await warm(bench, url, "a school", head_of(bench.house)),
        ]


async def warm(bench: Bench, url: str, whose: str, actor: Actor) -> Result:
    async with client_of(bench.house, url, actor) as first:
        answer = await first.post("/graphql", json=QUESTION)
        assert answer.json()["data"]["statistics"]["groups"]
    body = json.dumps(QUESTION).encode()
    colleagues = [replace(actor, subject=f"colleague {number}") for number in range(4)]
    ours = [Asked(url=url, path="/graphql", body=body, token=token_of(bench.house, each)) for each in colleagues]
    rates: tuple[list[float], list[float]] = ([], [])
    async with _plain(bench, answer.content) as plain_url:
        plain = [Asked(url=plain_url, path="/plain", body=body)]
        for _ in range(ROUNDS + 1):
            for asked, found in zip((ours, plain), rates, strict=True):
                found.append(await per_second(asked, answer.content))
    # The first round warms caches and plans.
    return Result(
        name=f"statistics-warm: {whose}",
        ours=median(rates[0][1:]),
        limit=median(rates[1][1:]),
        unit="requests/s",
        note=f"{len(answer.content):,} bytes, by other tokens of the same scope, against one SELECT and the same bytes; 32 connections",
        at_least=AT_LEAST,
    )


@asynccontextmanager
async def _plain(bench: Bench, body: bytes) -> AsyncIterator[str]:
    command = (sys.executable, "-m", "uvicorn", "--factory", "bench.plain_endpoint:plain_endpoint", "--no-access-log")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "body.json"
        path.write_bytes(body)
        told = {ADDRESS: bench.owner_url.replace("+asyncpg", ""), BODY: str(path)}
        async with apart(command, told, known_by="/openapi.json") as url:
            yield url
