"""What is asked of every broken input: one clear error in the caller's language, nothing half written, and a service that goes on."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import asyncpg
import httpx

from app.api.languages import Language, sentence
from tests.factories import Json, World
from tests.sync.batches import consultation, item, ndjson, send, sent

TABLES = """
SELECT c.oid::regclass::text FROM pg_class AS c
WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1
"""
REPORTS = frozenset({"sync_batch", "sync_rejection", "audit_inbox"})
"""What is kept of a batch of which nothing was recorded."""
_serials = count(1)


async def rows(owner: asyncpg.Connection) -> dict[str, int]:
    """How many there are in every table."""
    tables = [row[0] for row in await owner.fetch(TABLES)]
    counted = " UNION ALL ".join(f"SELECT '{each}' AS name, (SELECT count(*) FROM {each}) AS rows" for each in tables)  # noqa: S608
    return {row["name"]: row["rows"] for row in await owner.fetch(counted)}


async def written(owner: asyncpg.Connection, before: dict[str, int]) -> set[str]:
    """Which tables have more or fewer rows than before."""
    return {name for name, number in (await rows(owner)).items() if number != before[name]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where broken batches are handed in. `plan` is active; each batch that is sound has records of its own."""

    http: httpx.AsyncClient
    world: World
    owner: asyncpg.Connection
    plan: Json

    def good(self) -> Json:
        """An item that is right: of support that did not take place, so that no day becomes too long."""
        number = next(_serials)
        return item("intervention", f"good-{number}", consultation(self.plan, attendance="ILL"))

    async def refuses(self, body: bytes, status: int, code: str, **how: Any) -> None:
        """The body as a whole is refused: one violation, or a problem of its own."""
        before = await rows(self.owner)
        for language in Language:
            asked = {"Accept-Language": language, **how.get("headers", {})}
            answer = await send(self.http, self.world, body, **{**how, "headers": asked})
            assert answer.status_code == status, answer.text
            problem = answer.json()
            violations = [each["code"] for each in problem.get("violations", [])]
            assert (violations or [problem["type"].removeprefix("/problems/")]) == [code], answer.text
            told = problem["violations"][0]["message"] if violations else problem["detail"]
            assert (told == sentence(code, Language.LV, "")) == (language is Language.LV), told
            assert len(answer.content) < 2_000
        assert await written(self.owner, before) == set()
        await self.goes_on()

    async def leaves_out(self, text: bytes, pointer: str, code: str, *, after: Json | None = None) -> None:
        """The line is left out, alone, and told by one violation; where all were to be taken, none is. `after`: the item before it."""
        body = ndjson([after or self.good()]) + text + b"\n" + ndjson([self.good()])
        before = await rows(self.owner)
        for language in Language:
            refused = await send(self.http, self.world, body, atomic="all", headers={"Accept-Language": language})
            assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY, refused.text
            [told] = self._rejected(refused.json()["batch"])
            assert (told["pointer"], told["code"]) == (pointer, code), told
            assert (told["message"] == sentence(code, Language.LV, "")) == (language is Language.LV), told
            assert len(refused.content) < 3_000
        assert await written(self.owner, before) <= REPORTS
        taken = await send(self.http, self.world, body)
        assert taken.status_code == httpx.codes.OK, taken.text
        report = taken.json()
        assert self._rejected(report) == self._rejected(refused.json()["batch"]) or language is Language.LV
        assert report["counts"]["intervention"]["created"] == 2, report

    async def takes(self, body: bytes, headers: dict[str, str]) -> Json:
        """The body is sound, however it looks: all of it is recorded."""
        report = await sent(self.http, self.world, body, headers=headers)
        assert report["rejected"] == []
        return report

    async def asks_for_a_key(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Only the key is missing, or none."""
        before = await rows(self.owner)
        own = {**self.world.sync(self.world.school), "Content-Type": "application/x-ndjson"}
        sent_headers = [(name.encode(), value.encode()) for name, value in own.items()] + headers
        answer = await self.http.post("/v1/sync/batches", content=ndjson([self.good()]), headers=sent_headers)
        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, answer.text
        assert [each["pointer"] for each in answer.json()["violations"]] == ["/header/Idempotency-Key"]
        assert await written(self.owner, before) == set()
        await self.goes_on()

    @staticmethod
    def _rejected(report: Json) -> list[Json]:
        [rejected] = report["rejected"]
        assert rejected["line"] == 2
        return list(rejected["violations"])

    async def goes_on(self) -> None:
        report = await sent(self.http, self.world, [self.good()])
        assert report["counts"]["intervention"]["created"] == 1
