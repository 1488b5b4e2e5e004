"""Changes out: where a follower goes on, and what it asks for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.client import MemoryStore, Page, Problem, SqliteStore
from tests.client.conftest import Client, Handler
from tests.client.fake import lost, problem
from tests.client.test_replica import BEGINS, ENDS, records, student, upsert

Speaking = Callable[[Handler], Client]


@dataclass(slots=True)
class FakeFeed:
    """Pages by their cursors; `acts` happen to the next requests."""

    pages: dict[str, dict[str, Any]]
    acts: list[Callable[[httpx.Request], httpx.Response]] = field(default_factory=list)
    asked: list[httpx.QueryParams] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 600})
        self.asked.append(request.url.params)
        if self.acts:
            return self.acts.pop(0)(request)
        found = self.pages.get(request.url.params.get("cursor", ""))
        return problem(410, "cursor-expired") if found is None else httpx.Response(200, json=found)


def told(*items: dict[str, Any], cursor: str, more: bool = False) -> dict[str, Any]:
    return {"items": list(items), "cursor": cursor, "more": more}


def two_pages() -> FakeFeed:
    return FakeFeed(
        {
            "": told(BEGINS, student("s"), cursor="1", more=True),
            "1": told(upsert("p", "s"), ENDS, cursor="2"),
            "2": told(cursor="2"),
        }
    )


async def test_the_first_load_and_what_comes_after_it(speaking: Speaking) -> None:
    feed, store = two_pages(), MemoryStore()
    client = speaking(feed)
    assert len(await client.follow(store, once=True)) == 2
    assert records(store).keys() == {"s", "p"}
    await client.follow(store, once=True)
    assert [each.get("cursor") for each in feed.asked] == [None, "1", "2"]


async def test_filters_go_with_every_page(speaking: Speaking) -> None:
    feed = two_pages()
    await speaking(feed).follow(MemoryStore(), once=True, types=["plan", "outcome"], institution_ids=[3, 4], limit=50)
    for asked in feed.asked:
        assert (asked.get_list("type"), asked.get_list("institution_id")) == (["plan", "outcome"], ["3", "4"])
        assert asked["limit"] == "50"
        assert "wait" not in asked


async def test_who_goes_on_following_lets_the_register_wait(speaking: Speaking) -> None:
    feed = two_pages()

    def enough(_request: httpx.Request) -> httpx.Response:
        return problem(403, "forbidden")

    feed.acts = [lambda _: httpx.Response(200, json=told(cursor="2")), enough]
    with pytest.raises(Problem, match="forbidden"):
        await speaking(feed).follow(MemoryStore(cursor="2"), wait=20)
    assert [dict(each) for each in feed.asked] == [{"limit": "1000", "wait": "20", "cursor": "2"}] * 2


async def test_a_cursor_that_has_expired_leads_to_a_new_load(speaking: Speaking) -> None:
    feed, store = two_pages(), MemoryStore()
    store.apply(Page.of(told(student("gone"), cursor="of-another-epoch")))
    await speaking(feed).follow(store, once=True)
    assert [each.get("cursor") for each in feed.asked] == ["of-another-epoch", None, "1"]
    assert records(store).keys() == {"s", "p"}


async def test_a_feed_that_refuses_even_a_first_load_is_not_asked_for_ever(speaking: Speaking) -> None:
    with pytest.raises(Problem, match="410 cursor-expired"):
        await speaking(FakeFeed({})).follow(MemoryStore(), once=True)


async def test_a_lost_connection_is_made_again(speaking: Speaking) -> None:
    feed, store = two_pages(), MemoryStore()
    feed.acts = [lost, lost]
    await speaking(feed).follow(store, once=True)
    assert records(store).keys() == {"s", "p"}


async def test_a_follower_that_died_between_two_pages_goes_on(speaking: Speaking, tmp_path: Path) -> None:
    feed = two_pages()

    def killed(_request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    feed.acts = [lambda _: httpx.Response(200, json=feed.pages[""]), killed]
    with SqliteStore(tmp_path / "replica.db") as store, pytest.raises(KeyboardInterrupt):
        await speaking(feed).follow(store, once=True)
    with SqliteStore(tmp_path / "replica.db") as store:
        await speaking(feed).follow(store, once=True)
        assert records(store).keys() == {"s", "p"}
    assert [each.get("cursor") for each in feed.asked] == [None, "1", "1"]
