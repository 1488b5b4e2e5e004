"""Which exports are under way in this process: each holds a connection for as long as it reads."""

from dataclasses import dataclass, field

from app.domain.errors import Refused, Unavailable

COME_BACK = 30
"""Seconds after which a place may be free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTurns:
    """`places` at a time, one of them for each caller. `seconds`: for how long one may read."""

    places: int
    seconds: float
    _callers: set[str] = field(default_factory=set)

    def take(self, caller: str) -> None:
        """Raises Refused while this caller's last one is under way, and Unavailable where every place is taken."""
        if caller in self._callers:
            raise Refused("Your last export is still being read: fetch it to its end first.", code="export-under-way")
        if len(self._callers) >= self.places:
            raise Unavailable(COME_BACK)
        self._callers.add(caller)

    def leave(self, caller: str) -> None:
        self._callers.discard(caller)
