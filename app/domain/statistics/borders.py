"""In the borders of a day: where an institution of any time counts, had the borders always been those (rule 11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.code_lists import InstitutionKind
from app.domain.geography import Geography
from app.domain.institutions import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Where an institution lay, and how long."""

    institution_id: int
    kind: InstitutionKind
    location: Location


def places_as_of(stays: Iterable[Stay], day: date, geography: Geography) -> Mapping[int, str | None]:
    """The municipality in which each institution counts in the borders of that day."""
    locations: dict[int, list[Location]] = {}
    for stay in stays:
        locations.setdefault(stay.institution_id, []).append(stay.location)
    return {each: municipality_as_of(lay, day, geography) for each, lay in locations.items()}


def municipality_as_of(locations: Sequence[Location], day: date, geography: Geography) -> str | None:
    """ATVK code of the municipality, or None: it counts in none, and in the region UNASSIGNED.

    Where it lies on that day. One that closed before goes with the main successor of where it lay last: of a split municipality too,
    for nothing tells in which part it would lie. One that opened later goes with the predecessor of where it lay first, which a
    municipality that came of several equal ones has not.
    """
    before = [each for each in locations if each.period.start <= day]
    if before:
        last = max(before, key=_start)
        if day in last.period:
            return last.municipality
        heir = geography.successor_on(last.municipality, day)
    else:
        first = min(locations, key=_start, default=None)
        heir = None if first is None else geography.predecessor_on(first.municipality, day)
    return None if heir is None else heir.code


def _start(location: Location) -> date:
    return location.period.start
