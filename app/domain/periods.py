"""Periods of days, inclusive on both ends; an open end is None."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both days included. `end` None means until further notice."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: "Period") -> bool:
        return (other.end is None or self.start <= other.end) and (self.end is None or other.start <= self.end)

    def within(self, other: "Period") -> bool:
        return other.start <= self.start and (other.end is None or (self.end is not None and self.end <= other.end))
