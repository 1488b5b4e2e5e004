"""Where a follower of the feed stands: what is loaded after a change of scope, and when a cursor is no longer good."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import TYPES
from app.domain.errors import Expired, Invalid
from app.domain.feed import Cursor, Filter, Load, Reader, Sight, beginning, check_epoch, check_filter, has_moved, moved
from app.domain.ids import InstitutionId, StudentId

EPOCH = UUID(int=7)
SETS = st.frozensets(st.integers(1, 6).map(InstitutionId))


def sight(*institution_ids: int) -> Sight:
    return Sight(reader=Reader.OWNER, institution_ids=tuple(map(InstitutionId, sorted(institution_ids))))


def following(*institution_ids: int, position: int = 40) -> Cursor:
    return Cursor(epoch=EPOCH, position=position, sight=sight(*institution_ids), wanted=Filter())


def test_everything_is_loaded_first_and_what_changes_meanwhile_comes_after() -> None:
    begun = beginning(EPOCH, 40, sight(1), Filter())
    assert (begun.position, begun.load) == (40, Load())


def test_a_filter_reads_the_same_in_whatever_order_it_is_asked_for() -> None:
    ids = [InstitutionId(3), InstitutionId(1), InstitutionId(3)]
    assert Filter.of(["plan", "risk", "plan"], ids) == Filter(
        types=("risk", "plan"), institution_ids=(InstitutionId(1), InstitutionId(3))
    )
    assert all(Filter().takes(noun) for noun in TYPES)
    assert [noun for noun in TYPES if Filter(types=("risk",)).takes(noun)] == ["risk"]


@pytest.mark.parametrize("asked", [Filter(), Filter(types=("risk",))])
def test_a_cursor_goes_on_with_its_filter(asked: Filter) -> None:
    check_filter(replace(following(1), wanted=Filter(types=("risk",))), asked)


@pytest.mark.parametrize(
    "asked", [Filter(types=("plan",)), Filter(types=("risk",), institution_ids=(InstitutionId(1),))]
)
def test_another_filter_is_another_feed(asked: Filter) -> None:
    with pytest.raises(Invalid) as caught:
        check_filter(replace(following(1), wanted=Filter(types=("risk",))), asked)
    assert [(each.pointer, each.code) for each in caught.value.violations] == [("/query/cursor", "other-filter")]


def test_a_cursor_is_good_while_everything_after_it_is_known() -> None:
    for floor in (0, 39, 40):
        check_epoch(following(1), epoch=EPOCH, floor=floor, position=40, sight=sight(1, 2))


@pytest.mark.parametrize(
    ("epoch", "floor", "position", "reader"),
    [
        (uuid4(), 0, 40, Reader.OWNER),
        (EPOCH, 41, 50, Reader.OWNER),
        (EPOCH, 0, 39, Reader.OWNER),
        (EPOCH, 0, 40, Reader.ABOVE),
    ],
    ids=["restored", "forgotten", "not yet there", "another role"],
)
def test_a_cursor_expires(epoch: UUID, floor: int, position: int, reader: Reader) -> None:
    with pytest.raises(Expired):
        check_epoch(following(1), epoch=epoch, floor=floor, position=position, sight=replace(sight(1), reader=reader))


def test_what_was_gained_is_loaded_from_where_the_feed_stood() -> None:
    after = moved(following(1, 2), sight(2, 3), position=90)
    assert (after.position, after.sight, after.load) == (40, sight(2, 3), Load(gained=(InstitutionId(3),)))
    assert not has_moved(after, sight(2, 3))


def test_a_first_load_begins_anew() -> None:
    begun = replace(beginning(EPOCH, 40, sight(1), Filter()), load=Load(after=StudentId(uuid4())))
    assert moved(begun, sight(1, 2), position=90) == beginning(EPOCH, 90, sight(1, 2), Filter())


@given(steps=st.lists(SETS, min_size=2, max_size=6), finished=st.lists(st.booleans(), min_size=6, max_size=6))
def test_whatever_the_scope_becomes_all_of_it_is_loaded_or_was(
    steps: list[frozenset[InstitutionId]], finished: list[bool]
) -> None:
    first, *others = steps
    cursor, loaded = following(*first), set(first)
    for now, has_finished in zip(others, finished, strict=False):
        if has_moved(cursor, sight(*now)):
            cursor = moved(cursor, sight(*now), position=90)
        loaded &= now
        if has_finished:
            loaded |= set(cursor.load.gained or ()) if cursor.load else set()
            cursor = replace(cursor, load=None)
        owed = set(cursor.load.gained or ()) if cursor.load else set()
        assert loaded | owed == now
