"""The one catalogue of statistics: from it come the GraphQL schema's words, what is valid, and what an answer says of itself."""

from collections.abc import Collection, Iterator

from app.domain.statistics.definitions import Dimension, DimensionDefinition, Grain, Measure, MeasureDefinition
from app.domain.statistics.dimensions import DIMENSIONS
from app.domain.statistics.measures import MEASURES

__all__ = ["DIMENSIONS", "MEASURES", "definitions", "grains"]


def definitions(
    measures: Collection[Measure], dimensions: Collection[Dimension]
) -> Iterator[MeasureDefinition | DimensionDefinition]:
    """Of what was asked, in the order of the catalogue: measures first."""
    yield from (each for code, each in MEASURES.items() if code in measures)
    yield from (each for code, each in DIMENSIONS.items() if code in dimensions)


def grains(measures: Collection[Measure]) -> frozenset[Grain]:
    return frozenset(MEASURES[each].grain for each in measures)
