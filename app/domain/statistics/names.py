"""What the codes of a dimension are called, in both languages, from reference data."""

from dataclasses import dataclass
from typing import Final

from app.domain.code_lists import Code
from app.domain.municipalities import Municipality
from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED, Region, RegionScheme
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.conditions import CodeValue
from app.domain.statistics.definitions import Coding, Dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    lv: str
    en: str


YES: Final = Name(lv="jā", en="yes")
NO: Final = Name(lv="nē", en="no")
NO_REGION: Final = Name(lv="bez reģiona", en="no region")
NAMED: Final = frozenset({Coding.CODE_LIST, Coding.REGION, Coding.MUNICIPALITY, Coding.INSTITUTION})
"""Codes that have a name beside them. Times and numbers are called as they are written, and institutions by a name that is no code's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    reference: ReferenceData
    scheme: RegionScheme

    def of(self, dimension: Dimension, code: CodeValue) -> Name:
        """As it is written where it has no name of its own: times, numbers, and institutions, whose names are not reference data."""
        definition, written = DIMENSIONS[dimension], str(code)
        found: Code | Region | Municipality | None = None
        match definition.coding:
            case Coding.YES_OR_NO:
                return YES if code else NO
            case Coding.REGION if code == UNASSIGNED:
                return NO_REGION
            case Coding.REGION:
                found = self.reference.geography.region(self.scheme, written)
            case Coding.MUNICIPALITY:
                found = self.reference.geography.municipality(written)
            case Coding.CODE_LIST:
                found = self.reference.code_lists[definition.code_list or ""].find(written)
            case _:
                pass
        return Name(lv=written, en=written) if found is None else Name(lv=found.name_lv, en=found.name_en)
