"""What a benchmark returns, and how it takes its times."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`ours` and `limit` in `unit`; the ratio is ours to the limit. Only the ratio says anything on a shared machine.

    A unit that ends in "/s" is the better the more of it there is, any other one the better the less. `at_most`: the ratio promised.
    """

    name: str
    ours: float
    limit: float
    unit: str
    note: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def more_is_better(self) -> bool:
        return self.unit.endswith("/s")

    @property
    def kept(self) -> bool:
        """Whether the ratio is what was promised; true where nothing was."""
        return (self.at_most is None or self.ratio <= self.at_most) and (
            self.at_least is None or self.ratio >= self.at_least
        )

    @property
    def promise(self) -> str:
        bounds = ((self.at_least, "at least"), (self.at_most, "at most"))
        said = " and ".join(f"{word} {bound:.2f}" for bound, word in bounds if bound is not None)
        return f"{said}{'' if self.kept else ': MISSED'}"

    @property
    def ratio(self) -> float:
        return self.ours / self.limit

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio, "more_is_better": self.more_is_better}


async def paired(
    ours: Callable[[], Awaitable[object]], limit: Callable[[], Awaitable[object]], *, rounds: int
) -> tuple[float, float]:
    """Median seconds of each, taken in turns, so that whatever else the machine does falls on both; each goes first every other
    time, so that neither always finds warm what the other has just read.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        pair = list(zip((ours, limit), times, strict=True))
        for each, taken in pair if turn % 2 else reversed(pair):
            started = time.perf_counter()
            await each()
            taken.append(time.perf_counter() - started)
    # The first round warms caches and plans.
    return median(times[0][1:]), median(times[1][1:])
