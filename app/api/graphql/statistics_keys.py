"""The key of a group with names for its codes, from reference data."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.api.graphql.labels import InstitutionLabel, Label, semester
from app.api.graphql.statistics_types import StatisticsKey
from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED, RegionScheme
from app.domain.statistics.answer import InstitutionName, Key
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import Coding, Dimension, DimensionDefinition

_NO_REGION = Label(code=UNASSIGNED, name_lv="bez reģiona", name_en="no region")
_Named = Callable[[Any], object]


class KeyNames:
    """Of the groups by these dimensions."""

    def __init__(self, by: Sequence[Dimension], scheme: RegionScheme, reference: ReferenceData) -> None:
        self._scheme = scheme
        self._reference = reference
        self._names = [(dimension.lower(), self._name_of(DIMENSIONS[dimension])) for dimension in by]

    def of(self, key: Key) -> StatisticsKey:
        parts: dict[str, Any] = {
            field: None if value is None else name(value) for (field, name), value in zip(self._names, key, strict=True)
        }
        return StatisticsKey(**parts)

    def _name_of(self, definition: DimensionDefinition) -> _Named:
        of: Mapping[Coding, Callable[[], _Named]] = {
            Coding.CODE_LIST: lambda: self._labels(definition.code_list or "").__getitem__,
            Coding.REGION: lambda: self._region,
            Coding.MUNICIPALITY: lambda: self._municipality,
            Coding.INSTITUTION: lambda: _institution,
            Coding.SEMESTER: lambda: {str(each): semester(each) for each in self._reference.semesters}.__getitem__,
            Coding.SCHOOL_YEAR: lambda: str,
            Coding.NUMBER: lambda: int,
            Coding.YES_OR_NO: lambda: bool,
        }
        return of[definition.coding]()

    def _labels(self, code_list: str) -> dict[str, Label]:
        return {
            code.code: Label(code=code.code, name_lv=code.name_lv, name_en=code.name_en)
            for code in self._reference.code_lists[code_list]
        }

    def _region(self, code: str) -> Label:
        region = self._reference.geography.region(self._scheme, code)
        return _NO_REGION if region is None else Label(code=code, name_lv=region.name_lv, name_en=region.name_en)

    def _municipality(self, code: str) -> Label | None:
        place = self._reference.geography.municipality(code)
        return None if place is None else Label(code=code, name_lv=place.name_lv, name_en=place.name_en)


def _institution(name: InstitutionName) -> InstitutionLabel:
    return InstitutionLabel(id=name.id, name=name.name, kind=name.kind)
