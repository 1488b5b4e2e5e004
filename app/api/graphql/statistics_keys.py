"""The key of a group with names for its codes, from reference data."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from app.api.graphql.labels import InstitutionLabel, Label, semester
from app.api.graphql.statistics_types import StatisticsKey
from app.domain.calendar import Semester
from app.domain.reference import ReferenceData
from app.domain.regions import RegionScheme
from app.domain.statistics.answer import InstitutionName, Key
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import Coding, Dimension
from app.domain.statistics.names import Names

_Named = Callable[[Any], object]


class KeyNames:
    """Of the groups by these dimensions."""

    def __init__(self, by: Sequence[Dimension], scheme: RegionScheme, reference: ReferenceData) -> None:
        names = Names(reference=reference, scheme=scheme)
        self._names = [(each.lower(), _named(each, names)) for each in by]

    def of(self, key: Key) -> StatisticsKey:
        parts: dict[str, Any] = {
            field: None if value is None else name(value) for (field, name), value in zip(self._names, key, strict=True)
        }
        return StatisticsKey(**parts)


def _named(dimension: Dimension, names: Names) -> _Named:
    """Each code is named once, in however many groups it is."""
    return cache(_OF_CODINGS.get(DIMENSIONS[dimension].coding) or _labelled(dimension, names))


def _labelled(dimension: Dimension, names: Names) -> _Named:
    def label(code: str) -> Label:
        name = names.of(dimension, code)
        return Label(code=code, name_lv=name.lv, name_en=name.en)

    return label


def _institution(name: InstitutionName) -> InstitutionLabel:
    return InstitutionLabel(id=name.id, name=name.name, kind=name.kind)


def _semester(code: str) -> object:
    return semester(Semester.parse(code))


_OF_CODINGS: Final[Mapping[Coding, _Named]] = {
    Coding.INSTITUTION: _institution,
    Coding.SEMESTER: _semester,
    Coding.SCHOOL_YEAR: str,
    Coding.NUMBER: int,
    Coding.YES_OR_NO: bool,
}
"""Everything else has a code and names."""
