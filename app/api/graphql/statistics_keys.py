"""The key of a group with names for its codes, from reference data."""

from collections.abc import Callable
from typing import Any

from app.api.graphql.labels import InstitutionLabel, Label, semester
from app.api.graphql.statistics_types import StatisticsKey
from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED
from app.domain.statistics.answer import InstitutionName, Key
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import Dimension
from app.domain.statistics.query import Query

_NO_REGION = Label(code=UNASSIGNED, name_lv="bez reģiona", name_en="no region")


class KeyNames:
    """Of one answer."""

    def __init__(self, query: Query, reference: ReferenceData) -> None:
        self._reference = reference
        self._scheme = query.scheme
        self._semesters = (
            {str(each): semester(each) for each in reference.semesters} if Dimension.SEMESTER in query.by else {}
        )
        self._names = [(dimension.lower(), self._name_of(dimension)) for dimension in query.by]

    def of(self, key: Key) -> StatisticsKey:
        parts: dict[str, Any] = {
            field: None if value is None else name(value) for (field, name), value in zip(self._names, key, strict=True)
        }
        return StatisticsKey(**parts)

    def _name_of(self, dimension: Dimension) -> Callable[[Any], object]:
        own: dict[Dimension, Callable[[Any], object]] = {
            Dimension.REGION: self._region,
            Dimension.MUNICIPALITY: self._municipality,
            Dimension.INSTITUTION: _institution,
            Dimension.SEMESTER: self._semesters.__getitem__,
            Dimension.SCHOOL_YEAR: str,
            Dimension.INSTITUTION_KIND: InstitutionKind,
            Dimension.GRADE: int,
            Dimension.DELIVERY_MODE: DeliveryMode,
        }
        if dimension in own:
            return own[dimension]
        code_list = DIMENSIONS[dimension].code_list
        assert code_list is not None  # noqa: S101 - what is not above is of a code list: a test asks by every dimension
        return {
            code.code: Label(code=code.code, name_lv=code.name_lv, name_en=code.name_en)
            for code in self._reference.code_lists[code_list]
        }.__getitem__

    def _region(self, code: str) -> Label:
        region = self._reference.geography.region(self._scheme, code)
        return _NO_REGION if region is None else Label(code=code, name_lv=region.name_lv, name_en=region.name_en)

    def _municipality(self, code: str) -> Label | None:
        place = self._reference.geography.municipality(code)
        return None if place is None else Label(code=code, name_lv=place.name_lv, name_en=place.name_en)


def _institution(name: InstitutionName) -> InstitutionLabel:
    return InstitutionLabel(id=name.id, name=name.name, kind=name.kind)
