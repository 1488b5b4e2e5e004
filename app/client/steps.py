"""What the core asks of whoever drives it. The core itself does no input or output: it is a generator that yields steps and is sent
what came of them, so that the client of threads and the client of asyncio share every decision.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Told = TypeVar("Told")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One HTTP request. `timeout`: seconds for which an answer is waited for."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Sleep:
    seconds: float


@dataclass(frozen=True, slots=True)
class Call:
    """Something that may block: a store of the caller's, on a disk."""

    function: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Tell(Generic[Told]):
    """For whoever called the client."""

    what: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection failed, or nothing came in time: the request may or may not have been seen."""

    reason: str


Step = Send | Sleep | Call
Outcome = Answer | Lost | None
Exchange = Generator[Step | Tell[Told], Outcome, Done]
"""Yields steps, is sent their outcomes, tells things on the way, and ends with a result."""


def sent(request: Send) -> Generator[Step, Outcome, Answer | Lost]:
    outcome = yield request
    return Lost("nothing was answered") if outcome is None else outcome
