"""The two clients: what drives the core, with threads or with asyncio. They decide nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import closing
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack
from urllib.parse import urlsplit

import httpx

from .calls import Caller
from .changes import Page
from .credentials import Credentials
from .errors import Misdirected
from .following import ChangesOptions, Following
from .pushing import Pushing, PushOptions, SnapshotOptions
from .replica import Store
from .reports import Json, Progress, Report, Schema
from .retries import Retries
from .statistics import Asking, Statistics
from .steps import Answer, Call, Exchange, Lost, Outcome, Send, Sleep, Tell

Told = TypeVar("Told")
Done = TypeVar("Done")

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
AGENT = "risk-register-client/0.1.0"


class ClientOptions(TypedDict, total=False):
    """`language`: of texts for people, lv or en."""

    language: str
    retries: Retries


class _Core:
    def __init__(self, address: str, credentials: Credentials, options: ClientOptions) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE):
            raise ValueError("An address over https is needed; http is for this machine alone.")
        caller = Caller(credentials=credentials, **options)
        self.pushing, self.following, self.asking = Pushing(caller), Following(caller), Asking(caller)


class RegisterClient:
    """Speaks to the register at `address`. `http`: a client of your own, with a proxy or certificates; it stays yours to close."""

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        http: httpx.Client | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._core = _Core(address, credentials, options)
        self._address = address.rstrip("/")
        self._http = http or httpx.Client(headers={"user-agent": AGENT})
        self._own = http is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._own:
            self._http.close()

    def push(self, items: Iterable[Json], **options: Unpack[PushOptions]) -> Iterator[Progress]:
        """Send items in batches, and tell of each batch as it is acknowledged: nothing is sent unless it is iterated over."""
        return self._told(self._core.pushing.push(items, **options))

    def snapshot(self, items: Iterable[Json], **options: Unpack[SnapshotOptions]) -> Report:
        """Send the whole set of one type, institution and semester: what is missing in it is ended."""
        return self._done(self._core.pushing.snapshot(items, **options))

    def schema(self) -> Schema:
        """Which items there are, and what they are made of."""
        return self._done(self._core.pushing.schema())

    def report(self, report_id: str) -> Report:
        """What came of a batch."""
        return self._done(self._core.pushing.report(report_id))

    def changes(self, cursor: str | None = None, **options: Unpack[ChangesOptions]) -> Iterator[Page]:
        """Pages of the feed as they are; the cursor is yours to keep."""
        return self._told(self._core.following.changes(cursor, **options))

    def follow(self, store: Store, **options: Unpack[ChangesOptions]) -> Iterator[Page]:
        """Keep a replica: each page that is told has been taken into the store, with its cursor."""
        return self._told(self._core.following.follow(store, **options))

    def statistics(self, **asked: Any) -> Statistics:  # noqa: ANN401 - Question and Filter tell what may be asked
        """Figures within your scope, by keyword: the fields of `Question`, and filters by the name of what is filtered, such as
        `statistics(by=["REGION"], measures=["STUDENTS"], school_years=["2020/21"], grade_range=(5, 9), not_kinds=["VOCATIONAL"])`.
        """
        return self._done(self._core.asking.ask(asked))

    def _done(self, exchange: Exchange[Any, Done]) -> Done:
        outcome: Outcome = None
        with closing(exchange):
            while True:
                try:
                    step = exchange.send(outcome)
                except StopIteration as end:
                    result: Done = end.value
                    return result
                outcome = None if isinstance(step, Tell) else self._perform(step)

    def _told(self, exchange: Exchange[Told, None]) -> Iterator[Told]:
        outcome: Outcome = None
        with closing(exchange):
            while True:
                try:
                    step = exchange.send(outcome)
                except StopIteration:
                    return
                outcome = None
                if isinstance(step, Tell):
                    yield step.what
                else:
                    outcome = self._perform(step)

    def _perform(self, step: Send | Sleep | Call) -> Outcome:
        match step:
            case Send():
                try:
                    return _answer(self._http.request(**_request(self._address, step)))
                except httpx.TransportError as error:
                    return _lost(error)
            case Sleep(seconds=seconds):
                time.sleep(seconds)
            case Call(function=function):
                function()
        return None


class AsyncRegisterClient:
    """The same with asyncio."""

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        http: httpx.AsyncClient | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._core = _Core(address, credentials, options)
        self._address = address.rstrip("/")
        self._http = http or httpx.AsyncClient(headers={"user-agent": AGENT})
        self._own = http is None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        if self._own:
            await self._http.aclose()

    def push(self, items: Iterable[Json], **options: Unpack[PushOptions]) -> AsyncIterator[Progress]:
        return self._told(self._core.pushing.push(items, **options))

    async def snapshot(self, items: Iterable[Json], **options: Unpack[SnapshotOptions]) -> Report:
        return await self._done(self._core.pushing.snapshot(items, **options))

    async def schema(self) -> Schema:
        return await self._done(self._core.pushing.schema())

    async def report(self, report_id: str) -> Report:
        return await self._done(self._core.pushing.report(report_id))

    def changes(self, cursor: str | None = None, **options: Unpack[ChangesOptions]) -> AsyncIterator[Page]:
        return self._told(self._core.following.changes(cursor, **options))

    def follow(self, store: Store, **options: Unpack[ChangesOptions]) -> AsyncIterator[Page]:
        return self._told(self._core.following.follow(store, **options))

    async def statistics(self, **asked: Any) -> Statistics:  # noqa: ANN401 - Question and Filter tell what may be asked
        return await self._done(self._core.asking.ask(asked))

    async def _done(self, exchange: Exchange[Any, Done]) -> Done:
        outcome: Outcome = None
        with closing(exchange):
            while True:
                try:
                    step = exchange.send(outcome)
                except StopIteration as end:
                    result: Done = end.value
                    return result
                outcome = None if isinstance(step, Tell) else await self._perform(step)

    async def _told(self, exchange: Exchange[Told, None]) -> AsyncIterator[Told]:
        outcome: Outcome = None
        with closing(exchange):
            while True:
                try:
                    step = exchange.send(outcome)
                except StopIteration:
                    return
                outcome = None
                if isinstance(step, Tell):
                    yield step.what
                else:
                    outcome = await self._perform(step)

    async def _perform(self, step: Send | Sleep | Call) -> Outcome:
        match step:
            case Send():
                try:
                    return _answer(await self._http.request(**_request(self._address, step)))
                except httpx.TransportError as error:
                    return _lost(error)
            case Sleep(seconds=seconds):
                await asyncio.sleep(seconds)
            case Call(function=function):
                await asyncio.to_thread(function)
        return None


def _request(address: str, step: Send) -> dict[str, Any]:
    """Raises Misdirected rather than to send a token to anybody but the register. A client of the caller's own may follow redirects:
    not with a token, nor with what is said of students.
    """
    url, register = httpx.URL(address + step.path), httpx.URL(address)
    if (url.scheme, url.netloc) != (register.scheme, register.netloc):
        raise Misdirected(f"{step.path!r} is no address of the register")
    return {
        "method": step.method,
        "url": url,
        "follow_redirects": False,
        "params": list(step.params) or None,
        "headers": dict(step.headers),
        "content": step.content,
        "timeout": step.timeout,
    }


def _answer(response: httpx.Response) -> Answer:
    headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, content=response.content)


def _lost(error: httpx.TransportError) -> Lost:
    return Lost(f"{type(error).__name__}: {error}".removesuffix(": "))
