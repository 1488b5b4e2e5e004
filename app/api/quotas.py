"""How often a client may ask: a quota for each, kept in this process alone and in bounded memory."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

SECONDS: Final = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")

CAPACITY: Final = 50_000
"""Clients remembered by one quota. Beyond, the one that has been silent for longest is forgotten: it has its whole quota again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`quota` requests in `seconds`: all at once, if a client likes, and then one as soon as its share of the time has passed."""

    quota: int
    seconds: int

    @classmethod
    def of(cls, text: str) -> "Rate":
        """As it is written in a setting: `600/minute`. Raises ValueError, in words, for what is not written so."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(
                "write it as 600/minute: a number from 1 to 999999999, a stroke, and second, minute, hour or day"
            )
        return cls(quota=int(written[1]), seconds=SECONDS[written[2]])

    @property
    def interval(self) -> float:
        """Seconds after which one more request is allowed."""
        return self.seconds / self.quota


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a client stands after a request. `wait`: seconds until the next one is allowed; `full`: until all of its quota is back."""

    policy: str
    rate: Rate
    remaining: int
    wait: float
    full: float

    @property
    def refused(self) -> bool:
        return self.wait > 0

    @property
    def retry_after(self) -> int:
        """Whole seconds, as the header Retry-After wants them."""
        return max(1, ceil(self.wait))


class Quotas:
    """The generic cell rate algorithm: of each client one number is kept, the time at which it will have its whole quota again.

    A refused request costs nothing, so who waits as long as it was told is let in.
    """

    def __init__(
        self, policy: str, rate: Rate, *, capacity: int = CAPACITY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.policy = policy
        self.rate = rate
        self._capacity = capacity
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, client: str) -> Standing:
        """Count a request of this client, unless it is refused."""
        now, interval = self._clock(), self.rate.interval
        standing = self._standing(client, now)
        if standing.refused:
            return standing
        self._full_at[client] = now + standing.full + interval
        self._full_at.move_to_end(client)
        if len(self._full_at) > self._capacity:
            self._full_at.popitem(last=False)
        return Standing(
            policy=self.policy,
            rate=self.rate,
            remaining=standing.remaining - 1,
            wait=0,
            full=standing.full + interval,
        )

    def look(self, client: str) -> Standing:
        """Where this client stands, without counting anything."""
        return self._standing(client, self._clock())

    def _standing(self, client: str, now: float) -> Standing:
        full = max(0.0, self._full_at.get(client, now) - now)
        # A billionth of a second: what is left after adding up shares of the time must not cost a whole request.
        remaining = int((self.rate.seconds - full) / self.rate.interval + 1e-9)
        wait = 0.0 if remaining else full + self.rate.interval - self.rate.seconds
        return Standing(policy=self.policy, rate=self.rate, remaining=remaining, wait=wait, full=full)

    def __len__(self) -> int:
        return len(self._full_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """`requests` by the subject of a token, `persons` by it too, `batch_persons` by it and the institution; `failures` by network
    address.
    """

    requests: Quotas
    persons: Quotas
    batch_persons: Quotas
    failures: Quotas

    @classmethod
    def of(cls, *, requests: str, persons: str, batch_persons: str, failures: str) -> "RateLimits":
        return cls(
            requests=Quotas("requests", Rate.of(requests)),
            persons=Quotas("persons", Rate.of(persons)),
            batch_persons=Quotas("batch-persons", Rate.of(batch_persons)),
            failures=Quotas("failures", Rate.of(failures)),
        )
