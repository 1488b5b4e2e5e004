"""Answers that are kept: found by their tag alone, in bounded room, and made once for all who ask at the same time."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.api.answers import BESIDES, Answers

Make = Callable[[], Awaitable[bytes | None]]


def saying(body: bytes | None, made: list[bytes | None]) -> Make:
    async def make() -> bytes | None:
        made.append(body)
        await asyncio.sleep(0.001)
        return body

    return make


async def test_an_answer_is_made_once_and_found_again() -> None:
    answers, made = Answers(10_000), list[bytes | None]()
    together = await asyncio.gather(*(answers.of("tag", saying(b"answer", made)) for _ in range(5)))
    assert (set(together), made) == ({b"answer"}, [b"answer"])
    assert await answers.of("tag", saying(b"another", made)) == b"answer"
    assert answers.find("tag") == b"answer"
    assert await answers.of("other tag", saying(b"another", made)) == b"another"


async def test_what_is_not_for_others_is_not_kept() -> None:
    answers, made = Answers(10_000), list[bytes | None]()
    assert await answers.of("tag", saying(None, made)) is None
    assert answers.find("tag") is None
    assert await answers.of("tag", saying(b"answer", made)) == b"answer"


async def test_what_fails_is_not_kept_either() -> None:
    async def fail() -> bytes | None:
        raise ValueError("no answer")

    answers = Answers(10_000)
    with pytest.raises(ValueError, match="no answer"):
        await answers.of("tag", fail)
    assert await answers.of("tag", saying(b"answer", [])) == b"answer"


async def test_who_goes_away_takes_nothing_from_the_others() -> None:
    answers = Answers(10_000)
    impatient, patient = (asyncio.create_task(answers.of("tag", saying(b"answer", []))) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == b"answer"


async def test_the_room_is_bounded_and_what_was_asked_for_lately_stays() -> None:
    each = 33 + BESIDES + 100  # bytes of an object of 100 bytes
    answers = Answers(10 * each)
    for number in range(10):
        await answers.of(str(number), saying(bytes(100), []))
    answers.find("0")
    for number in range(10, 15):
        await answers.of(str(number), saying(bytes(100), []))
        assert answers.size <= 10 * each
    kept = [number for number in range(15) if answers.find(str(number)) is not None]
    assert kept == [0, 6, 7, 8, 9, 10, 11, 12, 13, 14]


async def test_one_that_is_too_large_displaces_no_others() -> None:
    answers = Answers(10_000)
    await answers.of("small", saying(b"answer", []))
    assert await answers.of("large", saying(bytes(2_000), [])) == bytes(2_000)
    assert (answers.find("large"), answers.find("small")) == (None, b"answer")


async def test_without_room_nothing_is_kept() -> None:
    answers = Answers(0)
    assert await answers.of("tag", saying(b"answer", [])) == b"answer"
    assert (answers.find("tag"), answers.size) == (None, 0)
