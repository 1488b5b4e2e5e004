"""Both clients, spoken to alike: what is true of one is true of the other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.client import AsyncRegisterClient, ClientSecret, Page, Progress, RegisterClient, Report, Retries, Schema, Store
from tests.client.fake import ADDRESS, FakeRegister

CREDENTIALS = ClientSecret(client_id="c-1", secret="s:1")
AT_ONCE = Retries(attempts=5, base=0)

Handler = Callable[[httpx.Request], httpx.Response]


@dataclass(frozen=True, slots=True)
class Client:
    """Collects what a client tells."""

    handler: Handler
    threads: bool

    async def push(self, items: Iterable[Any], **options: Any) -> list[Progress]:
        if self.threads:
            with self._sync() as http:
                return list(RegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE).push(items, **options))
        async with self._async() as http:
            client = AsyncRegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE)
            return [each async for each in client.push(items, **options)]

    async def follow(self, store: Store, **options: Any) -> list[Page]:
        if self.threads:
            with self._sync() as http:
                return list(RegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE).follow(store, **options))
        async with self._async() as http:
            client = AsyncRegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE)
            return [each async for each in client.follow(store, **options)]

    async def snapshot(self, items: Iterable[Any], **options: Any) -> Report:
        if self.threads:
            with self._sync() as http:
                return RegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE).snapshot(items, **options)
        async with self._async() as http:
            return await AsyncRegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE).snapshot(
                items, **options
            )

    async def schema(self) -> Schema:
        if self.threads:
            with self._sync() as http:
                return RegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE).schema()
        async with self._async() as http:
            return await AsyncRegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE).schema()

    async def report(self, report_id: str) -> Report:
        if self.threads:
            with self._sync() as http:
                return RegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE).report(report_id)
        async with self._async() as http:
            return await AsyncRegisterClient(ADDRESS, CREDENTIALS, http=http, retries=AT_ONCE).report(report_id)

    def _sync(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.handler))

    def _async(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.handler))


@pytest.fixture
def register() -> FakeRegister:
    return FakeRegister()


@pytest.fixture(params=["threads", "asyncio"])
def speaking(request: pytest.FixtureRequest) -> Callable[[Handler], Client]:
    return lambda handler: Client(handler, threads=request.param == "threads")


@pytest.fixture
def client(speaking: Callable[[Handler], Client], register: FakeRegister) -> Client:
    return speaking(register)
