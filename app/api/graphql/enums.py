"""The domain's own enumerations with the words that GraphQL needs. Import them from here: a type that met one before is refused."""

from enum import EnumMeta, StrEnum
from typing import Any

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.outcomes import Result, YearResult
from app.domain.regions import RegionScheme
from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Dimension, Measure, MeasureUnit
from app.domain.statistics.query import Comparison, Direction

__all__ = [
    "Attribute",
    "Comparison",
    "DeliveryMode",
    "Dimension",
    "Direction",
    "Figure",
    "InstitutionKind",
    "Level",
    "Measure",
    "MeasureUnit",
    "RegionScheme",
    "Result",
    "StatisticsSource",
    "YearResult",
]


class StatisticsSource(StrEnum):
    EXACT = "EXACT"
    RELEASES = "RELEASES"


def _describe_values(enum: EnumMeta, descriptions: dict[Any, str]) -> None:
    definition: StrawberryEnumDefinition = enum.__strawberry_definition__  # type: ignore[attr-defined]  # set by strawberry.enum
    for value in definition.values:
        value.description = descriptions[value.value]


strawberry.enum(InstitutionKind, description="GENERAL or VOCATIONAL education.")
strawberry.enum(DeliveryMode, description="How a consultation was delivered.")
strawberry.enum(Result, description="What became of a risk.")
strawberry.enum(YearResult, description="How a student's school year ended.")
strawberry.enum(
    RegionScheme,
    description="Which regions: the planning regions, or the statistical regions of NUTS 2021 (until 2023-12-31) or NUTS 2024.",
)
strawberry.enum(Dimension, description="By what figures are grouped.")
_describe_values(Dimension, {each: definition.definition_en for each, definition in DIMENSIONS.items()})
strawberry.enum(Measure, description="What is counted or added up. Each is a field of the figures.")
_describe_values(Measure, {each: definition.definition_en for each, definition in MEASURES.items()})
strawberry.enum(
    MeasureUnit,
    description="TEACHING_HOUR is 40 minutes; EUR has two decimals; SHARE lies from 0 to 1; the others are counts.",
)
strawberry.enum(
    Comparison,
    description="Which period figures are compared with: the semester before; or the school year before, of a semester the same semester"
    " one year earlier.",
)
strawberry.enum(
    Direction, description="From low to high, or from high to low. What there is none of is last either way."
)
strawberry.enum(StatisticsSource, description="Whether figures are exact, or from releases, with noise.")
strawberry.enum(Figure, name="ReleaseFigure", description="What a release has figures of.")
strawberry.enum(Level, name="ReleaseLevel", description="Of what places a table of a release is.")
strawberry.enum(Attribute, name="ReleaseAttribute", description="By what a table of a release is broken down.")
