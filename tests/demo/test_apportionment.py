"""Nothing is lost by rounding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.apportionment import apportion, drawn, overlaid, shared

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)


def test_the_largest_remainders_get_what_is_left_over() -> None:
    assert apportion(10, [5, 3, 3]) == [4, 3, 3]
    assert shared(7, {"a": 1, "b": 1}) == {"a": 4, "b": 3}


def test_nothing_can_be_shared_by_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to share by"):
        apportion(1, [0, 0])


@given(st.integers(0, 10_000), weights)
def test_shares_sum_to_the_total_and_are_never_more_than_one_off(total: int, parts: list[int]) -> None:
    shares = apportion(total, parts)
    assert sum(shares) == total
    assert all(abs(share - total * part / sum(parts)) < 1 for share, part in zip(shares, parts, strict=True))


@given(weights, st.data())
def test_no_share_is_larger_than_what_there_is(parts: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(parts)))
    assert all(share <= part for share, part in zip(apportion(total, parts), parts, strict=True))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(1, 5))
def test_what_is_dealt_out_group_by_group_is_all_that_there_is(sizes: list[int], kinds: int) -> None:
    totals = shared(sum(sizes), {kind: kind + 1 for kind in range(kinds)})
    groups = list(drawn(totals, sizes))
    assert [sum(group.values()) for group in groups] == sizes
    assert {kind: sum(group[kind] for group in groups) for kind in totals} == totals


def test_two_ways_of_cutting_one_line() -> None:
    assert list(overlaid([("a", 3), ("b", 2)], [("x", 2), ("y", 0), ("z", 3)])) == [
        ("a", "x", 2),
        ("a", "z", 1),
        ("b", "z", 2),
    ]
