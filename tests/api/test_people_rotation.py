"""A provider changes its keys, or is gone for a while, and nobody who works notices."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from app.api.tokens import key_sets
from app.settings import Settings
from tests.api.identity_provider import IdentityProvider, SigningKey, running
from tests.api.people import bearer, roles, trusting


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with running() as started:
        started.publish(SigningKey())
        yield started


@pytest.fixture(scope="module")
def settings(settings: Settings, provider: IdentityProvider) -> Settings:
    return trusting(settings, provider.issuer)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes minutes takes tenths of a second."""
    monkeypatch.setattr(key_sets, "PAUSE", 0.1)
    monkeypatch.setattr(key_sets, "REFRESH_AFTER", 0.2)
    monkeypatch.setattr(key_sets, "RETRY_AFTER", 0.1)


@dataclass(kw_only=True)
class AtWork:
    """People who send one request after the other, each with the newest token there is."""

    http: httpx.AsyncClient
    provider: IdentityProvider
    key: SigningKey
    answers: Counter[int] = field(default_factory=Counter)
    going: bool = True

    async def work(self) -> None:
        while self.going:
            answer = await self.http.get("/v1/me", headers=bearer(self.token()))
            self.answers[answer.status_code] += 1
            await asyncio.sleep(0.01)  # nothing in such a request waits for anything: one worker would hold the loop

    def token(self, key: SigningKey | None = None, **claims: Any) -> str:
        return (key or self.key).sign(self.provider.claims(**roles("ikvd"), **claims))

    async def ask(self, key: SigningKey | None = None) -> int:
        return (await self.http.get("/v1/me", headers=bearer(self.token(key)))).status_code


@asynccontextmanager
async def people_at_work(http: httpx.AsyncClient, provider: IdentityProvider, key: SigningKey) -> AsyncIterator[AtWork]:
    at_work = AtWork(http=http, provider=provider, key=key)
    workers = [asyncio.create_task(at_work.work()) for _ in range(8)]
    try:
        yield at_work
    finally:
        at_work.going = False
        await asyncio.gather(*workers)


async def test_keys_rotate_while_people_work_and_none_of_them_is_refused(
    http: httpx.AsyncClient, provider: IdentityProvider
) -> None:
    old = SigningKey()
    provider.publish(old)
    async with people_at_work(http, provider, old) as people:
        for _ in range(5):
            new = SigningKey()
            provider.publish(people.key, new)
            people.key = new  # tokens of the old key are still about
            assert await people.ask(new) == 200
            assert await people.ask(old) == 200
            await asyncio.sleep(0.4)
            provider.publish(new)
            old = new
    assert people.answers.keys() == {200}
    assert people.answers[200] > 100


async def test_a_key_that_has_left_is_soon_refused(http: httpx.AsyncClient, provider: IdentityProvider) -> None:
    left, kept = SigningKey(), SigningKey()
    provider.publish(left, kept)
    people = AtWork(http=http, provider=provider, key=kept)
    assert (await people.ask(left), await people.ask(kept)) == (200, 200)
    provider.publish(kept)
    await asyncio.sleep(0.3)
    await people.ask(kept)
    await asyncio.sleep(0.3)
    assert (await people.ask(left), await people.ask(kept)) == (401, 200)


async def test_the_provider_is_gone_and_nobody_is_refused(http: httpx.AsyncClient, provider: IdentityProvider) -> None:
    key, never_seen = SigningKey(), SigningKey()
    provider.publish(key)
    async with people_at_work(http, provider, key) as people:
        await people.ask()
        provider.stop()
        await asyncio.sleep(1)
        assert await people.ask(never_seen) == 401
        assert await people.ask() == 200
        provider.start()
        provider.publish(key, never_seen)
        assert await people.ask(never_seen) == 200
    assert people.answers.keys() == {200}
    assert people.answers[200] > 100


@pytest.mark.parametrize("mode", ["fails", "babbles", "hangs"])
async def test_the_provider_is_ill_and_nobody_waits(
    http: httpx.AsyncClient, provider: IdentityProvider, mode: str
) -> None:
    key = SigningKey()
    provider.publish(key)
    people = AtWork(http=http, provider=provider, key=key)
    assert await people.ask() == 200
    provider.behave(mode=mode)
    try:
        for _ in range(5):
            await asyncio.sleep(0.2)
            assert await asyncio.wait_for(people.ask(), timeout=1) == 200
    finally:
        provider.behave(mode="answers")


async def test_a_thousand_unknown_keys_hardly_trouble_the_provider(
    http: httpx.AsyncClient, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, "PAUSE", 2)
    monkeypatch.setattr(key_sets, "REFRESH_AFTER", 300)
    key = SigningKey()
    provider.publish(key)
    people = AtWork(http=http, provider=provider, key=key)
    assert await people.ask() == 200
    before = provider.asked().count("/keys")
    invented = [key.sign(provider.claims(**roles("ikvd")), kid=f"invented-{number}") for number in range(1_000)]
    answers = await asyncio.gather(
        *(http.get("/v1/me", headers=bearer(token)) for token in [*invented, people.token()])
    )
    assert Counter(answer.status_code for answer in answers) == {401: 1_000, 200: 1}
    assert provider.asked().count("/keys") - before <= 3
