"""How often a client may ask: the arithmetic, on a clock of its own."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.quotas import Quotas, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def quotas(text: str, clock: Clock, capacity: int = 10) -> Quotas:
    return Quotas("requests", Rate.of(text), capacity=capacity, clock=clock)


@pytest.mark.parametrize(
    ("text", "quota", "seconds"),
    [("600/minute", 600, 60), ("1/second", 1, 1), ("300/hour", 300, 3_600), ("5/day", 5, 86_400)],
)
def test_a_rate_is_read_as_it_is_written(text: str, quota: int, seconds: int) -> None:
    assert Rate.of(text) == Rate(quota=quota, seconds=seconds)


@pytest.mark.parametrize("text", ["", "600", "0/minute", "-1/minute", "600/fortnight", "600 / minute", "6e2/minute"])
def test_anything_else_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="600/minute"):
        Rate.of(text)


def test_the_whole_quota_at_once_and_then_one_after_its_share_of_the_time() -> None:
    clock = Clock()
    three = quotas("3/minute", clock)
    assert [three.take("a").remaining for _ in range(3)] == [2, 1, 0]
    refused = three.take("a")
    assert (refused.refused, refused.remaining, refused.retry_after) == (True, 0, 20)
    clock.now += 19
    assert three.take("a").retry_after == 1
    clock.now += 1
    assert not three.take("a").refused
    assert three.take("a").refused
    clock.now += 60
    assert three.take("a").remaining == 2


def test_one_client_that_floods_leaves_the_quota_of_another_alone() -> None:
    three = quotas("3/minute", Clock())
    assert sum(not three.take("flood").refused for _ in range(1_000)) == 3
    assert three.take("quiet").remaining == 2


def test_looking_counts_nothing() -> None:
    one = quotas("1/minute", Clock())
    assert [one.look("a").refused for _ in range(5)] == [False] * 5
    one.take("a")
    assert one.look("a").refused


def test_memory_is_bounded_and_the_longest_silent_one_is_forgotten() -> None:
    one = quotas("1/minute", Clock(), capacity=10)
    for number in range(1_000):
        one.take(f"client {number}")
    assert len(one) == 10
    assert one.look("client 999").refused
    assert not one.look("client 0").refused


@given(st.lists(st.floats(min_value=0, max_value=30), max_size=60), st.integers(1, 10))
def test_never_more_than_the_quota_and_its_share_of_the_time(pauses: list[float], quota: int) -> None:
    clock = Clock()
    some = quotas(f"{quota}/minute", clock)
    allowed = []
    for pause in pauses:
        clock.now += pause
        standing = some.take("a")
        assert 0 <= standing.remaining < quota
        if not standing.refused:
            allowed.append(clock.now)
    for index, start in enumerate(allowed):
        for count, end in enumerate(allowed[index:], start=1):
            assert count <= quota + (end - start) * quota / 60 + 1e-6


def test_it_costs_microseconds() -> None:
    many = Quotas("requests", Rate.of("100000000/second"))
    fastest = min(_seconds(many) for _ in range(5))
    assert fastest < 50e-6


def _seconds(many: Quotas) -> float:
    started = time.perf_counter()
    for number in range(1_000):
        many.take(str(number % 100))
    return (time.perf_counter() - started) / 1_000
