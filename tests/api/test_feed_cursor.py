"""The cursor of the feed as it travels: it reads back as it was written, for whoever has the key, and fits into an address."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.feed_cursor import LONGEST, FeedCursors
from app.domain.changes import TYPES
from app.domain.errors import Expired, Invalid
from app.domain.feed import Cursor, Filter, Load, Reader, Sight
from app.domain.ids import InstitutionId, StudentId

CURSORS, OTHERS = FeedCursors.of(b"k" * 32), FeedCursors.of(b"o" * 32)
IDS = st.frozensets(st.integers(1, 2**31 - 1).map(InstitutionId), max_size=20).map(lambda ids: tuple(sorted(ids)))
LOADS = st.builds(
    Load,
    after=st.none() | st.uuids().map(StudentId),
    gained=st.none() | IDS,
    pace=st.integers(1, 10_000),
)
ANY = st.builds(
    Cursor,
    epoch=st.uuids(),
    position=st.integers(0, 2**63 - 1),
    sight=st.builds(Sight, reader=st.sampled_from(Reader), institution_ids=st.none() | IDS),
    wanted=st.builds(Filter.of, st.lists(st.sampled_from(TYPES)), IDS),
    load=st.none() | LOADS,
)


@given(cursor=ANY)
def test_it_reads_back_as_it_was_written(cursor: Cursor) -> None:
    text = CURSORS.write(cursor)
    assert CURSORS.read(text) == cursor
    assert CURSORS.write(cursor) == text


@given(cursor=ANY)
def test_with_another_key_it_has_expired(cursor: Cursor) -> None:
    with pytest.raises(Expired):
        OTHERS.read(CURSORS.write(cursor))


@given(cursor=ANY, place=st.integers(8, 60), letter=st.sampled_from("ABCxyz019"))
def test_nobody_writes_one(cursor: Cursor, place: int, letter: str) -> None:
    text = CURSORS.write(cursor)
    if text[place] != letter:
        with pytest.raises(Invalid):
            CURSORS.read(text[:place] + letter + text[place + 1 :])


@given(text=st.text(max_size=100))
def test_what_is_none_is_told(text: str) -> None:
    with pytest.raises((Invalid, Expired)):
        CURSORS.read(text)


def test_it_fits_into_an_address_for_every_institution_there_is() -> None:
    ids = tuple(InstitutionId(number * 7 % 2_000 + number) for number in range(1, 900))
    sight = Sight(reader=Reader.OWNER, institution_ids=tuple(sorted(ids)))
    load = Load(gained=sight.institution_ids, after=StudentId(UUID(int=7)))
    wanted = Filter.of(TYPES, ids[:200])
    cursor = Cursor(epoch=UUID(int=2**128 - 1), position=2**40, sight=sight, wanted=wanted, load=load)
    assert len(CURSORS.write(cursor)) < LONGEST
