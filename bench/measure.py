"""What a benchmark returns, and how it takes its times."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`ours` and `limit` in `unit`; the ratio is ours to the limit. Only the ratio says anything on a shared machine."""

    name: str
    ours: float
    limit: float
    unit: str
    note: str

    @property
    def ratio(self) -> float:
        return self.ours / self.limit

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio}


async def paired(
    ours: Callable[[], Awaitable[object]], limit: Callable[[], Awaitable[object]], *, rounds: int
) -> tuple[float, float]:
    """Median seconds of each, taken in turns, so that whatever else the machine does falls on both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for each, taken in zip((ours, limit), times, strict=True):
            started = time.perf_counter()
            await each()
            taken.append(time.perf_counter() - started)
    # The first round warms caches and plans.
    return median(times[0][1:]), median(times[1][1:])
