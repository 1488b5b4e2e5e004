"""A few runs of `make crash`: what is killed and cut there at random, once each."""

from collections.abc import AsyncIterator
from random import Random

import pytest

from tests.crash.house import house
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
