"""One look for all who wait, and for nobody an older one than its own would have been."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.looks import Looks


class Clock:
    """What is looked at: it tells how late it is, and takes its time to do so."""

    def __init__(self) -> None:
        self.now = 0
        self.looks = 0

    async def read(self) -> int:
        self.looks += 1
        seen = self.now
        await asyncio.sleep(0.002)
        return seen


async def test_many_who_come_together_are_told_by_two_looks() -> None:
    clock, looks = Clock(), Looks[int]()
    told = await asyncio.gather(*(looks.look("clock", clock.read) for _ in range(100)))
    assert (set(told), clock.looks) == ({0}, 1)


async def test_whoever_comes_during_a_look_waits_for_the_next() -> None:
    clock, looks = Clock(), Looks[int]()
    first = asyncio.create_task(looks.look("clock", clock.read))
    await asyncio.sleep(0.001)
    clock.now = 1
    late = [asyncio.create_task(looks.look("clock", clock.read)) for _ in range(10)]
    assert await first == 0
    assert set(await asyncio.gather(*late)) == {1}
    assert clock.looks == 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=25))
def test_nobody_is_told_what_was_true_before_they_came(steps: Sequence[tuple[int, bool]]) -> None:
    """Each waits for so many milliseconds, then asks; and at some of them the time goes on."""

    async def run() -> None:
        clock, looks = Clock(), Looks[int]()

        async def one(wait: int, *, goes_on: bool) -> None:
            await asyncio.sleep(wait / 1_000)
            clock.now += goes_on
            came = clock.now
            assert await looks.look("clock", clock.read) >= came

        await asyncio.gather(*(one(wait, goes_on=goes_on) for wait, goes_on in steps))

    asyncio.run(run())


async def test_few_looks_are_under_way_at_a_time() -> None:
    clock, looks = Clock(), Looks[int](at_once=2)
    under_way, most = 0, 0

    async def read() -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        seen = await clock.read()
        under_way -= 1
        return seen

    waiting = []
    for _ in range(20):
        waiting.append(asyncio.create_task(looks.look("clock", read)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert most == 2
    assert clock.looks < 20


async def test_other_things_are_looked_at_by_other_looks() -> None:
    clock, looks = Clock(), Looks[int]()
    await asyncio.gather(*(looks.look(number % 3, clock.read) for number in range(9)))
    assert clock.looks == 3


async def test_who_goes_away_takes_nothing_from_the_others() -> None:
    clock, looks = Clock(), Looks[int]()
    impatient, patient = (asyncio.create_task(looks.look("clock", clock.read)) for _ in range(2))
    await asyncio.sleep(0.001)
    impatient.cancel()
    assert await patient == 0


async def test_a_look_that_fails_fails_for_all_and_the_next_begins_anew() -> None:
    looks = Looks[int]()

    async def fail() -> int:
        raise ValueError("no answer")

    told = await asyncio.gather(*(looks.look("clock", fail) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in told] == [ValueError] * 3
    assert await looks.look("clock", Clock().read) == 0
    with pytest.raises(ValueError, match="no answer"):
        await looks.look("clock", fail)
