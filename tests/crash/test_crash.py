"""A few runs of `make crash`: what is killed and cut there at random, once each."""

from collections.abc import AsyncIterator
from random import Random

import pytest

from tests.crash.house import house
from tests.crash.memory import MEGABYTE, grow
from tests.crash.proxy import Cut
from tests.crash.runs import Scene, scene

RUNS = [
    ["PostgreSQL is killed", Cut.COMMITTED.value],
    ["the service is killed", Cut.ANSWER.value],
    ["a process of PostgreSQL is killed", Cut.REQUEST.value, Cut.COMMIT.value],
]


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with house(tmp_path_factory.mktemp("crash"), Random(0)) as home:
        yield await scene(home)


@pytest.mark.parametrize("harm", RUNS, ids=", ".join)
async def test_each_acknowledged_item_is_there_once_and_no_batch_half(stage: Scene, harm: list[str]) -> None:
    assert await stage.run(RUNS.index(harm), harm) == []
    assert stage.summary.batches > 0


@pytest.mark.parametrize(
    ("kind", "megabytes", "zipped", "most"),
    [("good", 20, False, 110), ("rejected", 20, True, 75), ("wide", 4, False, 140)],
)
async def test_memory_stays_flat(stage: Scene, kind: str, megabytes: int, zipped: bool, most: int) -> None:  # noqa: FBT001 - a row
    """A body is on the disk and a few items in memory: most of what there is in addition is a part of each id."""
    await grow(stage, "rejected", MEGABYTE // 10, zipped=zipped)  # whatever is loaded at the first time
    found = await grow(stage, kind, megabytes * MEGABYTE, zipped=zipped)
    counts = found.report["counts"]["intervention"]
    assert counts["rejected" if kind != "good" else "created"] > 0.9 * found.report["items"]
    assert found.grown < most * MEGABYTE
