"""Borders by date: which municipality and region a place belongs to on a day, and what came before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.domain.municipalities import Municipality, Succession
from app.domain.regions import UNASSIGNED, Region, RegionMembership, RegionScheme


@dataclass(frozen=True, kw_only=True)  # not slotted: the indexes below are cached in the instance
class Geography:
    regions: tuple[Region, ...]
    municipalities: tuple[Municipality, ...]
    memberships: tuple[RegionMembership, ...]
    successions: tuple[Succession, ...]

    def municipality(self, code: str) -> Municipality | None:
        """By ATVK code, whether it exists today or not."""
        return self._by_code.get(code)

    def valid_on(self, day: date) -> tuple[Municipality, ...]:
        """In Latvian alphabetical order."""
        return tuple(each for each in self.in_order if day in each.period)

    def region(self, scheme: RegionScheme, code: str) -> Region | None:
        return self._regions.get((scheme, code))

    def region_of(self, code: str, scheme: RegionScheme, on: date) -> Region | None:
        """The municipality's region on that day; None means UNASSIGNED: the scheme or it does not reach that day."""
        for membership in self._memberships.get((code, scheme), ()):
            if on in membership.period:
                return self.region(scheme, membership.code)
        return None

    def municipalities_of(self, scheme: RegionScheme, region: str, day: date) -> frozenset[str]:
        """ATVK codes of the municipalities that belong to the region on that day; those of none where it is UNASSIGNED."""
        there = ((each.code, self.region_of(each.code, scheme, day)) for each in self.valid_on(day))
        return frozenset(code for code, found in there if (UNASSIGNED if found is None else found.code) == region)

    def successor_on(self, code: str, day: date) -> Municipality | None:
        """Itself while it lasts, afterwards its main successor (and that one's) of that day; None before it began."""
        return self._follow(code, day, self._main_successors)

    def counterparts_on(self, code: str, day: date) -> tuple[Municipality, ...]:
        """Whoever has on that day what is or was the municipality's: all successors, of a split one each part's, or else all predecessors.
        Itself while it lasts. In Latvian alphabetical order; empty where nobody has.
        """
        after = self._reached(code, day, [(each.predecessor, each.successor) for each in self.successions])
        before = self._reached(code, day, [(each.successor, each.predecessor) for each in self.successions])
        found = after or before
        return tuple(each for each in self.in_order if each.code in found)

    def _reached(self, code: str, day: date, steps: Sequence[tuple[str, str]]) -> frozenset[str]:
        """Those that exist on that day, by steps that all lead later or all earlier."""
        there = self.municipality(code)
        if there is not None and day in there.period:
            return frozenset({code})
        return frozenset[str]().union(*(self._reached(to, day, steps) for source, to in steps if source == code))

    def heir_on(self, code: str, place: str | None, day: date) -> Municipality | None:
        """Who has what was the municipality's: its main successor, or of a split one the part in which `place` lies."""
        parts = {self.successor_on(each.successor, day) for each in self.successions if each.predecessor == code}
        there = None if place is None else self.successor_on(place, day)
        return there if there is not None and len(parts) > 1 and there in parts else self.successor_on(code, day)

    def predecessor_on(self, code: str, day: date) -> Municipality | None:
        """Itself since it began, before that its main predecessor then; None where several merged as equals."""
        return self._follow(code, day, self._main_predecessors)

    def _follow(self, code: str, day: date, chain: Mapping[str, str]) -> Municipality | None:
        # A chain has no circle: each step moves to a municipality that ended later (began earlier) than the last one.
        current: str | None = code
        while current is not None:
            municipality = self.municipality(current)
            if municipality is None or day in municipality.period:
                return municipality
            current = chain.get(current)
        return None

    @cached_property
    def _by_code(self) -> dict[str, Municipality]:
        return {each.code: each for each in self.municipalities}

    @cached_property
    def _main_successors(self) -> dict[str, str]:
        return {each.predecessor: each.successor for each in self.successions if each.is_main_successor}

    @cached_property
    def _main_predecessors(self) -> dict[str, str]:
        return {each.successor: each.predecessor for each in self.successions if each.is_main_predecessor}

    @cached_property
    def in_order(self) -> tuple[Municipality, ...]:
        """All municipalities of all times in Latvian alphabetical order."""
        return tuple(sorted(self.municipalities, key=lambda each: each.sort_key))

    @cached_property
    def _regions(self) -> dict[tuple[RegionScheme, str], Region]:
        return {(region.scheme, region.code): region for region in self.regions}

    @cached_property
    def _memberships(self) -> dict[tuple[str, RegionScheme], tuple[RegionMembership, ...]]:
        index: dict[tuple[str, RegionScheme], tuple[RegionMembership, ...]] = {}
        for each in self.memberships:
            key = (each.municipality, each.scheme)
            index[key] = (*index.get(key, ()), each)
        return index
