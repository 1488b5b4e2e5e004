"""When a request is made again, and after how long."""

import random
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from .errors import document_of
from .steps import Answer, Lost

TRANSIENT = frozenset({429, 502, 503, 504})
CONFLICT = 409
RUNNING, BUSY = "batch-running", "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """`attempts`: how often a request is made before it is given up. Between two of them passes a random time of up to `base` seconds
    doubled with each failure, at most `longest` (full jitter: clients that failed together do not come back together), and never
    less than the register asked for, up to `longest_asked`: who asks for more is asked again after that, and given up after as many
    attempts as any other. `patience`: seconds for which a batch that is still being applied is waited for.
    """

    attempts: int = 8
    base: float = 0.5
    longest: float = 60.0
    longest_asked: float = 600.0
    patience: float = 3600.0

    def pause(self, outcome: Answer | Lost, failures: int) -> float:
        """Seconds before the next attempt after so many failures."""
        jitter = random.uniform(0, min(self.longest, self.base * 2 ** min(failures, 32)))  # noqa: S311 - no secret
        if isinstance(outcome, Lost):
            return jitter
        return max(min(self.longest_asked, _asked(outcome.headers.get("retry-after"))), jitter)


def is_running(outcome: Answer | Lost) -> bool:
    """Whether the register is still at work on the very batch that was sent."""
    return _conflict(outcome) == RUNNING


def is_transient(outcome: Answer | Lost) -> bool:
    """`busy`: others changed the same records at the same moment, and nothing was kept."""
    return isinstance(outcome, Lost) or outcome.status in TRANSIENT or _conflict(outcome) == BUSY


def _conflict(outcome: Answer | Lost) -> str | None:
    if isinstance(outcome, Lost) or outcome.status != CONFLICT:
        return None
    return str(document_of(outcome).get("type", "")).rpartition("/")[2]


def _asked(retry_after: str | None) -> float:
    """Seconds from now, of either form of the header (RFC 9110, section 10.2.3); infinite where they are beyond any number."""
    if retry_after is None:
        return 0.0
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        day = parsedate_to_datetime(retry_after)
        return max(0.0, (day if day.tzinfo else day.replace(tzinfo=UTC)).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0
