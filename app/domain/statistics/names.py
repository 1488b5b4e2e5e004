"""What the codes of a dimension are called, in both languages, from reference data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED, RegionScheme
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
        known: Mapping[Coding, Callable[[], Name | None]] = {
            Coding.CODE_LIST: lambda: self._of_list(DIMENSIONS[dimension].code_list or "", str(code)),
            Coding.REGION: lambda: NO_REGION if code == UNASSIGNED else self._region(str(code)),
            Coding.MUNICIPALITY: lambda: self._municipality(str(code)),
            Coding.YES_OR_NO: lambda: YES if code else NO,
        }
        name = known.get(DIMENSIONS[dimension].coding, lambda: None)()
        return Name(lv=str(code), en=str(code)) if name is None else name

    def _of_list(self, code_list: str, code: str) -> Name | None:
        found = self.reference.code_lists[code_list].find(code)
        return None if found is None else Name(lv=found.name_lv, en=found.name_en)

    def _region(self, code: str) -> Name | None:
        found = self.reference.geography.region(self.scheme, code)
        return None if found is None else Name(lv=found.name_lv, en=found.name_en)

    def _municipality(self, code: str) -> Name | None:
        found = self.reference.geography.municipality(code)
        return None if found is None else Name(lv=found.name_lv, en=found.name_en)
