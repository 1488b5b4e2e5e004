"""The cells of one semester's release: what everybody knows beforehand, from reference data alone and never from the register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import prod
from typing import Self

from app.domain.calendar import Semester
from app.domain.periods import Period
from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED, RegionScheme
from app.domain.releases.attributes import Attribute, Code, Key, Level
from app.domain.statistics.rules import GRADES

CODE_LISTS: dict[Attribute, str] = {
    Attribute.RISK: "risks",
    Attribute.RISK_GROUP: "risk-groups",
    Attribute.SUPPORT_MEASURE: "support-measures",
    Attribute.RISK_RESULT: "results",
    Attribute.INSTITUTION_KIND: "institution-kinds",
    Attribute.SCHOOL_YEAR_RESULT: "year-results",
    Attribute.SPECIAL_NEED: "special-needs",
}
WITHOUT = frozenset({Attribute.RISK_RESULT, Attribute.SCHOOL_YEAR_RESULT, Attribute.SPECIAL_NEED})
"""Attributes that a student may have no code of."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Of the state both are None, of a region its municipality is."""

    region: str | None = None
    municipality: str | None = None

    @property
    def level(self) -> Level:
        if self.municipality is not None:
            return Level.MUNICIPALITY
        return Level.STATE if self.region is None else Level.REGION


STATE = Place()
NOWHERE = Place(UNASSIGNED, UNASSIGNED)


@dataclass(frozen=True, kw_only=True)  # not slotted: the indexes below are cached in the instance
class Lattice:
    """`regions` are planning regions with their municipalities; whatever lies in none is in one more, UNASSIGNED. `groups` of risks."""

    semester: Semester
    regions: Mapping[str, tuple[str, ...]]
    codes: Mapping[Attribute, tuple[Code, ...]]
    groups: Mapping[str, str]

    @classmethod
    def of(cls, semester: Semester, reference: ReferenceData) -> Self:
        """Municipalities of any day of the semester, each in its region of the last of its days; codes that had begun by
        its end, for records go on under a code that has ended since.
        """
        regions: dict[str, list[str]] = {}
        geography = reference.geography
        for each in sorted(geography.municipalities, key=lambda municipality: municipality.code):
            if each.period.overlaps(semester.period):
                last = _last(each.period, semester)
                region = geography.region_of(each.code, RegionScheme.PLANNING, last)
                regions.setdefault(UNASSIGNED if region is None else region.code, []).append(each.code)
        regions.setdefault(UNASSIGNED, []).append(UNASSIGNED)
        return cls(
            semester=semester,
            regions={region: tuple(municipalities) for region, municipalities in sorted(regions.items())},
            codes={attribute: _codes(attribute, semester, reference) for attribute in Attribute},
            groups={each.code: each.group for each in reference.code_lists["risks"]},
        )

    @cached_property
    def places(self) -> dict[str, Place]:
        """The lowest place of each municipality."""
        return {
            municipality: Place(region, municipality) for region, each in self.regions.items() for municipality in each
        }

    def at(self, level: Level) -> tuple[Place, ...]:
        match level:
            case Level.STATE:
                return (STATE,)
            case Level.REGION:
                return tuple(Place(region) for region in self.regions)
            case Level.MUNICIPALITY:
                return tuple(self.places.values())

    def children(self, place: Place) -> tuple[Place, ...]:
        """The places that it is made of; a municipality is made of none."""
        match place.level:
            case Level.STATE:
                return self.at(Level.REGION)
            case Level.REGION:
                return tuple(Place(place.region, each) for each in self.regions[place.region or UNASSIGNED])
            case Level.MUNICIPALITY:
                return ()

    def parent(self, place: Place) -> Place | None:
        """The place that it is a part of; the state is a part of none."""
        match place.level:
            case Level.STATE:
                return None
            case Level.REGION:
                return STATE
            case Level.MUNICIPALITY:
                return Place(place.region)

    @cached_property
    def numbers(self) -> dict[Attribute, int]:
        """Of codes, by attribute."""
        return {each: len(codes) for each, codes in self.codes.items()}

    def sizes(self, attributes: tuple[Attribute, ...]) -> tuple[int, ...]:
        return tuple(len(self.codes[each]) for each in attributes)

    def size(self, attributes: tuple[Attribute, ...]) -> int:
        """How many cells a table by these attributes has at one place."""
        return prod(self.sizes(attributes))

    def strides(self, attributes: tuple[Attribute, ...]) -> tuple[tuple[Attribute, int], ...]:
        """How far apart the cells of neighbouring codes lie."""
        sizes = self.sizes(attributes)
        return tuple((each, prod(sizes[index + 1 :])) for index, each in enumerate(attributes))

    def keys(self, attributes: tuple[Attribute, ...]) -> list[Key]:
        """In the order of cells: the last attribute changes first."""
        keys: list[Key] = [()]
        for attribute in attributes:
            keys = [(*key, (attribute, code)) for key in keys for code in self.codes[attribute]]
        return keys

    def position(self, attribute: Attribute, code: Code) -> int:
        """Raises KeyError where the semester had no such code."""
        return self._positions[attribute][code]

    @cached_property
    def _positions(self) -> dict[Attribute, dict[Code, int]]:
        return {each: {code: index for index, code in enumerate(codes)} for each, codes in self.codes.items()}


def _last(period: Period, semester: Semester) -> date:
    return semester.end if period.end is None else min(period.end, semester.end)


def _codes(attribute: Attribute, semester: Semester, reference: ReferenceData) -> tuple[Code, ...]:
    without: tuple[Code, ...] = (None,) if attribute in WITHOUT else ()
    if attribute is Attribute.GRADE:
        return tuple(GRADES)
    if attribute not in CODE_LISTS:
        return False, True
    codes = reference.code_lists[CODE_LISTS[attribute]]
    return (*(each.code for each in codes if each.period.start <= semester.end), *without)
