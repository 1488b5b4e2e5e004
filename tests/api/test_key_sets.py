"""When a provider is asked for its keys, and what goes on meanwhile. Time is handed in, and passes when somebody sleeps."""

import asyncio
from dataclasses import dataclass, field

import pytest

from app.api.tokens.json_web_keys import PublicKey
from app.api.tokens.key_sets import FORGET_AFTER, PAUSE, REFRESH_AFTER, RETRY_AFTER, STALE_AFTER, KeySet
from app.api.tokens.provider import ProviderSilent
from tests.api.identity_provider import ed_key


def a_key() -> PublicKey:
    return ed_key().public_key()


OLD, NEW = a_key(), a_key()


@dataclass(kw_only=True)
class House:
    """A provider that publishes what it is told, the time, and the key set that asks it."""

    now: float = 1_000.0
    published: dict[str, PublicKey] = field(default_factory=lambda: {"old": OLD})
    silent: bool = False
    takes: float = 0
    questions: list[float] = field(default_factory=list)
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.answering.set()
        self.keys = KeySet(ask=self.ask, clock=lambda: self.now, sleep=self.sleep)

    async def ask(self) -> dict[str, PublicKey]:
        self.questions.append(self.now)
        read = dict(self.published)
        self.now += self.takes
        await self.answering.wait()
        if self.silent:
            raise ProviderSilent("as the test wants it")
        return read

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    async def settle(self) -> None:
        """Let what goes on in the background come to its end."""
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture
def house() -> House:
    return House()


async def test_the_first_token_has_the_keys_asked_for(house: House) -> None:
    assert await house.keys.key("old") is OLD
    assert house.questions == [1_000]


async def test_a_known_key_costs_no_question(house: House) -> None:
    for _ in range(1_000):
        assert await house.keys.key("old") is OLD
    assert len(house.questions) == 1


async def test_a_new_key_is_accepted_at_its_first_token(house: House) -> None:
    await house.keys.key("old")
    house.now += 60
    house.published["new"] = NEW
    assert await house.keys.key("new") is NEW
    assert house.questions == [1_000, 1_060]


async def test_a_new_key_is_accepted_right_after_a_question_too(house: House) -> None:
    """Or whoever sends unknown keys all the time would keep the new one out."""
    assert await house.keys.key("invented") is None
    house.published["new"] = NEW
    assert await house.keys.key("new") is NEW
    assert house.questions == [1_000, 1_000 + PAUSE]


async def test_a_key_published_while_the_provider_answers_is_asked_for_again(house: House) -> None:
    await house.keys.key("old")
    house.now += 60
    house.answering.clear()
    earlier = asyncio.create_task(house.keys.key("invented"))
    await house.settle()
    house.now += 1
    house.published["new"] = NEW  # the question that is under way has read the set without it
    later = asyncio.create_task(house.keys.key("new"))
    await house.settle()
    house.answering.set()
    assert (await earlier, await later) == (None, NEW)
    assert len(house.questions) == 3


async def test_a_thousand_unknown_keys_at_once_are_one_question(house: House) -> None:
    await house.keys.key("old")
    house.now += 60
    found = await asyncio.gather(*(house.keys.key(f"invented-{number}") for number in range(1_000)))
    assert (set(found), len(house.questions)) == ({None}, 2)


async def test_unknown_keys_one_after_the_other_are_a_question_in_each_pause(house: House) -> None:
    for number in range(100):
        assert await house.keys.key(f"invented-{number}") is None
    assert [later - earlier for earlier, later in zip(house.questions, house.questions[1:], strict=False)] == [
        PAUSE
    ] * 99


async def test_a_token_whose_sender_has_gone_takes_nobodys_answer_along(house: House) -> None:
    house.answering.clear()
    gone, waiting = asyncio.create_task(house.keys.key("old")), asyncio.create_task(house.keys.key("old"))
    await house.settle()
    gone.cancel()
    await house.settle()
    house.answering.set()
    assert await waiting is OLD
    assert len(house.questions) == 1


async def test_keys_are_refreshed_before_they_are_stale_and_nobody_waits(house: House) -> None:
    await house.keys.key("old")
    house.now += REFRESH_AFTER + 1
    house.answering.clear()
    assert await asyncio.wait_for(house.keys.key("old"), timeout=1) is OLD
    await house.settle()
    assert len(house.questions) == 2
    house.answering.set()


async def test_a_key_that_has_left_is_refused_once_the_keys_are_refreshed(house: House) -> None:
    await house.keys.key("old")
    house.published = {"new": NEW}
    house.now += REFRESH_AFTER + 1
    assert await house.keys.key("old") is OLD
    await house.settle()
    assert await house.keys.key("old") is None


async def test_a_key_that_has_left_is_refused_at_once_where_nobody_asked_for_long(house: House) -> None:
    await house.keys.key("old")
    house.published = {"new": NEW}
    house.now += STALE_AFTER + 1
    assert await house.keys.key("old") is None


async def test_known_keys_go_on_while_the_provider_is_silent(house: House) -> None:
    await house.keys.key("old")
    house.silent = True
    began = house.now
    while house.now - began < FORGET_AFTER - 60:
        assert await house.keys.key("old") is OLD
        await house.settle()
        house.now += 60
    assert len(house.questions) > 1_000


async def test_a_silent_provider_is_asked_again_at_intervals(house: House) -> None:
    await house.keys.key("old")
    house.silent = True
    house.now += REFRESH_AFTER + 1
    for _ in range(10 * RETRY_AFTER):
        await house.keys.key("old")
        await house.settle()
        house.now += 1
    assert 9 <= len(house.questions) - 1 <= 10


async def test_nobody_waits_for_a_provider_that_was_silent_just_now(house: House) -> None:
    await house.keys.key("old")
    house.silent = True
    house.now += STALE_AFTER + 1
    assert await house.keys.key("old") is OLD  # waits, and there is no answer
    house.now += RETRY_AFTER + 1
    house.answering.clear()
    assert await asyncio.wait_for(house.keys.key("old"), timeout=1) is OLD
    house.answering.set()


async def test_after_a_day_of_silence_no_key_is_worth_anything(house: House) -> None:
    await house.keys.key("old")
    house.silent = True
    house.now += FORGET_AFTER + 1
    assert await house.keys.key("old") is None
    house.silent = False
    house.now += PAUSE
    assert await house.keys.key("old") is OLD


async def test_a_provider_that_is_silent_at_the_start_is_asked_for_each_token(house: House) -> None:
    house.silent = True
    assert await house.keys.key("old") is None
    house.silent = False
    assert await house.keys.key("old") is OLD
    assert house.questions == [1_000, 1_000 + PAUSE]


async def test_a_slow_provider_is_asked_one_question_at_a_time(house: House) -> None:
    house.takes = 10 * PAUSE
    assert await house.keys.key("invented") is None
    assert await house.keys.key("invented too") is None
    assert house.questions == [1_000, 1_000 + 10 * PAUSE]
