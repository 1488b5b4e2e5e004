"""The domain's own enumerations with the words that GraphQL needs. Import them from here: a type that met one before is refused."""

from enum import EnumMeta
from typing import Any

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.regions import RegionScheme
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import Dimension, MeasureUnit
from app.domain.statistics.query import Borders

__all__ = ["Borders", "DeliveryMode", "Dimension", "InstitutionKind", "MeasureUnit", "RegionScheme"]


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
_describe_values(Dimension, {each: definition.definition_en for each, definition in DIMENSIONS.items()})
strawberry.enum(MeasureUnit, description="TEACHING_HOUR is 40 minutes; EUR has two decimals; the others are counts.")
strawberry.enum(
    Borders,
    name="Geography",
    description="In which borders. AT_THE_TIME: a plan and all that hangs on it belongs to where its institution lay on the"
    " plan's first day; a participation to where it lay on the first day asked.",
)
