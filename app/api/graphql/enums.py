"""The domain's own enumerations with the words that GraphQL needs. Import them from here: a type that met one before is refused."""

from enum import EnumMeta
from typing import Any

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.regions import RegionScheme
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import Dimension, MeasureUnit

__all__ = ["DeliveryMode", "Dimension", "InstitutionKind", "MeasureUnit", "RegionScheme"]


_NOT_ANSWERED_YET = frozenset(
    {
        Dimension.RISK_RESULT,
        Dimension.SCHOOL_YEAR_RESULT,
        Dimension.MINORITY_PROGRAMME,
        Dimension.SPECIAL_NEED,
        Dimension.RETURNED_EMIGRANT,
    }
)


def _describe_values(enum: EnumMeta, descriptions: dict[Any, str]) -> None:
    definition: StrawberryEnumDefinition = enum.__strawberry_definition__  # type: ignore[attr-defined]  # set by strawberry.enum
    for value in definition.values:
        value.description = descriptions[value.value]


strawberry.enum(InstitutionKind, description="GENERAL or VOCATIONAL education.")
strawberry.enum(DeliveryMode, description="How a consultation was delivered.")
strawberry.enum(
    RegionScheme,
    description="Which regions: the planning regions, or the statistical regions of NUTS 2021 (until 2023-12-31) or NUTS 2024.",
)
strawberry.enum(Dimension, description="By what figures are grouped.")
_answered: StrawberryEnumDefinition = Dimension.__strawberry_definition__  # type: ignore[attr-defined]  # set by strawberry.enum
_answered.values = [each for each in _answered.values if each.value not in _NOT_ANSWERED_YET]
_describe_values(Dimension, {each: definition.definition_en for each, definition in DIMENSIONS.items()})
strawberry.enum(MeasureUnit, description="TEACHING_HOUR is 40 minutes; EUR has two decimals; the others are counts.")
