"""Whatever a body is, and however it is cut on its way: its items are those that a reader of JSON would find."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.sync.splitting import Elements, Lines, Splitter
from app.domain.errors import Invalid

LONGEST = 10_000
SIGNS = '[]{},:"\\ \n\tāĀx0\U0001f319'
"""What could be taken for something else."""

texts = st.text(st.sampled_from(SIGNS), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda within: st.lists(within, max_size=4) | st.dictionaries(texts, within, max_size=4),
    max_leaves=8,
)
blanks = st.text(st.sampled_from(" \t\r\n"), max_size=3)
cuts = st.lists(st.integers(min_value=0, max_value=500), max_size=12)


@st.composite
def written(draw: st.DrawFn, value: Any) -> str:
    """A value as somebody may write it: with blanks, and with letters as they are or escaped."""
    return json.dumps(
        value,
        ensure_ascii=draw(st.booleans()),
        separators=(draw(blanks) + "," + draw(blanks), draw(blanks) + ":" + draw(blanks)),
    )


@st.composite
def arrays(draw: st.DrawFn) -> tuple[list[Any], bytes]:
    items = draw(st.lists(values, max_size=6))
    between = [draw(blanks) + draw(written(each)) + draw(blanks) for each in items]
    array = draw(blanks) + "[" + (",".join(between) or draw(blanks)) + "]" + draw(blanks)
    if draw(st.booleans()):
        array = draw(blanks) + "{" + draw(blanks) + '"items"' + draw(blanks) + ":" + array + "}" + draw(blanks)
    return items, array.encode()


def chunks(body: bytes, places: list[int]) -> Iterator[bytes]:
    ends = sorted({0, len(body), *(place for place in places if place < len(body))})
    yield from (body[first:last] for first, last in pairwise(ends))


def split(splitter: Splitter, body: bytes, places: list[int]) -> list[tuple[int, bytes]]:
    found = [piece for chunk in chunks(body, places) for piece in splitter.feed(chunk)]
    return [*found, *splitter.end()]


@given(arrays(), cuts)
def test_an_array_is_cut_into_its_items(array: tuple[list[Any], bytes], places: list[int]) -> None:
    items, body = array
    found = json.loads(body)
    assert (found["items"] if isinstance(found, dict) else found) == items
    pieces = split(Elements(LONGEST), body, places)
    assert [number for number, _ in pieces] == list(range(1, len(items) + 1))
    assert [json.loads(text) for _, text in pieces] == items


@given(arrays())
def test_byte_by_byte(array: tuple[list[Any], bytes]) -> None:
    items, body = array
    pieces = split(Elements(LONGEST), body, list(range(len(body))))
    assert [json.loads(text) for _, text in pieces] == items


@given(st.text(st.sampled_from(SIGNS), max_size=30), cuts)
def test_what_is_no_array_is_never_taken_for_one(body: str, places: list[int]) -> None:
    """It is refused, or one of its pieces is no JSON: it is never taken for other items than it has."""
    array = f"[{body}"
    try:
        pieces = split(Elements(LONGEST), array.encode(), places)
        items = [json.loads(text) for _, text in pieces]
    except (Invalid, ValueError):
        with pytest.raises(ValueError, match=r".*"):
            json.loads(array)
    else:
        assert json.loads(array) == items


@given(arrays(), cuts, st.integers(min_value=0, max_value=400))
def test_an_array_that_ends_early_is_refused(array: tuple[list[Any], bytes], places: list[int], length: int) -> None:
    _, body = array
    whole = body.rstrip()
    with pytest.raises(Invalid):
        split(Elements(LONGEST), whole[: min(length, len(whole) - 1)], places)


@given(st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b" ")), max_size=8), cuts)
def test_lines_are_cut_at_their_ends(lines: list[bytes], places: list[int]) -> None:
    expected = [(number, found) for number, line in enumerate(lines, 1) if (found := line.strip(b" \t\r"))]
    for body in (b"\n".join(lines), b"".join(line + b"\n" for line in lines)):
        assert split(Lines(LONGEST), body, places) == expected


@pytest.mark.parametrize("splitter", [Lines, Elements])
@pytest.mark.parametrize("step", [1, 7, 64, 1_000])
def test_an_item_is_as_long_as_it_may_be(splitter: type[Lines] | type[Elements], step: int) -> None:
    def body(size: int) -> bytes:
        one = b'"' + b"x" * (size - 2) + b'"'
        return one + b"\n" + one if splitter is Lines else b"[" + one + b"," + one + b"]"

    places = list(range(0, 1_000, step))
    assert [len(text) for _, text in split(splitter(100), body(100), places)] == [100, 100]
    with pytest.raises(Invalid, match=re.escape("longer than 100 bytes")):
        split(splitter(100), body(101), places)


def test_blanks_before_and_after_are_as_many_as_somebody_likes() -> None:
    many = b" \n" * 10_000
    for opening, closing in ((b"[", b"]"), (b'{ "items" :[', b"]" + many + b"}")):
        assert split(Elements(LONGEST), many + opening + b"1,2" + closing + many, [3, 25_000]) == [(1, b"1"), (2, b"2")]
