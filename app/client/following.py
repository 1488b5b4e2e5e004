"""Changes out: page after page, from where the reader is."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from .calls import Caller
from .changes import Page
from .errors import CursorExpired
from .replica import Store
from .steps import Call, Exchange, Send, Tell

PATH = "/v1/changes"
PAGE = 1_000
WAIT = 30
GRACE = 60.0
"""Seconds that an answer may take beyond the time for which it waits for something to happen."""


class ChangesOptions(TypedDict, total=False):
    """`types` and `institution_ids` narrow the feed, from its first page on. `limit`: about how many items a page has. `wait`: seconds for
    which the register is asked to wait where there is nothing new. `once`: end where there is nothing more, rather than wait.
    """

    types: Iterable[str]
    institution_ids: Iterable[int]
    limit: int
    wait: int
    once: bool


@dataclass(frozen=True, slots=True)
class Following:
    caller: Caller

    def changes(self, cursor: str | None = None, **options: Unpack[ChangesOptions]) -> Exchange[Page, None]:
        """Tells page after page from the cursor on, or from a first load where there is none. Raises CursorExpired."""
        feed = _Feed.of(options)
        while True:
            page = yield from self._page(feed, cursor)
            yield Tell(page)
            if feed.once and not page.more:
                return
            cursor = page.cursor

    def follow(self, store: Store, **options: Unpack[ChangesOptions]) -> Exchange[Page, None]:
        """Takes page after page into the store, and tells of each that is kept. A cursor that has expired is answered by a new load."""
        feed = _Feed.of(options)
        while True:
            try:
                page = yield from self._page(feed, store.cursor)
            except CursorExpired:
                if store.cursor is None:
                    raise
                yield Call(store.restart)
                continue
            yield Call(lambda page=page: store.apply(page))  # type: ignore[misc]
            yield Tell(page)
            if feed.once and not page.more:
                return

    def _page(self, feed: "_Feed", cursor: str | None) -> "Exchange[Any, Page]":
        request = Send(
            method="GET",
            path=PATH,
            params=(*feed.params, *((("cursor", cursor),) if cursor is not None else ())),
            headers={"accept": "application/json"},
            timeout=feed.wait + GRACE,
        )
        answer = yield from self.caller.call(request)
        return Page.of(json.loads(answer.content))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    params: tuple[tuple[str, str], ...]
    wait: int
    once: bool

    @classmethod
    def of(cls, options: ChangesOptions) -> "_Feed":
        once = options.get("once", False)
        wait = 0 if once else options.get("wait", WAIT)
        params = [("limit", str(options.get("limit", PAGE)))]
        params += [("wait", str(wait))] if wait else []
        params += [("type", each) for each in options.get("types", ())]
        params += [("institution_id", str(each)) for each in options.get("institution_ids", ())]
        return cls(params=tuple(params), wait=wait, once=once)
